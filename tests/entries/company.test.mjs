// storefront-session/company: what a customer may do, and the orders of his company.

import assert from "node:assert/strict";
import { test } from "node:test";

import { companyOrder, companyOrders, myScopes, roles } from "storefront-session/company";

import { buyer, refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const colleague = { email: "single@example.com", password: buyer.password };

test("scopes are a list, without the tenant", async () => {
  const session = await visitor.openAs();
  const { userId, scopes } = await myScopes(session);
  assert.match(userId, /^\d+$/);
  assert.ok(scopes.includes("order.history_view"));
  assert.ok(scopes.every((scope) => /^[\w.]+$/.test(scope)));
});

test("roles are told with the company that they are of", async () => {
  const session = await visitor.openAs();
  const all = await roles(session);
  assert.deepEqual(all.map(({ legalEntityId }) => legalEntityId), ["le-north", "le-south"]);
  for (const { id, name } of all) assert.ok(id && name.en);
  assert.deepEqual(await visitor.sandbox.requests(), ["GET /iam/users/me/scopes customer 200", `GET /iam/users/${(await myScopes(session)).userId}/groups customer 200`]);
});

test("a company's orders are everybody's", async () => {
  const session = await visitor.openAs(buyer, "le-north");
  const other = await visitor.openAs(colleague, "le-north");
  const ids = [await order(session), await order(other), await order(session)];
  const { orders, total } = await companyOrders(session);
  assert.deepEqual(orders.map(({ id }) => id).sort(), ids.sort());
  assert.equal(total, 3);
  const page = await companyOrders(session, { page: 2, pageSize: 2, legalEntityId: "le-north" });
  assert.deepEqual([page.orders.length, page.total], [1, 3]);
  assert.equal((await companyOrder(other, ids[0])).id, ids[0]);
  assert.equal(await refused(companyOrder(session, "none")), "invalid_argument 404");
  assert.equal(await refused(companyOrders(session, { legalEntityId: "le-south" })), "forbidden 403");
});

test("who cannot have them is told so without a request", async () => {
  const guest = await visitor.open();
  for (const call of [myScopes(guest), roles(guest), companyOrders(guest), companyOrder(guest, "1")]) assert.equal(await refused(call), "login_required");
  const session = await visitor.openAs();
  assert.equal(await refused(companyOrders(session)), "invalid_state");
  const cases = [
    [{ page: 0 }, "page"],
    [{ pageSize: "10" }, "pageSize"],
    [{ legalEntityId: "" }, "legalEntityId"],
    [{ legalEntityId: ".." }, "legalEntityId"],
    [{ sort: 5 }, "sort"],
    [{ q: "" }, "q"],
    ["le-south", "options"],
    [["le-south"], "options"],
  ];
  for (const [given, field] of cases) assert.equal(await refused(companyOrders(session, given)), `invalid_argument ${field}`);
  assert.equal(await refused(companyOrder(session, "1", "le-south")), "invalid_argument options");
  assert.equal(await refused(companyOrder(session, "", { legalEntityId: "le-north" })), "invalid_argument orderId");
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

/** Buys something for the company. */
async function order(session) {
  const send = async (path, body, headers) => {
    const answer = await session.fetch(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const { legalEntityId } = session.getSnapshot();
  const { cartId } = await send("/cart/acme/carts", { siteCode: "main", currency: "EUR", legalEntityId });
  const [{ yrn, price }] = await (await session.fetch("/product/acme/products")).json();
  await send(`/cart/acme/carts/${cartId}/items?siteCode=main`, { itemYrn: yrn, price, quantity: 1 });
  const { customerNumber: id } = await (await session.fetch("/customer/acme/me")).json();
  const place = { contactName: "Ann Lee", street: "Hafenweg", streetNumber: "1", zipCode: "20457", city: "Hamburg", country: "DE" };
  const body = {
    cartId,
    paymentMethods: [{ provider: "invoice" }],
    shipping: { methodId: "standard", zoneId: "zone-de", methodName: "Standard", amount: 4.9 },
    addresses: ["SHIPPING", "BILLING"].map((type) => ({ ...place, type })),
    customer: { id, email: "ann@example.com", firstName: "Ann", lastName: "Lee" },
  };
  return (await send("/checkout/acme/checkouts/order", body, { "saas-token": session.saasToken() })).orderId;
}
