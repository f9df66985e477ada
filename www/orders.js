import { busy, byId, h, put, write } from "./dom.js";
import { AnswerError, sentence } from "./errors.js";
import { money } from "./money.js";
import { entry } from "./storefront-session.js";

/** What was bought: the customer's own orders, or all of his company's. Looked up when somebody asks. */
export class Orders {
  #session;
  #who;
  #section = byId("orders");
  #body = byId("orders-body");
  #shownFor;

  constructor({ session, who }) {
    this.#session = session;
    this.#who = who;
    this.show();
  }

  /** Nothing of who was here before, nor what was looked up before something was bought. */
  show({ isNews = false } = {}) {
    const { kind, legalEntityId, identity } = this.#session.getSnapshot();
    this.#section.hidden = kind === "anonymous";
    write(byId("orders-of"), legalEntityId === undefined ? "Your own" : `Everybody's for ${this.#who.company(legalEntityId)}`);
    if (!isNews && this.#shownFor === identity) return;
    this.#shownFor = identity;
    if (kind === "anonymous") return put(this.#body);
    const look = h("button", { type: "button", "data-testid": "show-orders", onclick: () => busy(look, () => this.load()) }, "Show the orders");
    put(this.#body, look);
  }

  async load() {
    const { identity } = this.#session.getSnapshot();
    try {
      const orders = await this.#fetch();
      if (this.#session.getSnapshot().identity !== identity) return;
      put(this.#body, orders.length > 0 ? table(orders) : h("p", { class: "muted", tabindex: -1 }, "No orders yet."));
    } catch (error) {
      put(this.#body, h("p", { class: "problem", role: "alert", tabindex: -1 }, sentence(error)));
    }
    this.#body.firstElementChild.focus();
  }

  async #fetch() {
    if (this.#session.getSnapshot().legalEntityId !== undefined) {
      const { companyOrders } = await entry("company");
      return (await companyOrders(this.#session)).orders;
    }
    const answer = await this.#session.fetch("/order-v2/acme/orders");
    if (!answer.ok) throw new AnswerError("The orders did not come", answer.status);
    return answer.json();
  }
}

function table(orders) {
  const heads = ["Order", "Buyer", "Status", "Total"];
  const row = (order) =>
    h(
      "tr",
      { "data-testid": "order" },
      h("th", { scope: "row", class: "mono small" }, order.id),
      h("td", {}, [order.customer?.firstName, order.customer?.lastName].filter(Boolean).join(" ")),
      h("td", {}, String(order.status).toLowerCase()),
      h("td", { class: "number" }, money(order.totalPrice, order.currency)),
    );
  const head = h("tr", {}, heads.map((text, index) => h("th", { scope: "col", class: index === 3 && "number" }, text)));
  return h("table", { class: "lines", tabindex: -1 }, h("thead", {}, head), h("tbody", {}, orders.map(row)));
}
