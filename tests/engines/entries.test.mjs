// The entries over a session, in a page of each engine: what Node has by another name (crypto, storage, address) is the engine's own here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { useStorefront } from "../e2e/lib/storefront.mjs";

const storefront = useStorefront();

/** A page with an open session that has imported this entry as `entry`. */
async function page(name) {
  const tab = await storefront.session();
  await tab.run(async (name) => void (globalThis.entry = await import(`/storefront-session/${name}.js`)), name);
  return tab;
}

test("account: a customer's profile is changed and read", async () => {
  const tab = await page("account");
  await tab.login();
  const name = await tab.run(async () => {
    await entry.updateProfile(session, { firstName: "Zoë" });
    return (await entry.profile(session)).firstName;
  });
  assert.equal(name, "Zoë");
  const error = await tab.run(() => failure(entry.changePassword(session, { currentPassword: "wrong-password", newPassword: "another-one" })));
  assert.ok(error.isSessionError, error.message);
});

test("company: roles, and the orders of a company with their number", async () => {
  const tab = await page("company");
  await tab.login();
  const companies = await tab.run(async () => (await entry.roles(session)).map(({ legalEntityId }) => legalEntityId));
  assert.deepEqual(companies, ["le-north", "le-south"]);
  const orders = await tab.run(async () => {
    await session.switchLegalEntity("le-north");
    return entry.companyOrders(session);
  });
  assert.deepEqual(orders, { orders: [], total: 0 });
});

test("context: a change is made under a version", async () => {
  const tab = await page("context");
  await tab.token();
  const { cartChanged } = await tab.run(async () => entry.updateContext(session, { currency: (await entry.context(session)).currency === "USD" ? "EUR" : "USD" }));
  assert.equal(cartChanged, true);
});

test("sso: a login is begun, the page is left for the provider, and the page that comes back completes it", async () => {
  const tab = await page("sso");
  const { url } = storefront.sandbox;
  const asked = await tab.run(
    (authorizationEndpoint) => entry.beginLogin(session, { authorizationEndpoint, clientId: "shop", redirectUri: `${location.origin}/signed-in`, config: "google" }),
    `${url}/_oidc/authorize`,
  );
  const provider = new URL(asked);
  provider.searchParams.set("login_hint", "ann.sso@example.com");
  const back = (await fetch(provider, { redirect: "manual" })).headers.get("location");
  const { sessionId } = await tab.snapshot();
  await tab.page.reload();
  await tab.run(() => load());
  await tab.open();
  const after = await tab.run(async (back) => (await import("/storefront-session/sso.js")).completeLogin(session, back), back);
  assert.deepEqual([after.kind, after.sessionId], ["customer", sessionId]);
});
