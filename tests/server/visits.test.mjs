// Visits of one shop on several hosts: who begins a session and when, and what the name in the cookie leads to.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

import { profile } from "storefront-session/account";
import { updateContext } from "storefront-session/context";
import { SessionError, memoryStore } from "storefront-session/server";

import { root } from "../../tools/lib/run.mjs";
import { GUEST, GUEST_REFRESH, LOGIN, LOGOUT, REFRESH } from "../e2e/lib/calls.mjs";
import { CART, PRODUCTS, buyer, codeOf, cookieOf, guestOf, useShop } from "./lib/shop.mjs";

const shop = useShop();
const CART_READ = "GET /cart/carts anonymous 200";
const PRODUCT_READ = "GET /product/products anonymous 200";

test("a visit makes no request, creates nothing and sets no cookie", async () => {
  const store = shop.store();
  const written = [];
  const { set } = store;
  store.set = (...call) => (written.push(call), set(...call));
  const host = shop.host({ store });
  for (const cookie of [undefined, null, "", "theme=dark", "__Host-storefront-session=x"]) {
    const visitor = await host.visit(cookie);
    const { kind, sessionId, renewable } = visitor.session.getSnapshot();
    assert.deepEqual([kind, sessionId, renewable, visitor.setCookie], ["anonymous", undefined, false, undefined]);
    await visitor.settled();
  }
  assert.deepEqual([written, await shop.sandbox.requests()], [[], []]);
});

test("the package's other entries work over a visitor's session", async () => {
  const { session } = await shop.host().visit(null);
  await assert.rejects(profile(session), (error) => error instanceof SessionError && error.code === "login_required");
  await session.login(buyer);
  assert.equal((await profile(session)).contactEmail, buyer.email);
});

test("the cookie is a random name and nothing else, and goes on to the next request on another host", async () => {
  const store = shop.store();
  const [one, two] = [shop.host({ store }), shop.host({ store })];
  const first = await one.visit(null);
  await first.session.fetch(CART);
  assert.match(first.setCookie, /^__Host-storefront-session=[\w-]{43}; /);
  const attributes = first.setCookie.split("; ").slice(1);
  for (const it of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) assert.ok(attributes.includes(it), it);
  assert.ok(!/domain/i.test(first.setCookie));
  const { sessionId } = first.session.getSnapshot();
  assert.ok(!first.setCookie.includes(sessionId));
  await shop.sandbox.requests();

  const next = await two.visit(`theme=dark; ${cookieOf(first)}; other=1`);
  assert.equal(next.session.getSnapshot().sessionId, sessionId);
  assert.equal(next.session.getSnapshot().identity, first.session.getSnapshot().identity);
  await next.session.fetch(CART);
  assert.equal(next.setCookie, undefined);
  assert.deepEqual(await shop.sandbox.requests(), [CART_READ]);
});

test("the store knows no name, and what a snapshot, an event or an error tells is no secret", async () => {
  const kept = [];
  const store = shop.store();
  for (const method of ["get", "set", "lock", "delete"]) {
    const real = store[method];
    store[method] = (...call) => (kept.push(JSON.stringify(call)), real(...call));
  }
  const host = shop.host({ store });
  const visitor = await host.visit(null);
  const told = [];
  visitor.session.subscribe((event) => told.push(JSON.stringify(event)));
  const token = await visitor.session.accessToken();
  await visitor.session.login(buyer);
  const names = [cookieOf(visitor).split("=")[1]];
  assert.ok(kept.length > 5 && told.length > 0);
  for (const name of names) assert.ok(!kept.some((it) => it.includes(name)), "the name is in the store");
  const { session } = visitor;
  const shown = [...told, visitor.setCookie, JSON.stringify(session.getSnapshot()), JSON.stringify(await session.login(buyer).catch((error) => error))];
  for (const secret of [token, await session.accessToken(), buyer.email, buyer.password]) {
    for (const text of shown) assert.ok(!text.includes(secret));
  }
});

// Robots

test("a thousand views without a cookie, on four hosts, are one anonymous login and no cookie", async () => {
  const store = shop.store();
  const hosts = Array.from({ length: 4 }, () => shop.host({ store }));
  const view = async (host) => {
    const visitor = await host.visit(null);
    const { status } = await visitor.session.fetch(PRODUCTS);
    return [status, visitor.setCookie];
  };
  const views = await Promise.all(Array.from({ length: 200 }, (_, index) => view(hosts[index % 4])));
  for (const it of views) assert.deepEqual(it, [200, undefined]);
  const asked = await shop.sandbox.requests();
  assert.equal(asked.filter((it) => it === GUEST).length, 1);
  assert.equal(asked.length, 201);
  // An hour later the guest is renewed, once.
  await shop.pass(3_590);
  await Promise.all(Array.from({ length: 40 }, (_, index) => view(hosts[index % 4])));
  assert.equal((await shop.sandbox.requests()).filter((it) => it !== PRODUCT_READ).join(), GUEST_REFRESH);
});

test("whatever depends on the visitor begins a session of his own", async () => {
  const host = shop.host();
  await (await host.visit(null)).session.fetch(PRODUCTS);
  const sharedId = host.shared.getSnapshot().sessionId;
  assert.ok(sharedId);
  const ways = {
    "a cart": ({ session }) => session.fetch(CART),
    "a context": ({ session }) => session.fetch("/session-context/acme/me/context"),
    "prices by context": ({ session }) => session.fetch("/price/acme/match-prices-by-context", { method: "POST", body: "{}" }),
    "another method": ({ session }) => session.fetch(PRODUCTS, { method: "POST", body: "{}" }),
    "a Request with another method": ({ session }) => session.fetch(new Request(shop.sandbox.url + PRODUCTS, { method: "PUT", body: "{}" })),
    "a token": ({ session }) => session.accessToken(),
    "a path that leads out": ({ session }) => session.fetch("/product/..%2fcart/acme/carts"),
    "dots that servers read": ({ session }) => session.fetch("/product/..;/cart/acme/carts"),
    "a path that is led out of": ({ session }) => session.fetch("/product/../cart/acme/carts"),
  };
  for (const [name, act] of Object.entries(ways)) {
    const visitor = await host.visit(null);
    await act(visitor);
    const { sessionId } = visitor.session.getSnapshot();
    assert.ok(sessionId && sessionId !== sharedId, name);
    assert.ok(visitor.setCookie, name);
  }
  const visitor = await host.visit(null);
  await visitor.session.login(buyer);
  assert.notEqual(visitor.session.getSnapshot().sessionId, sharedId);
});

test("who has begun reads the catalogue with his own token", async () => {
  const host = shop.host();
  const { cookie, sessionId } = await guestOf(host);
  const visitor = await host.visit(cookie);
  await visitor.session.fetch(PRODUCTS);
  const rows = await shop.sandbox.rows();
  assert.equal(rows.at(-1).sessionId, sessionId);
});

test("the shared guest reads what all see alike, and refuses the rest without a request", async () => {
  const { shared } = shop.host();
  assert.equal((await shared.fetch(PRODUCTS, { method: "HEAD" })).status < 500, true);
  assert.equal((await shared.fetch(PRODUCTS)).status, 200);
  assert.equal(shared.getSnapshot().kind, "anonymous");
  await shop.sandbox.requests();
  const calls = [
    () => shared.fetch(CART),
    () => shared.fetch(PRODUCTS, { method: "POST" }),
    () => shared.fetch("https://elsewhere.example/product"),
    () => shared.accessToken(),
    () => shared.login(buyer),
    () => shared.refresh(),
    () => shared.switchLegalEntity("le-north"),
    () => shared.legalEntities(),
    () => shared.adopt({ accessToken: "token" }),
    () => shared.adoptFromUrl("https://shop.example/"),
    () => shared.checkoutHeaders(),
    () => shared.validate(),
    () => shared.logout(),
    async () => shared.hasScope("a"),
    async () => shared.saasToken(),
    async () => shared.subscribe(() => {}),
  ];
  for (const call of calls) assert.equal(await codeOf(call()), "invalid_state", `${call}`);
  assert.deepEqual(await shop.sandbox.requests(), []);
});

test("sharedPaths takes what is alike for all, and nothing that depends on the visitor", async () => {
  for (const path of ["cart", "/cart", "customer", "session-context", "price", "checkout", "order", "Cart", "cart/acme", "price/acme/match-prices-by-context", "order-v2", "", "../cart", "product/../cart", 5, null]) {
    assert.throws(() => shop.host({ sharedPaths: [path] }), { name: "SessionError", code: "invalid_argument", field: "sharedPaths" }, `${path}`);
  }
  const host = shop.host({ sharedPaths: ["/category/"] });
  await (await host.visit(null)).session.fetch("/category/acme/categories");
  assert.ok(host.shared.getSnapshot().sessionId);
  const visitor = await host.visit(null);
  await visitor.session.fetch(PRODUCTS);
  assert.ok(visitor.setCookie);
});

// The name

test("the name changes at login: who knew the guest's is never the customer", async () => {
  const store = shop.store();
  const [one, two] = [shop.host({ store }), shop.host({ store })];
  const { cookie, sessionId } = await guestOf(one);
  const underWay = await two.visit(cookie);
  const visitor = await one.visit(cookie);
  await visitor.session.login(buyer);
  assert.notEqual(cookieOf(visitor), cookie);
  assert.ok(cookieOf(visitor));
  await shop.sandbox.requests();

  // Late by one request, with the former name: on both hosts, and where it was found before.
  await shop.pass(2);
  for (const late of [await one.visit(cookie), await two.visit(cookie), underWay]) {
    assert.equal(late.session.getSnapshot().kind, "anonymous");
    assert.equal((await late.session.fetch(PRODUCTS)).status, 200);
    const acts = [() => late.session.fetch(CART), () => late.session.accessToken(), () => late.session.login(buyer), () => late.session.refresh(), () => late.session.logout()];
    for (const act of acts) assert.equal(await codeOf(act()), "aborted", `${act}`);
    assert.equal(late.setCookie, undefined);
  }
  const asked = await shop.sandbox.rows();
  assert.ok(asked.filter(({ path }) => path === "/product/acme/products").every((row) => row.sessionId !== sessionId));

  const next = await two.visit(cookieOf(visitor));
  assert.equal(next.session.getSnapshot().kind, "customer");
  assert.equal(next.session.getSnapshot().sessionId, sessionId);

  // After a minute it leads nowhere, and is not taken over.
  await shop.pass(61);
  const stale = await one.visit(cookie);
  await stale.session.fetch(CART);
  assert.ok(cookieOf(stale) && cookieOf(stale) !== cookie);
  assert.notEqual(stale.session.getSnapshot().sessionId, sessionId);
});

test("a request that was under way when somebody signed in is cut, and makes no call as the customer", async () => {
  const host = shop.host();
  const { cookie } = await guestOf(host);
  const [late, visitor] = [await host.visit(cookie), await host.visit(cookie)];
  await late.session.accessToken();
  await shop.sandbox.fault({ path: "/cart/acme/carts", times: 1, kind: "hold" });
  await shop.sandbox.requests();
  const reading = late.session.fetch(CART).catch((error) => error.code);
  await shop.sandbox.asked(/cart\/carts/);
  await visitor.session.login(buyer);
  assert.ok(late.session.signal.aborted || (await codeOf(late.session.accessToken())) === "aborted");
  await shop.sandbox.release();
  await reading;
  assert.equal(await codeOf(late.session.accessToken()), "aborted");
  assert.equal(late.setCookie, undefined);
});

for (const [how, giveUp, expected] of [
  ["is late", () => {}, "timeout"],
  ["is under way when the host closes", (host) => host.close(), "closed"],
]) {
  test(`a sign-in that ${how} is nobody's: its caller was told so, and his guest goes on`, async () => {
    const store = shop.store();
    const { cookie, sessionId } = await guestOf(shop.host({ store }));
    for (const path of ["/customer/acme/login", "/customer/acme/validateauthtoken"]) {
      const isLogin = path.endsWith("login");
      const { accessToken } = isLogin ? {} : await signedInElsewhere();
      const host = shop.host({ store, timeoutMs: expected === "timeout" ? 500 : 15_000 });
      const visitor = await host.visit(cookie);
      await shop.sandbox.fault({ path, times: 1, kind: "hold" });
      const code = codeOf(isLogin ? visitor.session.login(buyer) : visitor.session.adopt({ accessToken }));
      await shop.sandbox.asked(isLogin ? /customer\/login/ : /validateauthtoken/);
      const closing = giveUp(host);
      assert.equal(await code, expected);
      await shop.sandbox.release();
      await Promise.all([closing, visitor.settled()]);
      assert.equal(visitor.setCookie, undefined);
      const next = await shop.host({ store }).visit(cookie);
      assert.equal((await next.session.fetch(CART)).status, 200);
      const { kind, sessionId: present } = next.session.getSnapshot();
      assert.deepEqual([kind, present], ["anonymous", sessionId], path);
    }
  });
}

/** Tokens of the customer, from somewhere else. */
async function signedInElsewhere() {
  const { session } = await shop.host().visit(null);
  await session.login(buyer);
  return { accessToken: await session.accessToken() };
}

test("a wrong password costs one request, keeps the name and loses nothing", async () => {
  const host = shop.host();
  const { cookie, sessionId } = await guestOf(host);
  await shop.sandbox.requests();
  const visitor = await host.visit(cookie);
  assert.equal(await codeOf(visitor.session.login({ ...buyer, password: "wrong" })), "invalid_credentials");
  assert.deepEqual([visitor.setCookie, (await shop.sandbox.requests()).length], [undefined, 1]);
  assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
});

test("whoever signs in wrongly first goes on as the guest he has become", async () => {
  const host = shop.host();
  const visitor = await host.visit(null);
  assert.equal(await codeOf(visitor.session.login({ ...buyer, password: "wrong" })), "invalid_credentials");
  const { sessionId } = visitor.session.getSnapshot();
  assert.ok(sessionId);
  const next = await host.visit(cookieOf(visitor));
  await next.session.login(buyer);
  assert.equal(next.session.getSnapshot().sessionId, sessionId);
});

test("a logout ends it on all hosts, and the name leads nowhere", async () => {
  const store = shop.store();
  const [one, two] = [shop.host({ store }), shop.host({ store })];
  const visitor = await one.visit(null);
  await visitor.session.login(buyer);
  const cookie = cookieOf(visitor);
  const elsewhere = await two.visit(cookie);
  await elsewhere.session.accessToken();
  await shop.sandbox.requests();
  const leaving = await one.visit(cookie);
  const before = leaving.session.getSnapshot();
  await leaving.session.logout();
  assert.deepEqual(await shop.sandbox.requests(), [LOGOUT]);
  const after = leaving.session.getSnapshot();
  assert.deepEqual([after.kind, after.sessionId], ["anonymous", undefined]);
  assert.notEqual(after.identity, before.identity);
  assert.match(leaving.setCookie, /^__Host-storefront-session=; Max-Age=0; /);
  await shop.pass(2);
  assert.equal(await codeOf(elsewhere.session.accessToken()), "aborted");
  const next = await two.visit(cookie);
  await next.session.fetch(CART);
  assert.ok(cookieOf(next) && cookieOf(next) !== cookie);
  assert.notEqual(next.session.getSnapshot().sessionId, before.sessionId);
  // The same request may go on as a guest, under a name of its own.
  await leaving.session.accessToken();
  assert.ok(![cookie, cookieOf(next)].includes(cookieOf(leaving)));
});

test("company, scopes, saas token and events are the visitor's as in a page", async () => {
  const store = shop.store();
  const host = shop.host({ store });
  const visitor = await host.visit(null);
  const { session } = visitor;
  const told = [];
  session.subscribe(({ type, origin }) => told.push(`${type} ${origin}`));
  await session.login(buyer);
  const { signal } = session;
  assert.deepEqual((await session.legalEntities()).map(({ id }) => id).sort(), ["le-north", "le-south"]);
  assert.equal((await session.switchLegalEntity("le-north")).legalEntityId, "le-north");
  assert.ok(signal.aborted);
  assert.equal(session.hasScope("order.history_view"), undefined);
  assert.equal((await session.validate()).legalEntityId, "le-north");
  assert.equal(session.hasScope("order.history_read"), true);
  assert.equal(session.hasScope("order.nothing"), false);
  assert.ok(session.saasToken());
  assert.equal(await codeOf(session.switchLegalEntity("le-nowhere")), "legal_entity_refused");
  const elsewhere = await shop.host({ store }).visit(cookieOf(visitor));
  assert.equal(elsewhere.session.getSnapshot().legalEntityId, "le-north");
  await elsewhere.session.switchLegalEntity(null);
  await shop.pass(2);
  await session.accessToken();
  assert.equal(session.getSnapshot().legalEntityId, undefined);
  assert.deepEqual(told.filter((it) => !/^(renewed|busy)/.test(it)), ["started local", "login local", "switched local", "switched remote"]);
  await shop.sandbox.requests();
  const guest = await host.visit(null);
  assert.equal(await codeOf(guest.session.switchLegalEntity("le-north")), "login_required");
  assert.equal(await codeOf(session.login({ ...buyer, email: "solo@example.com" })), "invalid_state");
  assert.deepEqual(await shop.sandbox.requests(), []);
});

test("a checkout has its headers, and tokens from somewhere else are taken over under another name", async () => {
  const host = shop.host({ store: shop.store() });
  const visitor = await host.visit(null);
  const { session } = visitor;
  assert.deepEqual(Object.keys(await session.checkoutHeaders()), ["Authorization"]);
  assert.equal(await codeOf(session.checkoutHeaders({ customer: true })), "login_required");
  await session.login(buyer);
  const headers = await session.checkoutHeaders({ customer: true });
  assert.equal(headers.Authorization, `Bearer ${await session.accessToken()}`);
  assert.equal(headers["saas-token"], session.saasToken());

  const other = await host.visit(null);
  await other.session.accessToken();
  const before = other.setCookie;
  const accessToken = headers.Authorization.slice("Bearer ".length);
  assert.equal(await codeOf(other.session.adopt({})), "invalid_argument");
  const snapshot = await other.session.adopt({ accessToken });
  assert.equal(snapshot.kind, "customer");
  assert.notEqual(other.setCookie, before);
  assert.equal(await other.session.adoptFromUrl("https://shop.example/?a=1"), "https://shop.example/?a=1");
  for (const address of [undefined, 5, {}, Symbol("a")]) assert.equal(await codeOf(other.session.adoptFromUrl(address)), "invalid_argument");
});

test("a visitor's session has what any session has", async () => {
  const { SessionManager } = await import("storefront-session");
  const page = await SessionManager.open({ tenant: "acme", clientId: "storefront", storage: "memory" });
  const { session } = await shop.host({ store: shop.store() }).visit(null);
  const missing = Object.keys(page).filter((name) => !(name in session));
  page.close();
  assert.deepEqual(missing, []);
});

// Renewal

test("what nears its end is renewed before it is handed out, by one request for all", async () => {
  const store = shop.store();
  const hosts = Array.from({ length: 4 }, () => shop.host({ store }));
  const { cookie, sessionId } = await guestOf(hosts[0]);
  // Within the last minute: a page would renew behind the answer.
  await shop.pass(3_560);
  await shop.sandbox.requests();
  const before = await hosts[0].visit(cookie);
  assert.deepEqual(await shop.sandbox.requests(), [], "visit makes no request");
  const tokens = await Promise.all(
    Array.from({ length: 80 }, async (_, index) => (await hosts[index % 4].visit(cookie)).session.accessToken()),
  );
  assert.equal(new Set(tokens).size, 1);
  assert.deepEqual(await shop.sandbox.requests(), [GUEST_REFRESH]);
  assert.equal(await before.session.accessToken(), tokens[0]);
  assert.equal(before.session.getSnapshot().sessionId, sessionId);
  assert.deepEqual(await shop.sandbox.requests(), []);
});

test("a customer's refresh token is renewed at three quarters of its life, before the answer and not behind it", async () => {
  const host = shop.host();
  const visitor = await host.visit(null);
  await visitor.session.login(buyer);
  await shop.pass(19 * 3_600);
  await shop.sandbox.requests();
  const next = await host.visit(cookieOf(visitor));
  await next.session.accessToken();
  assert.equal((await shop.sandbox.requests()).at(-1), REFRESH);
  await next.settled();
  assert.deepEqual(await shop.sandbox.requests(), []);
  assert.equal(next.setCookie, undefined, "the name stays");
});

test("a renewal that fails leaves what still serves, and spares the platform for a while", async () => {
  const host = shop.host();
  const { cookie } = await guestOf(host);
  const former = await (await host.visit(cookie)).session.accessToken();
  await shop.pass(3_560);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 9, kind: "status", status: 503, retryAfter: 30 });
  await shop.sandbox.requests();
  for (let count = 0; count < 3; count += 1) assert.equal(await (await host.visit(cookie)).session.accessToken(), former);
  assert.equal((await shop.sandbox.requests()).length, 1);
});

test("an expired token and a platform in trouble are an error that may pass, and nobody is lost", async () => {
  const host = shop.host();
  const { cookie, sessionId } = await guestOf(host);
  await shop.pass(3_700);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "status", status: 503 });
  const failing = await host.visit(cookie);
  const error = await failing.session.accessToken().catch((error) => error);
  assert.ok(error instanceof SessionError);
  assert.deepEqual([error.code, error.retryable], ["server", true]);
  assert.equal(failing.setCookie, undefined);
  let token;
  while (typeof token !== "string") token = await (await host.visit(cookie)).session.accessToken().catch(({ retryAfterMs }) => new Promise((done) => setTimeout(done, retryAfterMs)));
  assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
});

test("a token that is refused is renewed once for all who were refused, and a caller's 401 stays his", async () => {
  const host = shop.host();
  const { cookie, sessionId } = await guestOf(host);
  await shop.sandbox.control("revoke", { kind: "access", sessionId });
  await shop.sandbox.requests();
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await (await host.visit(cookie)).session.fetch(CART)).status));
  assert.deepEqual(new Set(answers), new Set([200]));
  const asked = await shop.sandbox.requests();
  assert.deepEqual(asked.filter((it) => it !== CART_READ && it !== "GET /cart/carts none 401" && !/ 401$/.test(it)), [GUEST_REFRESH]);

  await shop.sandbox.fault({ path: "/media/acme/private", times: 99, kind: "status", status: 401 });
  for (let count = 0; count < 4; count += 1) assert.equal((await (await host.visit(cookie)).session.fetch("/media/acme/private")).status, 401);
  assert.equal((await shop.sandbox.requests()).filter((it) => it === GUEST_REFRESH).length, 1);
});

test("settled resolves when all that was begun is stored, also for who did not wait", async () => {
  const host = shop.host();
  const visitor = await host.visit(null);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "delay", delayMs: 50 });
  visitor.session.accessToken();
  await visitor.settled();
  const next = await host.visit(cookieOf(visitor));
  assert.ok(next.session.getSnapshot().sessionId);
  // A caller who has given up does not end it either.
  const other = await host.visit(null);
  const controller = new AbortController();
  const given = other.session.accessToken({ signal: controller.signal }).catch(({ code }) => code);
  controller.abort();
  assert.equal(await given, "aborted");
  await other.settled();
  assert.ok(other.session.getSnapshot().sessionId);
});

test("close rejects what comes and waits for what is under way", async () => {
  const store = shop.store();
  const host = shop.host({ store });
  const visitor = await host.visit(null);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "hold" });
  const asking = codeOf(visitor.session.accessToken());
  await shop.sandbox.asked(/anonymous\/login/);
  let isClosed = false;
  const closing = host.close().then(() => (isClosed = true));
  assert.equal(await asking, "closed");
  assert.equal(isClosed, false);
  await shop.sandbox.release();
  await closing;
  assert.equal(await codeOf(host.visit(null)), "closed");
  assert.equal(await codeOf(visitor.session.fetch(CART)), "closed");
});

for (const [name, now] of [
  ["throws", () => { throw new Error("no"); }],
  ["is no number", () => NaN],
  ["is a text", () => "5"],
  ["is before 1970", () => -5],
  ["is no date's", () => Infinity],
]) {
  test(`a clock that ${name} is not told, and the machine's counts`, async () => {
    const host = shop.host({ now, store: memoryStore({ now }) });
    const { cookie, sessionId } = await guestOf(host);
    const visitor = await host.visit(cookie);
    await visitor.session.login(buyer);
    assert.equal(visitor.session.getSnapshot().sessionId, sessionId);
    assert.equal(await codeOf((await host.visit(cookie)).session.fetch(CART)), "aborted");
  });
}

test("nothing keeps the process alive, and a window makes no page of it", async () => {
  const source = `
    globalThis.window = globalThis;
    globalThis.document = { visibilityState: "visible" };
    const { SessionServer } = await import("storefront-session/server");
    const sessions = new SessionServer({ tenant: "acme", clientId: "storefront", apiUrl: process.argv[1] });
    const [one, two] = [await sessions.visit(null), await sessions.visit(null)];
    await one.session.login(${JSON.stringify(buyer)});
    await two.session.accessToken();
    await (await sessions.visit(null)).session.fetch("/product/acme/products");
    console.log(one.session !== two.session, two.session.getSnapshot().kind);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source, shop.sandbox.url], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  const [status] = await once(child, "close");
  assert.deepEqual([status, printed.trim()], [0, "true anonymous"]);
});

test("who is asked to sign in and then to log out is signed out, though nobody was there yet", async () => {
  const lender = (await shop.host().visit(null)).session;
  await lender.login(buyer);
  const accessToken = await lender.accessToken();
  for (const [name, signIn] of Object.entries({ login: (session) => session.login(buyer), adopt: (session) => session.adopt({ accessToken }) })) {
    for (const isGuest of [false, true]) {
      const host = shop.host();
      const visitor = await host.visit(isGuest ? (await guestOf(host)).cookie : null);
      const signingIn = codeOf(signIn(visitor.session));
      await visitor.session.logout();
      await signingIn;
      const next = await host.visit(cookieOf(visitor));
      await next.session.accessToken();
      const kinds = [visitor, next].map(({ session }) => session.getSnapshot().kind);
      assert.deepEqual(kinds, ["anonymous", "anonymous"], `${name}, a guest: ${isGuest}`);
    }
  }
  // Whoever is asked to sign in after a logout is not meant by it.
  const { session } = await shop.host().visit(null);
  const leaving = session.logout();
  await session.login(buyer);
  await leaving;
  assert.equal(session.getSnapshot().kind, "customer");
});

test("a guest who went to another site in an earlier request has his cart there merged at the login", async () => {
  const host = shop.host({ mergeCart: true, context: { siteCode: "main", currency: "EUR" } });
  let cookie = null;
  const visit = async (work) => {
    const visitor = await host.visit(cookie);
    const outcome = await work(visitor.session);
    cookie = cookieOf(visitor) ?? cookie;
    return outcome;
  };
  const json = { method: "POST", headers: { "content-type": "application/json" } };
  await visit((session) => session.accessToken());
  await visit((session) => updateContext(session, { siteCode: "outlet" }));
  const guests = await visit(async (session) => {
    const { id } = await (await session.fetch("/cart/acme/carts?siteCode=outlet&create=true")).json();
    const [{ yrn, price }] = await (await session.fetch(PRODUCTS)).json();
    const added = await session.fetch(`/cart/acme/carts/${id}/items`, { ...json, body: JSON.stringify({ itemYrn: yrn, price, quantity: 1 }) });
    assert.equal(added.status, 201);
    return id;
  });
  await visit((session) => session.login(buyer));
  const { cartId } = await visit((session) => session.getSnapshot());
  const [own, former] = await visit((session) => Promise.all([cartId, guests].map((id) => session.fetch(`/cart/acme/carts/${id}`))));
  assert.deepEqual([(await own.json()).items?.length, former.status], [1, 404]);
});

test("the company that one visitor has chosen last is no other visitor's", async () => {
  const host = shop.host({ company: "restore" });
  const [one, two] = [await host.visit(null), await host.visit(null)];
  await one.session.login(buyer);
  await one.session.switchLegalEntity("le-south");
  const { legalEntityId, needsLegalEntity } = await two.session.login(buyer);
  assert.deepEqual([legalEntityId, needsLegalEntity], [undefined, true]);
});

test("what was begun has ended a minute later, though the platform never answers and nothing else goes on", async (context) => {
  // Loaded before the clock stands still.
  await guestOf(shop.host());
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let fail;
  const platform = new Promise((_, reject) => (fail = reject));
  const host = shop.host({ fetch: () => platform, timeoutMs: 1_000 });
  const visitor = await host.visit(null);
  const call = codeOf(visitor.session.accessToken());
  let isOver = false;
  const over = (async () => {
    const code = await call;
    await visitor.settled();
    await host.close();
    isOver = true;
    return code;
  })();
  let seconds = 0;
  for (; !isOver && seconds < 200; seconds += 1) {
    context.mock.timers.tick(1_000);
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  }
  context.mock.timers.reset();
  fail(new TypeError("fetch failed"));
  assert.ok(isOver, `open after ${seconds} s`);
  assert.equal(await over, "timeout");
});
