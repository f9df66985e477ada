import { busy, h } from "./dom.js";
import { money } from "./money.js";

/** A line of a cart: the documented answer has a calculated price beside older, deprecated fields; either will do. */
export function line(item) {
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

/** The lines of a cart. `change` is called with a line and how many there are to be. */
export function table(cart, lines, change) {
  const currency = cart.currency ?? lines[0].currency;
  const head = (name, more) => h("th", { scope: "col", ...more }, name);
  const number = { class: "number" };
  return [
    h(
      "table",
      { class: "lines" },
      h("thead", {}, h("tr", {}, head("Product"), head("Quantity", number), head("Each", number), head("Sum", number))),
      h("tbody", {}, lines.map((line) => row(line, currency, change))),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row", colspan: 3 }, "Total"),
          h("td", { class: "number", "data-testid": "cart-total" }, money(total(cart, lines), currency)),
        ),
      ),
    ),
    h("p", { class: "muted small" }, "Cart ", h("span", { class: "mono", "data-testid": "cart-id" }, cart.id)),
  ];
}

function row(line, currency, change) {
  const step = (by, sign, label) => {
    const click = () => busy(button, () => change(line, line.quantity + by));
    const button = h("button", { type: "button", "aria-label": label, "data-step": `${line.id} ${by}`, onclick: click }, sign);
    return button;
  };
  return h(
    "tr",
    { "data-testid": "cart-line" },
    h("th", { scope: "row" }, line.name),
    h(
      "td",
      { class: "number" },
      h(
        "span",
        { class: "stepper" },
        step(-1, "−", `One ${line.name} less`),
        h("span", { "data-testid": "cart-quantity" }, String(line.quantity)),
        step(1, "+", `One ${line.name} more`),
      ),
    ),
    h("td", { class: "number" }, money(line.each, currency)),
    h("td", { class: "number" }, money(line.sum, currency)),
  );
}

const total = (cart, lines) =>
  cart.calculatedPrice?.finalPrice?.grossValue ?? cart.totalPrice?.amount ?? lines.reduce((sum, line) => sum + line.sum, 0);
