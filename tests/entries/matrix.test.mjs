// The four ways to a customer's order, under each spelling of the platform's answers: over single sign-on, over an opt-in, for a
// company, and five hours after the login.

import assert from "node:assert/strict";
import { test } from "node:test";

import { confirmOptIn, profile, signUp } from "storefront-session/account";
import { beginLogin, completeLogin } from "storefront-session/sso";

import { buyer, refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const redirectUri = "https://shop.example/signed-in";

/** Buys a mug; the status of the answer. */
async function order(session) {
  const ask = async (path, body, more) => {
    const init = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return session.fetch(path, { ...init, ...more });
  };
  const { legalEntityId, kind } = session.getSnapshot();
  const company = legalEntityId ? `&legalEntityId=${legalEntityId}` : "";
  const { id: cartId } = await (await ask(`/cart/acme/carts?siteCode=main&create=true${company}`)).json();
  const [{ yrn, price }] = await (await ask("/product/acme/products")).json();
  const added = await ask(`/cart/acme/carts/${cartId}/items?siteCode=main`, { itemYrn: yrn, price, quantity: 1 });
  assert.equal(added.status, 201);
  const who = kind === "customer" ? { id: (await profile(session)).customerNumber } : { guest: true };
  const place = { contactName: "Ann Lee", street: "Hafenweg 1", zipCode: "20457", city: "Hamburg", country: "DE" };
  const answer = await ask(
    "/checkout/acme/checkouts/order",
    {
      cartId,
      paymentMethods: [{ provider: "invoice" }],
      shipping: { methodId: "standard", zoneId: "zone-de", methodName: "Standard", amount: 4.9 },
      addresses: ["SHIPPING", "BILLING"].map((type) => ({ ...place, type })),
      customer: { firstName: "Ann", lastName: "Lee", email: "ann@example.com", ...who },
    },
    { saas: true },
  );
  assert.equal(answer.status, 200, await answer.clone().text());
}

const lastOrder = async () => (await (await fetch(`${visitor.sandbox.url}/_sandbox/state`)).json()).orders.at(-1);

for (const fieldStyle of ["snake", "camel", "both"]) {
  test(`single sign-on and an order, ${fieldStyle}`, async () => {
    await visitor.sandbox.profile({ fieldStyle });
    const session = await visitor.open();
    const asked = new URL(await beginLogin(session, { authorizationEndpoint: `${visitor.sandbox.url}/_oidc/authorize`, clientId: "shop", redirectUri }));
    const { sessionId } = session.getSnapshot();
    asked.searchParams.set("login_hint", "ann.sso@example.com");
    const back = (await fetch(asked, { redirect: "manual" })).headers.get("location");
    const { kind, renewable, saasExpiresAt, ...after } = await completeLogin(session, back);
    assert.deepEqual([kind, renewable, after.sessionId], ["customer", true, sessionId]);
    assert.ok(saasExpiresAt > Date.now());
    await order(session);
    assert.equal((await session.refresh()).sessionId, sessionId);
  });

  test(`an opt-in and an order, ${fieldStyle}`, async () => {
    await visitor.sandbox.profile({ fieldStyle });
    const session = await visitor.open();
    const email = "ann@example.com";
    await signUp(session, { email, password: "a-new-password" });
    const { sessionId } = session.getSnapshot();
    const { kind, renewable, ...after } = await confirmOptIn(session, await visitor.mailed(email));
    assert.deepEqual([kind, renewable, after.sessionId], ["customer", true, sessionId]);
    await order(session);
    assert.equal((await session.refresh()).sessionId, sessionId);
  });

  test(`a company's order, and another five hours later after signing in again, ${fieldStyle}`, async () => {
    await visitor.sandbox.profile({ fieldStyle });
    let ahead = 0;
    const session = await visitor.open({ now: () => Date.now() + ahead });
    await session.login(buyer);
    await session.switchLegalEntity("le-north");
    const before = session.getSnapshot();
    await order(session);
    assert.equal((await lastOrder()).legalEntityId, "le-north");

    ahead = 5 * 3_600_000;
    await visitor.sandbox.advance(5 * 3600);
    assert.equal(await refused(session.checkoutHeaders()), "login_required");
    assert.equal(await refused(session.login({ ...buyer, email: "solo@example.com" })), "invalid_state");
    const after = await session.login(buyer);
    assert.deepEqual([after.identity, after.sessionId, after.legalEntityId], [before.identity, before.sessionId, "le-north"]);
    await order(session);
    assert.equal((await lastOrder()).legalEntityId, "le-north");
    assert.equal((await session.validate()).sessionId, before.sessionId);
  });
}
