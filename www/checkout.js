import { busy, byId, h, put } from "./dom.js";
import { AnswerError } from "./errors.js";
import { Form } from "./form.js";
import { entry } from "./storefront-session.js";

const BUYER = [
  { name: "firstName", label: "First name", autocomplete: "given-name" },
  { name: "lastName", label: "Last name", autocomplete: "family-name" },
  { name: "email", label: "E-mail for the order", type: "email", autocomplete: "email" },
  { name: "street", label: "Street and number", autocomplete: "street-address" },
  { name: "zipCode", label: "Postcode", autocomplete: "postal-code" },
  { name: "city", label: "City", autocomplete: "address-level2" },
];
const PASSWORD = [{ name: "password", label: "Your password again", type: "password", autocomplete: "current-password" }];

/** Buys what is in the cart: as a guest, a customer or for a company. A login of long ago is renewed on the spot. */
export class Checkout {
  #session;
  #cart;
  #provider;
  #onDone;
  #body = byId("checkout-body");
  #buyer;
  #shownFor;
  /** What was ordered is told until something is in the cart again. */
  #isOrdered = false;

  constructor({ session, cart, provider, onDone }) {
    this.#session = session;
    this.#cart = cart;
    this.#provider = provider;
    this.#onDone = onDone;
  }

  /** Called when the cart is another one: the form stays while it is the same person's and something is in it. */
  show() {
    const { identity } = this.#session.getSnapshot();
    const { isFilled } = this.#cart;
    if (isFilled ? this.#shownFor === identity : this.#isOrdered) return;
    this.#isOrdered = false;
    this.#shownFor = isFilled ? identity : undefined;
    const open = h("button", { type: "button", class: "primary", "data-testid": "checkout", onclick: () => busy(open, () => this.#open()) }, "Check out");
    put(this.#body, isFilled && open);
  }

  async #open() {
    const form = new Form({ id: "order", fields: BUYER, action: "Order and pay by invoice", send: (values) => this.#order(values) });
    put(this.#body, h("h3", {}, "Check out"), form.element);
    form.focus();
    this.#buyer = undefined;
    if (this.#session.getSnapshot().kind !== "customer") return;
    const { profile } = await entry("account");
    const known = await profile(this.#session).catch(() => undefined);
    if (!known) return;
    this.#buyer = { id: known.customerNumber, login: known.accounts?.[0]?.id ?? known.contactEmail };
    form.fill({ firstName: known.firstName, lastName: known.lastName, email: known.contactEmail });
  }

  async #order(values) {
    for (const { name, label } of BUYER) {
      if (values[name] === "") throw Object.assign(new Error(`Please fill in: ${label.toLowerCase()}.`), { field: name });
    }
    const { firstName, lastName, email, street, zipCode, city } = values;
    const place = { contactName: `${firstName} ${lastName}`, street, zipCode, city, country: "DE" };
    const body = JSON.stringify({
      cartId: this.#cart.id,
      paymentMethods: [{ provider: "invoice" }],
      shipping: { methodId: "standard", zoneId: "zone-de", methodName: "Standard", amount: 4.9 },
      addresses: ["SHIPPING", "BILLING"].map((type) => ({ ...place, type })),
      customer: { firstName, lastName, email, ...(this.#buyer ? { id: this.#buyer.id } : { guest: true }) },
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body, saas: true };
    let answer;
    try {
      answer = await this.#session.fetch("/checkout/acme/checkouts/order", init);
    } catch (error) {
      if (error.code !== "login_required") throw error;
      this.#askAgain(values);
      return;
    }
    if (!answer.ok) throw new AnswerError("The order was refused", answer.status);
    const { orderId } = await answer.json();
    this.#isOrdered = true;
    this.#shownFor = undefined;
    put(this.#body, h("p", { class: "ordered", tabindex: -1, "data-testid": "ordered" }, "Thank you. Your order is ", h("span", { class: "mono" }, orderId), "."));
    this.#body.firstElementChild.focus();
    await this.#onDone();
  }

  /** The saas token has ended, four hours after the login; all else of the session goes on. */
  #askAgain(values) {
    const again = async ({ password }) => {
      await this.#session.login({ email: this.#buyer?.login ?? values.email, password });
      await this.#order(values);
    };
    const more = this.#provider.button("Use Acme ID");
    const form = new Form({ id: "again", fields: PASSWORD, action: "Sign in again and order", send: again, more });
    put(
      this.#body,
      h("h3", {}, "Is it still you?"),
      h("p", { class: "muted" }, "You signed in some hours ago. An order wants a login that is younger; your session, company and cart stay."),
      form.element,
    );
    form.focus();
  }
}
