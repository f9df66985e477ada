// Checkout: the saas token beside the access token, its end after four hours, and the same customer's login that brings another;
// tokens that come from somewhere else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LOGIN, REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

const HOUR = 3_600;

/** A page whose clock goes on with the platform's. */
async function openShop() {
  const tab = await storefront.tab();
  await tab.run(async () => {
    globalThis.offset = 0;
    await open({ now: () => Date.now() + offset });
    /** A company's cart with something in it, ordered; the status of the order, or the code and reason why none was sent. */
    globalThis.order = async () => {
      const post = (path, body, more) =>
        session.fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...more });
      const { legalEntityId } = session.getSnapshot();
      const query = legalEntityId ? `&legalEntityId=${legalEntityId}` : "";
      const { id } = await (await session.fetch(`/cart/acme/carts?siteCode=main&create=true${query}`)).json();
      const price = { priceId: "price-harbour-mug", originalAmount: 1, effectiveAmount: 1, currency: "EUR" };
      const itemYrn = "urn:yaas:saasag:caasproduct:product:acme;harbour-mug";
      await post(`/cart/acme/carts/${id}/items?siteCode=main`, { itemYrn, price, quantity: 1 });
      const { customerNumber } = await (await session.fetch("/customer/acme/me")).json();
      const address = { contactName: "Ada Example", street: "Road", streetNumber: "1", zipCode: "70173", city: "Stuttgart", country: "DE" };
      const form = {
        cartId: id,
        currency: "EUR",
        paymentMethods: [{ provider: "invoice", method: "invoice" }],
        shipping: { methodId: "m", zoneId: "z", methodName: "Post", amount: 10 },
        addresses: ["SHIPPING", "BILLING"].map((type) => ({ ...address, type })),
        customer: { id: customerNumber, firstName: "Ada", lastName: "Example", email: buyer.email },
      };
      return post("/checkout/acme/checkouts/order", form, { saas: true }).then(
        ({ status }) => status,
        ({ code, reason }) => `${code} ${reason}`,
      );
    };
  });
  return tab;
}

for (const fieldStyle of ["snake", "camel", "both"]) {
  test(`a company's buyer checks out, and once more after five hours and a login in the same session (${fieldStyle})`, async () => {
    const { sandbox } = storefront;
    await sandbox.profile({ fieldStyle });
    const tab = await openShop();
    await tab.run(async () => {
      await session.login(buyer);
      await session.switchLegalEntity("le-north");
    });
    assert.equal(await tab.run(() => order()), 200);
    const before = await tab.snapshot();

    await sandbox.advance(5 * HOUR);
    await tab.run(() => (offset = 5 * 3_600_000));
    assert.equal(await tab.run(() => order()), "login_required saas_expired");
    assert.ok(!(await sandbox.requests()).some((line) => line.startsWith("POST /checkout") && !line.endsWith(" 200")));
    const refused = await tab.run(() => failure(session.checkoutHeaders()));
    assert.deepEqual([refused.code, refused.reason], ["login_required", "saas_expired"]);
    assert.ok(await tab.run(() => events.some(({ type, reason }) => type === "saas" && reason === "expired")));

    const other = await tab.run(() => failure(session.login({ ...buyer, email: "solo@example.com" })));
    assert.equal(other.code, "invalid_state");
    await sandbox.requests();
    await tab.run(() => session.login({ ...buyer, email: " BUYER@EXAMPLE.COM".trim() }));
    assert.deepEqual((await sandbox.requests()).slice(-2), [LOGIN, REFRESH]);
    const after = await tab.snapshot();
    for (const name of ["kind", "identity", "sessionId", "legalEntityId"]) assert.equal(after[name], before[name], name);
    assert.equal(await tab.run(() => order()), 200);
    const info = await tab.run(() => session.validate());
    assert.deepEqual([info.legalEntityId, info.sessionId], ["le-north", before.sessionId]);
  });
}

test("the saas token goes to the platform only, with the bearer it belongs to, and once more after a 401", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const [codes, sent] = await tab.run(async () => {
    const sent = [];
    const record = (input, init) => {
      const { url, headers } = new Request(input.clone?.() ?? input, init);
      const mine = (name, value) => headers.get(name)?.endsWith(value ?? "\0") ?? false;
      const now = globalThis.headersNow ?? {};
      const path = new URL(url).pathname;
      if (path.startsWith("/x")) sent.push([path, headers.has("Authorization"), mine("saas-token", now["saas-token"]), "saas" in (init ?? {})]);
      return path === "/x401" && sent.length % 2 ? new Response("{}", { status: 401 }) : path.startsWith("/x") ? new Response("{}") : fetch(input, init);
    };
    await open({ fetch: record });
    const codes = [];
    codes.push(Object.keys(await session.checkoutHeaders()).join());
    codes.push((await failure(session.checkoutHeaders({ customer: true }))).reason);
    await session.fetch("/x-guest", { saas: true });
    await session.login(buyer);
    globalThis.headersNow = await session.checkoutHeaders({ customer: true });
    codes.push(Object.keys(headersNow).join());
    codes.push(headersNow.Authorization === `Bearer ${await session.accessToken()}`, headersNow["saas-token"] === session.saasToken());
    await session.fetch("/x-customer", { saas: true });
    await session.fetch("/x-plain");
    await session.fetch("https://elsewhere.example/x-foreign", { saas: true });
    await session.fetch("/x-own", { saas: true, headers: { Authorization: "Bearer own" } });
    sent.push("then");
    await session.fetch("/x401", { saas: true });
    return [codes, sent];
  });
  assert.deepEqual(codes, ["Authorization", "guest", "Authorization,saas-token", true, true]);
  assert.deepEqual(sent, [
    ["/x-guest", true, false, false],
    ["/x-customer", true, true, false],
    ["/x-plain", true, false, false],
    ["/x-foreign", false, false, false],
    ["/x-own", true, false, false],
    "then",
    ["/x401", true, true, false],
    ["/x401", true, true, false],
  ]);
  await sandbox.requests();
});

test("the saas token follows no redirect, which may lead elsewhere", async () => {
  const caught = [];
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, saas-token", "Access-Control-Allow-Methods": "*" };
  const elsewhere = await storefront.serve((request, response) => {
    caught.push(request.method);
    response.writeHead(200, cors).end("{}");
  });
  const redirecting = await storefront.serve((request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    response.writeHead(Number(new URL(request.url, elsewhere).pathname.slice(2)), { ...cors, Location: elsewhere }).end();
  });
  const tab = await storefront.tab();
  const errors = await tab.run(async (redirecting) => {
    const send = (input, init) => (/\/x\d+$/.test(input.url ?? input) ? fetch(redirecting + new URL(input.url ?? input).pathname, init) : fetch(input, init));
    await open({ fetch: send });
    await session.login(buyer);
    const errors = [];
    for (const status of [301, 302, 303, 307, 308]) {
      for (const init of [{}, { method: "POST", body: "{}" }, { redirect: "follow" }]) errors.push((await failure(session.fetch(`/x${status}`, { saas: true, ...init }))).name);
    }
    return errors;
  }, redirecting);
  assert.deepEqual(errors, Array(15).fill("TypeError"));
  assert.deepEqual(caught, []);
});

test("tokens from somewhere else are taken over, by a call and from the dashboard's address", async () => {
  const { sandbox } = storefront;
  const tokens = await elsewhere(sandbox);
  const tab = await storefront.session();
  await tab.run(() => session.accessToken());
  const guest = await tab.snapshot();
  const wrong = await tab.run(() => failure(session.adopt({ accessToken: "nobody" })));
  assert.equal(wrong.code, "invalid_credentials");
  for (const bad of [{}, { accessToken: "" }, { accessToken: "a", expiresIn: "60" }]) {
    assert.equal((await tab.run((bad) => failure(session.adopt(bad)), bad)).code, "invalid_argument");
  }
  assert.deepEqual(await tab.snapshot(), guest);
  await sandbox.requests();

  const taken = await tab.run((tokens) => session.adopt(tokens), tokens);
  assert.deepEqual([taken.kind, taken.sessionId === guest.sessionId, taken.renewable], ["customer", false, true]);
  assert.deepEqual(await sandbox.requests(), ["GET /customer/validateauthtoken customer 200"]);
  const [event] = await tab.run(() => events.filter(({ type }) => type !== "busy").slice(-1));
  assert.deepEqual([event.type, event.previous.sessionId, event.snapshot.sessionId], ["login", guest.sessionId, taken.sessionId]);
  await tab.run(() => session.refresh());
  await tab.run(() => session.logout());

  const handed = await elsewhere(sandbox);
  const address = new URL("https://shop.example/assisted?lang=de#top");
  address.searchParams.set("customerToken", handed.accessToken);
  address.searchParams.set("customerTokenExpiresIn", handed.expiresIn);
  address.searchParams.set("refreshToken", handed.refreshToken);
  address.searchParams.set("refreshTokenExpiresIn", handed.refreshExpiresIn);
  address.searchParams.set("saasToken", handed.saasToken);
  const left = await tab.run((address) => session.adoptFromUrl(address), address.href);
  assert.equal(left, "https://shop.example/assisted?lang=de#top");
  assert.equal((await tab.snapshot()).kind, "customer");
  assert.ok(await tab.run(async () => (await session.checkoutHeaders({ customer: true }))["saas-token"]));
  await sandbox.requests();
  assert.equal(await tab.run(() => session.adoptFromUrl("/x?a=1")), "/x?a=1");
  assert.deepEqual(await sandbox.requests(), []);
});

/** Tokens that somebody else's page has got for the buyer. */
async function elsewhere({ url }) {
  const ask = async (path, init) => (await fetch(url + path, init)).json();
  const guest = await ask("/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront");
  const headers = { Authorization: `Bearer ${guest.access_token}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ email: "buyer@example.com", password: "sandbox-pass" });
  const login = await ask("/customer/acme/login", { method: "POST", headers, body });
  return {
    accessToken: login.access_token,
    refreshToken: login.refresh_token,
    saasToken: login.saas_token,
    expiresIn: login.expires_in,
    refreshExpiresIn: login.refresh_token_expires_in,
  };
}
