import { busy, byId, h, put, write } from "./dom.js";
import { AnswerError, sentence, superseded } from "./errors.js";
import { money } from "./money.js";

const GUEST_CART = "demo-guest-cart";

/**
 * The cart of whoever is here: the guest's belongs to the session, a customer's to the customer, a company's to the
 * company. After a login the page asks the platform to merge the guest's into the customer's.
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
  #loading;

  /** `site` gives the site's code; `onShown` is called when another cart is shown, or the same with something else in it. */
  constructor({ session, who, status, tabs, site, onShown }) {
    this.#site = site;
    this.#onShown = onShown;
    this.#session = session;
    this.#who = who;
    this.#status = status;
    this.#tabs = tabs;
    tabs.listen({
      cart: ({ merged }) => {
        if (merged !== undefined && merged === recall()) forget();
        this.load().catch(() => {});
      },
    });
    this.#show();
  }

  async load() {
    const { identity } = this.#session.getSnapshot();
    try {
      const cart = await this.#fetchCart();
      if (this.#stale(identity)) return;
      this.#adopt(cart);
    } catch (error) {
      if (superseded(error)) return;
      this.#fail(error);
      throw error;
    }
  }

  /** Called where the login happened, not in the other tabs: a cart can be merged once. */
  async mergeGuest() {
    const guestCart = recall();
    if (guestCart === undefined) return this.load();
    const cart = await this.#fetchCart();
    try {
      await this.#ask("The merge was refused", `/cart/acme/carts/${encodeURIComponent(cart.id)}/merge`, {
        carts: [guestCart],
      });
      this.#status.say("What you had put in the cart as a guest is in your own cart now.", "good");
      this.#tabs.tell("cart", { merged: guestCart });
    } catch (error) {
      // After a fault the next visit tries again. A refusal is final; 404 is a cart that another tab has merged.
      if (!(error instanceof AnswerError) || error.status >= 500) throw error;
      if (error.status !== 404) this.#status.say(sentence(error), "bad");
    }
    forget();
    return this.load();
  }

  /** The page was left between login and merge: what was begun is finished here. */
  get owesMerge() {
    return this.#session.getSnapshot().kind === "customer" && recall() !== undefined;
  }

  get id() {
    return this.#cart?.id;
  }

  get isEmpty() {
    return !this.#cart?.items.length;
  }

  /** A cart has one currency: the new one's prices take the place of the old one's. */
  async changeCurrency(currency) {
    if (this.#cart) await this.#ask("The currency could not be changed", this.#path("changeCurrency"), { currency });
  }

  async add(product) {
    const { identity } = this.#session.getSnapshot();
    try {
      if (!this.#cart || this.#cart.identity !== identity) this.#adopt(await this.#fetchCart());
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

  /** Two at once would ask the platform to create two. */
  #fetchCart() {
    const { identity, legalEntityId } = this.#session.getSnapshot();
    if (this.#loading?.identity === identity) return this.#loading.promise;
    const query = new URLSearchParams({ siteCode: this.#site(), create: "true" });
    if (legalEntityId !== undefined) query.set("legalEntityId", legalEntityId);
    const promise = this.#ask("The cart did not come", `/cart/acme/carts?${query}`).then((answer) =>
      Array.isArray(answer) ? answer[0] : answer,
    );
    const loading = { identity, promise };
    this.#loading = loading;
    const done = () => {
      if (this.#loading === loading) this.#loading = undefined;
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
    const snapshot = this.#session.getSnapshot();
    this.#cart = { ...cart, items: cart.items ?? [], identity: snapshot.identity };
    if (snapshot.kind === "anonymous") remember(this.#cart.items.length > 0 ? cart.id : undefined);
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
    const currency = this.#cart.currency ?? items[0].currency;
    put(
      this.#body,
      h(
        "table",
        { class: "lines" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Product"),
            h("th", { scope: "col", class: "number" }, "Quantity"),
            h("th", { scope: "col", class: "number" }, "Each"),
            h("th", { scope: "col", class: "number" }, "Sum"),
          ),
        ),
        h(
          "tbody",
          {},
          items.map((item) => this.#row(item, currency)),
        ),
        h(
          "tfoot",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "row", colspan: 3 }, "Total"),
            h("td", { class: "number", "data-testid": "cart-total" }, money(total(this.#cart, items), currency)),
          ),
        ),
      ),
      h("p", { class: "muted small" }, "Cart ", h("span", { class: "mono", "data-testid": "cart-id" }, this.#cart.id)),
    );
    this.#hold(held);
  }

  #hold(step) {
    if (step === undefined) return;
    const same = this.#body.querySelector(`[data-step="${CSS.escape(step)}"]`);
    (same ?? byId("cart")).focus();
  }

  #row(item, currency) {
    return h(
      "tr",
      { "data-testid": "cart-line" },
      h("th", { scope: "row" }, item.name),
      h(
        "td",
        { class: "number" },
        h(
          "span",
          { class: "stepper" },
          this.#step(item, -1, "−", `One ${item.name} less`),
          h("span", { "data-testid": "cart-quantity" }, String(item.quantity)),
          this.#step(item, 1, "+", `One ${item.name} more`),
        ),
      ),
      h("td", { class: "number" }, money(item.each, currency)),
      h("td", { class: "number" }, money(item.sum, currency)),
    );
  }

  #step(item, by, sign, label) {
    const button = h(
      "button",
      {
        type: "button",
        "aria-label": label,
        "data-step": `${item.id} ${by}`,
        onclick: () => busy(button, () => this.#change(item, item.quantity + by)),
      },
      sign,
    );
    return button;
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

/** The documented answer has a calculated price beside older, deprecated fields; either will do. */
function line(item) {
  const each = item.unitPrice?.grossValue ?? item.price?.effectiveAmount ?? item.price?.originalAmount;
  return {
    id: item.id,
    yrn: item.itemYrn,
    price: item.price,
    name: item.product?.name ?? item.product?.localizedName?.en ?? item.itemYrn?.split(";").at(-1) ?? item.id,
    quantity: item.quantity ?? 0,
    each,
    sum: item.calculatedPrice?.finalPrice?.grossValue ?? item.itemPrice?.amount ?? each * item.quantity,
    currency: item.itemPrice?.currency ?? item.price?.currency ?? "EUR",
  };
}

function total(cart, items) {
  return (
    cart.calculatedPrice?.finalPrice?.grossValue ??
    cart.totalPrice?.amount ??
    items.reduce((sum, item) => sum + item.sum, 0)
  );
}

/** Kept per tab, so that a page left between login and merge finishes the merge when it comes back. */
function remember(id) {
  try {
    if (id === undefined) sessionStorage.removeItem(GUEST_CART);
    else sessionStorage.setItem(GUEST_CART, id);
  } catch {
    memory = id;
  }
}

let memory;
const forget = () => {
  memory = undefined;
  remember(undefined);
};

function recall() {
  try {
    return sessionStorage.getItem(GUEST_CART) ?? memory;
  } catch {
    return memory;
  }
}
