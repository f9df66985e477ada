import { after, attempt } from "./answer.js";
import { Carts } from "./carts.js";
import { keepChoice, lastChoice } from "./choice.js";
import { Companies } from "./companies.js";
import { isSendable } from "./text.js";

/**
 * What a session does for its customer beside tokens: the companies, the one to begin with, the cart. Only who asks for one of
 * them loads this. Each change of tokens is the core's, under its lock; a failure here takes nothing back of it.
 */
export class Customer {
  #options;
  #ask;
  #snapshot;
  #inTurn;
  #companies;
  #carts;
  /** Whether the page has chosen a company since the login began. */
  #hasChosen = false;

  /** `ask`, `snapshot` and `inTurn` are the core's. */
  constructor(options, ask, snapshot, inTurn) {
    this.#options = options;
    this.#ask = ask;
    this.#snapshot = snapshot;
    this.#inTurn = inTurn;
    const inquire = async (path, body, identity) => (await ask("inquire", [path, identity, body], "more")).body;
    const note = (identity, cart) => ask("note", [identity, cart]);
    this.#companies = new Companies(options, { inquire, snapshot });
    if (options.mergeCart) this.#carts = new Carts(options, { inquire, note, snapshot });
  }

  legalEntities = (paging) => this.#companies.list(paging);

  login = async (credentials) => this.#signIn("login", [checked(credentials)]);

  /** As `npm/adopt.js` gives them. */
  adopt = (tokens, legalEntityId, ...how) => this.#signIn("adopt", [tokens, legalEntityId, ...how], legalEntityId);

  async #signIn(method, values, company) {
    const { timeoutMs } = this.#options;
    const before = this.#snapshot();
    // What is asked beside the login must not use its time up.
    const isOver = bound(timeoutMs * 0.8);
    if (before.kind === "anonymous") await this.#inTurn(Promise.race([this.#carts?.findGuests().catch(() => {}), bound(timeoutMs / 4)]));
    this.#hasChosen = false;
    await this.#ask(method, values);
    if (this.#snapshot().identity !== before.identity) await Promise.race([this.#begin(company), isOver]);
  }

  switchLegalEntity = async (id, verify) => {
    const { identity } = this.#snapshot();
    this.#hasChosen = true;
    await this.#ask("switchLegalEntity", [id, verify]);
    if (this.#options.company === "restore") await keepChoice(this.#options, id);
    if (this.#snapshot().identity !== identity) await Promise.race([this.#settleCart(), bound(this.#options.timeoutMs / 4)]);
  };

  /** Something is changed at this address: where it is the session's context, it may be another site's afterwards. */
  changeContext = async (input, answer) => {
    if (/\/me\/context(\?|$)/.test(input.url ?? input)) await this.#carts?.changeSite(answer);
  };

  /** What follows a login: the company first, because each has a cart of its own. */
  async #begin(company) {
    if (this.#options.company !== "none") await this.#chooseCompany(company).catch(() => {});
    await this.#settleCart();
  }

  #settleCart = () => this.#carts?.settle().catch(() => {});

  /** `chosen` is the company that the page has named, where it has. */
  async #chooseCompany(chosen) {
    const { identity, legalEntityId } = this.#snapshot();
    // Tokens that were taken over may speak for one.
    if (legalEntityId) return;
    // The visitor may have chosen meanwhile, here or in another tab.
    const isOpen = () => !this.#hasChosen && this.#snapshot().identity === identity;
    if (!chosen) {
      const ids = await this.#companies.list().then(
        (list) => list.map(({ id }) => id),
        () => undefined,
      );
      if (ids?.length === 0) return;
      if (ids && this.#options.company === "restore") chosen = await lastChoice(this.#options, ids);
      if (ids?.length === 1) chosen = ids[0];
    }
    if (chosen !== undefined && isOpen()) await this.#ask("switchLegalEntity", [chosen]).catch(() => {});
    if (isOpen()) await this.#ask("note", [identity, "needed"]);
  }
}

/** What the core would refuse is refused before the cart is asked for. */
function checked(credentials) {
  const read = {};
  for (const [field, form] of Object.entries({ email: /\S/, password: /./s })) {
    const text = attempt(() => credentials[field]);
    if (!isSendable(text) || !form.test(text)) throw { code: "invalid_argument", message: `${field} must be a text that is not empty`, field };
    read[field] = text;
  }
  return read;
}

/** For no longer than that. */
const bound = (time) => new Promise((resolve) => after(time, resolve));
