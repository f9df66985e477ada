import { byId, h, put } from "./dom.js";
import { sentence } from "./errors.js";
import { entry } from "./storefront-session.js";

const CURRENCIES = [
  ["EUR", "Euro"],
  ["USD", "US dollar"],
];
const SITES = [
  ["main", "Harbour Store"],
  ["outlet", "Harbour Outlet"],
];
const PLACE = "demo-site";

/** Where one buys, and in which currency: the session's context, upon which prices and cart depend. */
export class Market {
  #session;
  #status;
  #onChange;
  #currency;
  #site;

  /** `onChange` is called with what was chosen, and with what must be read anew. */
  constructor({ session, status, onChange }) {
    this.#session = session;
    this.#status = status;
    this.#onChange = onChange;
    this.#currency = this.#select("currency", "Currency", CURRENCIES);
    this.#site = this.#select("siteCode", "Shop", SITES);
    put(byId("market"), this.#currency.element, this.#site.element);
    this.#site.select.value = this.site;
  }

  /** The site of this session; a new session begins at the first. */
  get site() {
    const [sessionId, site] = recall();
    return sessionId !== undefined && sessionId === this.#session.getSnapshot().sessionId ? site : SITES[0][0];
  }

  /** What the products' prices are in. */
  show(currency) {
    if (CURRENCIES.some(([code]) => code === currency)) this.#currency.select.value = currency;
    this.#site.select.value = this.site;
  }

  #select(field, label, options) {
    const select = h(
      "select",
      { id: `market-${field}`, "data-testid": `market-${field}`, onchange: () => this.#choose(field, select) },
      options.map(([value, text]) => h("option", { value }, text)),
    );
    return { select, element: h("div", { class: "field" }, h("label", { for: `market-${field}` }, label), select) };
  }

  async #choose(field, select) {
    try {
      const { updateContext } = await entry("context");
      const change = await updateContext(this.#session, { [field]: select.value });
      if (field === "siteCode") remember(change.sessionId, select.value);
      await this.#onChange({ [field]: select.value, ...change });
    } catch (error) {
      this.#status.say(sentence(error), "bad");
      this.show();
    }
  }
}

/** By the session, which the context belongs to. */
function remember(...place) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(place));
  } catch {
    // Then the next page begins at the first site.
  }
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? [];
  } catch {
    return [];
  }
}
