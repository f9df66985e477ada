// Stores that fail, are silent or answer with anything, and cookies of every kind: nobody is lost, and nobody is somebody else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SessionError, memoryStore } from "storefront-session/server";

import { CART, PRODUCTS, buyer, codeOf, cookieOf, guestOf, useShop } from "./lib/shop.mjs";
import { keepsTheContract } from "./lib/store-contract.mjs";

const shop = useShop();
const KEY = "storefront-session:acme:storefront";
const name = (letter) => letter.repeat(43);

/** The store, whose methods answer as `faults` has them while it does. */
function faulty(store, faults = {}) {
  const it = { faults };
  for (const method of ["get", "set", "lock", "delete"]) {
    it[method] = (...call) => (it.faults[method] ?? it.faults.all ?? store[method])(...call);
  }
  return it;
}

/** What is checked of an error that comes of the store. */
function isStorage(error, retryable = true) {
  assert.ok(error instanceof SessionError, `${error}`);
  assert.deepEqual([error.code, error.retryable], ["storage", retryable]);
}

const throws = async () => {
  throw new Error("READONLY You can't write against a read only replica: AUTH default s3cretPassw0rd123456789abc");
};
const silent = () => new Promise(() => {});

for (const [kind, fault, timeoutMs] of [
  ["throws", throws, 15_000],
  ["throws at once", () => { throw undefined; }, 15_000],
  ["does not answer", silent, 200],
]) {
  test(`a store that ${kind}: storage, retryable, no cookie, no token request, and nobody is logged out`, async () => {
    const real = shop.store();
    const store = faulty(real);
    const host = shop.host({ store, timeoutMs });
    const { cookie, sessionId } = await guestOf(host);
    const customer = await host.visit(null);
    await customer.session.login(buyer);
    await shop.pass(3_700);
    await shop.sandbox.requests();
    for (const broken of [["get"], ["set"], ["lock"], ["get", "set", "lock", "delete"]]) {
      store.faults = Object.fromEntries(broken.map((method) => [method, fault]));
      const fresh = await host.visit(null);
      isStorage(await fresh.session.fetch(CART).catch((error) => error));
      assert.equal(fresh.setCookie, undefined);
      const returning = await host.visit(cookie);
      isStorage(await returning.session.fetch(CART).catch((error) => error));
      assert.equal(returning.setCookie, undefined);
      if (broken.includes("get")) isStorage(await returning.session.fetch(PRODUCTS).catch((error) => error));
      const buying = await host.visit(cookieOf(customer));
      isStorage(await buying.session.switchLegalEntity("le-north").catch((error) => error));
      if (!broken.includes("set") || broken.includes("lock")) {
        isStorage(await buying.session.logout().catch((error) => error));
      }
      assert.deepEqual(await shop.sandbox.requests(), [], broken.join());
    }
    store.faults = { delete: fault };
    isStorage(await (await host.visit(cookieOf(customer))).session.logout().catch((error) => error));
    store.faults = {};
    assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
    const buying = await host.visit(cookieOf(customer));
    assert.equal(buying.session.getSnapshot().kind, "customer");
    const again = await host.visit(cookie);
    assert.equal((await again.session.fetch(CART)).status, 200);
    assert.equal(again.session.getSnapshot().sessionId, sessionId);
  });
}

test("an error of the store tells none of its secrets", async () => {
  const host = shop.host({ store: faulty(memoryStore(), { all: throws }) });
  const error = await (await host.visit(null)).session.accessToken().catch((error) => error);
  isStorage(error);
  assert.match(error.cause.message, /READONLY/);
  assert.ok(!`${error.stack} ${error.cause.stack}`.includes("s3cret"));
});

test("the same visit serves once the store does", async () => {
  const store = faulty(shop.store());
  const host = shop.host({ store });
  const { cookie, sessionId } = await guestOf(host);
  store.faults = { all: throws };
  const visitor = await host.visit(cookie);
  isStorage(await visitor.session.accessToken().catch((error) => error));
  store.faults = {};
  assert.equal(typeof (await visitor.session.accessToken()), "string");
  assert.equal(visitor.session.getSnapshot().sessionId, sessionId);
});

test("a store that breaks once the token was asked for is tried again: the rotated token is stored", async () => {
  const store = faulty(shop.store());
  const host = shop.host({ store });
  const { cookie, sessionId } = await guestOf(host);
  await shop.pass(3_700);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "hold" });
  await shop.sandbox.requests();
  const renewing = (await host.visit(cookie)).session.accessToken();
  await shop.sandbox.asked(/anonymous\/refresh/);
  let left = 3;
  const { set } = store;
  store.faults = { set: (...call) => (left-- > 0 ? throws() : ((store.faults = {}), set(...call))) };
  await shop.sandbox.release();
  const token = await renewing;
  assert.ok(left < 1);
  const next = await host.visit(cookie);
  assert.deepEqual([await next.session.accessToken(), next.session.getSnapshot().sessionId], [token, sessionId]);
});

test("so it is where the host stood still with the answer in hand, and nothing of its own time is left", async (context) => {
  const store = faulty(shop.store());
  const host = shop.host({ store });
  const { cookie, sessionId } = await guestOf(host);
  await shop.pass(3_700);
  await shop.sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "hold" });
  const renewing = (await host.visit(cookie)).session.accessToken();
  await shop.sandbox.asked(/anonymous\/refresh/);
  const now = performance.now.bind(performance);
  store.faults = {
    set: () => {
      store.faults = {};
      context.mock.method(performance, "now", () => now() + 60_000);
      return throws();
    },
  };
  await shop.sandbox.release();
  const token = await renewing;
  assert.ok(!store.faults.set);
  const next = await host.visit(cookie);
  assert.deepEqual([await next.session.accessToken(), next.session.getSnapshot().sessionId], [token, sessionId]);
});

test("a write that was done though its answer was lost is no conflict", async () => {
  const real = shop.store();
  const store = faulty(real);
  let count = 0;
  store.faults = { set: async (...call) => (await real.set(...call), (count += 1) === 2 ? throws() : true) };
  const host = shop.host({ store });
  const visitor = await host.visit(null);
  await visitor.session.accessToken();
  assert.equal(count, 3);
  assert.equal((await shop.sandbox.requests()).length, 1);
  assert.ok((await host.visit(cookieOf(visitor))).session.getSnapshot().sessionId);
});

test("an answer that makes no sense is an error of the store, and nobody is taken for a guest", async () => {
  const store = faulty(shop.store());
  const host = shop.host({ store });
  const { cookie, sessionId } = await guestOf(host);
  await shop.sandbox.requests();
  const values = [5, {}, [], true, "", "x", "{}", "1:", "1:{}", "1:null", `1:${JSON.stringify({ schema: 1 })}`, "NaN:{}", Buffer.from("1:{}")];
  for (const value of values) {
    store.faults = { get: async () => value };
    const visitor = await host.visit(cookie);
    for (const act of [() => visitor.session.fetch(CART), () => visitor.session.fetch(PRODUCTS), () => visitor.session.login(buyer), () => visitor.session.logout()]) {
      isStorage(await act().catch((error) => error), false);
    }
    assert.equal(visitor.setCookie, undefined);
  }
  for (const [method, answers] of [["set", [undefined, "OK", 1, {}]], ["lock", [true, {}, "OK", 5]]]) {
    for (const answer of answers) {
      store.faults = { [method]: async () => answer };
      const visitor = await host.visit(null);
      isStorage(await visitor.session.accessToken().catch((error) => error), false);
      assert.equal(visitor.setCookie, undefined);
    }
  }
  assert.deepEqual(await shop.sandbox.requests(), []);
  store.faults = {};
  assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
});

test("a record of a newer schema is left alone", async () => {
  const store = shop.store();
  const host = shop.host({ store });
  const { cookie } = await guestOf(host);
  const key = await keyOf(cookie);
  const text = (await store.get(key)).replace('"schema":1', '"schema":9').replace('"readableBy":1', '"readableBy":9');
  const revision = Number.parseInt(text, 10);
  await store.delete(key);
  await store.set(key, text, { ttlMs: 1e9, expect: undefined });
  const visitor = await host.visit(cookie);
  isStorage(await visitor.session.fetch(CART).catch((error) => error), false);
  isStorage(await visitor.session.logout().catch((error) => error), false);
  assert.equal(visitor.setCookie, undefined);
  assert.equal(await store.get(key), text);
  // One that says that it can be read is read, and what it has besides is kept.
  await store.set(key, text.replace('"readableBy":9', '"readableBy":1,"later":true'), { ttlMs: 1e9, expect: revision });
  assert.equal(typeof (await (await host.visit(cookie)).session.accessToken()), "string");
  await (await host.visit(cookie)).session.refresh();
  assert.match(await store.get(key), /"later":true/);
});

test("what is encrypted is opened by any of the keys, at its own place, and by nobody else", async () => {
  const [one, two] = [new Uint8Array(32).fill(1), Buffer.alloc(32, 2).toString("base64")];
  const store = shop.store();
  const host = shop.host({ store, encryptionKey: one });
  const { cookie, sessionId } = await guestOf(host);
  const other = await guestOf(host);
  const [key, otherKey] = [await keyOf(cookie), await keyOf(other.cookie)];
  assert.ok(!(await store.get(key)).includes(sessionId));
  for (const encryptionKey of [two, undefined, [two]]) {
    const visitor = await shop.host({ store, encryptionKey }).visit(cookie);
    isStorage(await visitor.session.fetch(CART).catch((error) => error), false);
    assert.equal(visitor.setCookie, undefined);
  }
  const rotated = shop.host({ store, encryptionKey: [two, one] });
  await (await rotated.visit(cookie)).session.refresh();
  const { session } = await shop.host({ store, encryptionKey: two }).visit(cookie);
  assert.equal(session.getSnapshot().sessionId, sessionId);
  // Another's record in this place.
  const revision = Number.parseInt(await store.get(key), 10);
  await store.set(key, await store.get(otherKey), { ttlMs: 1e9, expect: revision });
  isStorage(await (await host.visit(cookie)).session.accessToken().catch((error) => error), false);
  // One that is not encrypted where a key is wanted.
  const plain = await guestOf(shop.host({ store }));
  isStorage(await (await host.visit(plain.cookie)).session.accessToken().catch((error) => error), false);
  for (const encryptionKey of ["short", new Uint8Array(16), [new Uint8Array(31)], {}, 5, [], Array(1), Object.assign(Array(2), { 1: one }), ""]) {
    assert.throws(() => shop.host({ encryptionKey }), { code: "invalid_argument", field: "encryptionKey" });
  }
});

test("a cookie that is forged, cut, repeated or very long names nobody else", async () => {
  const host = shop.host();
  const { cookie, sessionId } = await guestOf(host);
  const [label, value] = cookie.split("=");
  const forged = [`${label}=${name("A")}`, cookie.slice(0, -1), `${cookie}A`, `${label}=${"A".repeat(1e6)}`, `${label}=`, label, `${label}=a;${"b=c;".repeat(1e4)}`, `${label}=${value.slice(1)}`, `x${cookie}`, `${label}= ${"%41".repeat(43)}`, `${label}=${"\u0000".repeat(43)}`, `${label}=__proto__`];
  for (const header of forged) {
    const visitor = await host.visit(header);
    assert.equal(visitor.session.getSnapshot().sessionId, undefined, header.slice(0, 100));
    await visitor.session.accessToken();
    assert.notEqual(visitor.session.getSnapshot().sessionId, sessionId);
    assert.ok(visitor.setCookie && cookieOf(visitor) !== header);
  }
  for (const header of [`${cookie}; ${cookie}`, `a=b;${cookie};c`, `${label}="${value}"`, `${label}=; ${cookie}`, `${label}=${name("A")}; ${cookie}`, `${cookie}; ${label}=${name("A")}`]) {
    const visitor = await host.visit(header);
    assert.equal(visitor.session.getSnapshot().sessionId, sessionId, header);
    assert.equal(visitor.setCookie, undefined);
  }
  for (const header of [5, {}, [cookie], true, Symbol("a")]) assert.equal(await codeOf(host.visit(header)), "invalid_argument");
});

test("two cookies that name two sessions are nobody's", async () => {
  const host = shop.host();
  const [one, two] = [await guestOf(host), await guestOf(host)];
  await shop.sandbox.requests();
  const visitor = await host.visit(`${one.cookie}; ${two.cookie}`);
  for (const act of [() => visitor.session.fetch(CART), () => visitor.session.login(buyer), () => visitor.session.accessToken()]) {
    assert.equal(await codeOf(act()), "invalid_argument");
  }
  assert.deepEqual([visitor.setCookie, await shop.sandbox.requests()], [undefined, []]);
  for (const { cookie, sessionId } of [one, two]) assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
});

test("a header of many names asks the store for none of them", async () => {
  const asked = [];
  const store = faulty(shop.store());
  const { get } = store;
  store.get = (key) => (asked.push(key), get(key));
  const host = shop.host({ store });
  const { cookie, sessionId } = await guestOf(host);
  const [label] = cookie.split("=");
  const names = Array.from({ length: 200 }, (_, index) => `${label}=${`${index}`.padStart(43, "A")}`);
  asked.length = 0;
  const visitor = await host.visit([...names, cookie].join("; "));
  assert.equal(await codeOf(visitor.session.accessToken()), "invalid_argument");
  assert.deepEqual([visitor.setCookie, asked], [undefined, []]);
  assert.equal((await host.visit(cookie)).session.getSnapshot().sessionId, sessionId);
});

test("a store that never says that a lease was given back holds nobody up", async () => {
  const real = shop.store();
  const store = faulty(real, {
    async lock(...call) {
      const lease = await real.lock(...call);
      const release = lease?.release;
      return lease && Object.assign(lease, { release: () => (release(), silent()) });
    },
  });
  const visitor = await shop.host({ store, timeoutMs: 1_000 }).visit(null);
  await visitor.session.login(buyer);
  assert.equal(visitor.session.getSnapshot().kind, "customer");
  assert.ok(visitor.setCookie);
});

test("the cookie can be another in development, and never one that a browser refuses", async () => {
  const host = shop.host({ cookie: { name: "shop", secure: false, sameSite: "strict", maxAge: 60 } });
  const visitor = await host.visit(null);
  await visitor.session.accessToken();
  assert.match(visitor.setCookie, /^shop=[\w-]{43}; Max-Age=60; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.ok((await host.visit(cookieOf(visitor))).session.getSnapshot().sessionId);
  const bad = [{ name: "a b" }, { name: "" }, { name: "a=b" }, { name: "__Host-a", secure: false }, { name: "__Http-a", secure: false }, { secure: 1 }, { sameSite: "no" }, { sameSite: Symbol("no") }, { sameSite: "None", secure: false }, { maxAge: 0 }, { maxAge: "1" }, { maxAge: 1.5 }];
  for (const cookie of [...bad, 5]) assert.throws(() => shop.host({ cookie }), { code: "invalid_argument" }, JSON.stringify(cookie));
  const options = [{ tenant: "A" }, { clientId: "" }, { apiUrl: "ftp://a" }, { store: {} }, { store: 5 }, { timeoutMs: 0 }, { now: 5 }, { fetch: 5 }];
  for (const option of options) assert.throws(() => shop.host(option), { code: "invalid_argument", message: /^\w+ must be (?!something else|undefined)/ }, JSON.stringify(option));
});

// The store of one process

keepsTheContract("memoryStore", () => {
  const store = memoryStore();
  return [store, store];
});

test("memoryStore forgets by the clock it is given, also what nobody asks for", async () => {
  let time = 0;
  const store = memoryStore({ now: () => time });
  const options = { ttlMs: 1_000, expect: undefined };
  assert.equal(await store.set("a", "1:x", options), true);
  time = 999;
  assert.equal(await store.get("a"), "1:x");
  time = 1_000;
  assert.equal(await store.get("a"), undefined);
});

/** Where the session of this cookie is kept. */
async function keyOf(cookie) {
  const { createHash } = await import("node:crypto");
  return `${KEY}:${shop.sandbox.url}:${createHash("sha256").update(cookie.split("=")[1]).digest("hex")}`;
}
