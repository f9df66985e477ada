import { busy, byId, h, put, write } from "./dom.js";
import { AnswerError, sentence, superseded } from "./errors.js";
import { line, table } from "./lines.js";

const MISSING = "The cart did not come";
const MERGED = {
  merged: ["What you had put in the cart as a guest is in your own cart now.", "good"],
  merge_failed: ["What you had put in the cart as a guest could not be put into your own; it is kept.", "bad"],
};

/**
 * The cart of whoever is here: the guest's belongs to the session, a customer's to the customer, a company's to the
 * company. The session merges the guest's into the customer's (`mergeCart`), and tells which it is.
 */
export class Cart {
  #session;
  #who;
  #status;
  #tabs;
  #site;
  #onShown;
  #body = byId("cart-body");
  #cart;
  #finding;
  #loading;
  #isMerging = false;

  /** `site` gives the site's code; `onShown` is called when another cart is shown, or the same with something else in it. */
  constructor({ session, who, status, tabs, site, onShown }) {
    this.#site = site;
    this.#onShown = onShown;
    this.#session = session;
    this.#who = who;
    this.#status = status;
    this.#tabs = tabs;
    tabs.listen({ cart: () => this.load().catch(() => {}) });
    session.subscribe((event) => this.#hear(event));
    this.#show();
  }

  async load(id = this.id) {
    const { identity } = this.#session.getSnapshot();
    const loading = this.#fetchCart(id);
    this.#loading = loading;
    try {
      const cart = await loading;
      // Only the last that was asked for is shown.
      if (this.#stale(identity) || this.#loading !== loading) return;
      this.#adopt(cart);
    } catch (error) {
      if (superseded(error)) return;
      this.#fail(error);
      throw error;
    }
  }

  /** After a login the guest's cart is still to be merged, until an event says what has come of it. */
  #hear({ type, reason, origin, snapshot, previous }) {
    const { identity, kind, cartId } = snapshot;
    if (identity !== previous.identity) this.#isMerging = kind === "customer" && cartId !== undefined;
    if (type !== "cart") return;
    const wasMerging = this.#isMerging;
    this.#isMerging = false;
    if (origin === "local" && MERGED[reason]) this.#status.say(...MERGED[reason]);
    if (cartId && (wasMerging || cartId !== this.id)) this.load(cartId).catch(() => {});
  }

  /** The shown cart's id, or the one that the session knows of before any is shown. */
  get id() {
    const { identity, cartId } = this.#session.getSnapshot();
    return this.#cart?.identity === identity ? this.#cart.id : cartId;
  }

  /** Another site has another cart. */
  changeSite() {
    const { identity } = this.#session.getSnapshot();
    this.#cart = { items: [], identity };
  }

  /** Whether there is something to be bought. */
  get isFilled() {
    return !this.#isMerging && this.#cart?.items.length > 0;
  }

  /** A cart has one currency: the new one's prices take the place of the old one's. */
  async changeCurrency(currency) {
    if (this.#cart?.id) await this.#ask("The currency could not be changed", this.#path("changeCurrency"), { currency });
  }

  async add(product) {
    const { identity } = this.#session.getSnapshot();
    try {
      if (!this.#cart?.id || this.#cart.identity !== identity) this.#adopt(await this.#fetchCart());
      await this.#ask("The product could not be added", `${this.#path("items")}?siteCode=${this.#site()}`, {
        itemYrn: product.yrn,
        price: {
          priceId: product.price.id,
          originalAmount: product.price.amount,
          effectiveAmount: product.price.amount,
          currency: product.price.currency,
        },
        quantity: 1,
      });
      this.#status.say(`${product.name} is in the cart.`);
      await this.load();
      this.#tabs.tell("cart");
    } catch (error) {
      this.#status.say(sentence(error), "bad");
    }
  }

  /** No fewer than none: the last one less takes the product out. */
  async #change(item, quantity) {
    const path = this.#path(`items/${encodeURIComponent(item.id)}`);
    try {
      if (quantity > 0) {
        await this.#ask(
          "The quantity could not be changed",
          path,
          { itemYrn: item.yrn, price: item.price, quantity },
          "PUT",
        );
      } else {
        await this.#ask("The product could not be removed", path, undefined, "DELETE");
        this.#status.say(`${item.name} is no longer in the cart.`);
      }
      await this.load();
      this.#tabs.tell("cart");
    } catch (error) {
      this.#status.say(sentence(error), "bad");
    }
  }

  #path(rest) {
    return `/cart/acme/carts/${encodeURIComponent(this.#cart.id)}/${rest}`;
  }

  /** The cart with this id; where there is none any more, the one of this site and company. */
  async #fetchCart(id = this.id) {
    if (id === undefined) return this.#find();
    const cart = await this.#ask(MISSING, `/cart/acme/carts/${encodeURIComponent(id)}`).catch((error) => {
      if (error.status !== 404) throw error;
    });
    return cart === undefined || cart.status === "CLOSED" ? this.#find() : cart;
  }

  /** Two at once would ask the platform to create two. */
  #find() {
    const { identity, legalEntityId } = this.#session.getSnapshot();
    const query = new URLSearchParams({ siteCode: this.#site(), create: "true" });
    if (legalEntityId !== undefined) query.set("legalEntityId", legalEntityId);
    const key = `${identity} ${query}`;
    if (this.#finding?.key === key) return this.#finding.promise;
    const promise = this.#ask(MISSING, `/cart/acme/carts?${query}`).then((answer) =>
      Array.isArray(answer) ? answer[0] : answer,
    );
    const finding = { key, promise };
    this.#finding = finding;
    const done = () => {
      if (this.#finding === finding) this.#finding = undefined;
    };
    promise.then(done, done);
    return promise;
  }

  async #ask(what, path, body, method = body === undefined ? "GET" : "POST") {
    const init = { method };
    if (body !== undefined) {
      init.headers = { "content-type": "application/json" };
      init.body = JSON.stringify(body);
    }
    const answer = await this.#session.fetch(path, init);
    if (!answer.ok) throw new AnswerError(what, answer.status);
    return answer.headers.get("content-type")?.includes("json") ? answer.json() : undefined;
  }

  #stale(identity) {
    return this.#session.getSnapshot().identity !== identity;
  }

  #adopt(cart) {
    this.#cart = { ...cart, items: cart.items ?? [], identity: this.#session.getSnapshot().identity };
    this.#show();
  }

  /** Whose cart this is. Said again when a name becomes known. */
  describe() {
    const { kind, legalEntityId } = this.#session.getSnapshot();
    const owner = legalEntityId === undefined ? "the customer" : this.#who.company(legalEntityId);
    write(byId("cart-of"), kind === "anonymous" ? "Tied to the session, until you sign in" : `Of ${owner}`);
  }

  #show() {
    const snapshot = this.#session.getSnapshot();
    const items = this.#cart?.items.map(line) ?? [];
    const count = items.reduce((total, item) => total + item.quantity, 0);
    write(byId("cart-count"), String(count));
    this.describe();
    this.#onShown();
    const held = document.activeElement?.closest?.("[data-step]")?.dataset.step;
    if (items.length === 0) {
      put(
        this.#body,
        h(
          "p",
          { class: "empty muted", "data-testid": "cart-empty" },
          this.#cart ? empty(snapshot) : "Loading the cart…",
        ),
      );
      this.#hold(held);
      return;
    }
    put(this.#body, table(this.#cart, items, (item, quantity) => this.#change(item, quantity)));
    this.#hold(held);
  }

  #hold(step) {
    if (step === undefined) return;
    const same = this.#body.querySelector(`[data-step="${CSS.escape(step)}"]`);
    (same ?? byId("cart")).focus();
  }

  #fail(error) {
    const again = h(
      "button",
      { type: "button", class: "quiet", onclick: () => busy(again, () => this.load().catch(() => {})) },
      "Try again",
    );
    put(this.#body, h("div", { class: "empty", "data-testid": "cart-error" }, h("p", {}, sentence(error)), again));
  }
}

function empty({ kind, legalEntityId }) {
  if (kind === "anonymous") return "Nothing in it yet. Put something in and sign in: it comes along.";
  return legalEntityId === undefined ? "Nothing in it yet." : "Nothing in it yet. Each company has a cart of its own.";
}
