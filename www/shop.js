import { picture } from "./art.js";
import { busy, byId, h, put, write } from "./dom.js";
import { AnswerError, sentence, superseded } from "./errors.js";
import { money } from "./money.js";

/** The product list. Its prices depend on who asks, so it is asked again whenever that changes. */
export class Shop {
  #session;
  #who;
  #cart;
  #market;
  #grid = byId("product-grid");
  #shown = [];

  constructor({ session, who, cart, market }) {
    this.#session = session;
    this.#who = who;
    this.#cart = cart;
    this.#market = market;
    put(this.#grid, ...Array.from({ length: 8 }, skeleton));
  }

  async load() {
    const { identity } = this.#session.getSnapshot();
    this.#grid.setAttribute("aria-busy", "true");
    try {
      const answer = await this.#session.fetch("/product/acme/products");
      if (!answer.ok) throw new AnswerError("The products did not come", answer.status);
      const products = await answer.json();
      const snapshot = this.#session.getSnapshot();
      if (snapshot.identity !== identity) return;
      this.#show(products);
      this.describe();
    } catch (error) {
      if (superseded(error)) return;
      this.#fail(error);
      throw error;
    } finally {
      if (identity === this.#session.getSnapshot().identity) this.#grid.removeAttribute("aria-busy");
    }
  }

  /** Whose prices these are. Said again when a name becomes known. */
  describe() {
    if (this.#shown.length > 0) write(byId("prices-for"), pricesOf(this.#session.getSnapshot(), this.#who));
  }

  #show(products) {
    const former = new Map(this.#shown.map((product) => [product.id, product.price.amount]));
    this.#shown = products.map(normal);
    this.#market.show(this.#shown[0]?.price.currency);
    const focused = document.activeElement?.closest?.("[data-product]")?.dataset.product;
    put(
      this.#grid,
      h(
        "ul",
        { class: "grid" },
        this.#shown.map((product) =>
          this.#card(product, former.has(product.id) && former.get(product.id) !== product.price.amount),
        ),
      ),
    );
    if (focused) this.#grid.querySelector(`[data-product="${CSS.escape(focused)}"] button`)?.focus();
  }

  #card(product, changed) {
    const button = h(
      "button",
      {
        type: "button",
        "data-testid": "add-to-cart",
        onclick: () => busy(button, () => this.#cart.add(product)),
      },
      "Add to cart",
      h("span", { class: "hidden" }, `: ${product.name}`),
    );
    return h(
      "li",
      { class: "product", "data-testid": "product", "data-product": product.id },
      picture(product.id),
      h(
        "div",
        { class: "product-text" },
        h("h3", {}, product.name),
        product.description && h("p", { class: "muted" }, product.description),
      ),
      h(
        "div",
        { class: "product-foot" },
        h(
          "span",
          { class: changed ? "price changed" : "price", "data-testid": "price" },
          money(product.price.amount, product.price.currency),
        ),
        button,
      ),
    );
  }

  #fail(error) {
    this.#shown = [];
    const again = h(
      "button",
      { type: "button", class: "quiet", onclick: () => busy(again, () => this.load().catch(() => {})) },
      "Try again",
    );
    put(this.#grid, h("div", { class: "empty", "data-testid": "products-error" }, h("p", {}, sentence(error)), again));
  }
}

const skeleton = () => h("div", { class: "skeleton", "aria-hidden": "true" });

/** One shape for what catalogues answer: names may be localised. */
function normal(product) {
  return {
    id: product.id,
    name: localized(product.name) ?? product.code ?? product.id,
    description: localized(product.description),
    yrn: product.yrn,
    price: {
      id: product.price?.priceId,
      amount: product.price?.effectiveAmount,
      currency: product.price?.currency ?? "EUR",
    },
  };
}

const localized = (text) => (typeof text === "object" && text !== null ? (text.en ?? Object.values(text)[0]) : text);

function pricesOf({ kind, legalEntityId }, who) {
  if (kind !== "customer") return "Prices for guests";
  return legalEntityId === undefined ? "Prices for private customers" : `Prices for ${who.company(legalEntityId)}`;
}
