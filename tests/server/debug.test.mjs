// The option `debug` on a server: what is told of each decision, and that no secret is.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { CART, PRODUCTS, buyer, codeOf, cookieOf, guestOf, useShop } from "./lib/shop.mjs";

const shop = useShop();
const SEARCH = `${PRODUCTS}?q=buyer@example.com`;
const REFRESH = "/customerlogin/auth/anonymous/refresh";

/** All that was told in a test, and what must be nowhere in it. */
let lines = [];
let secrets = [];

/** A host that tells its lines; the platform's tokens, and what its store is given, are searched for in them after the test. */
function debugged(options) {
  const send = async (input, init) => {
    const answer = await fetch(input, init);
    const text = await answer.clone().text();
    secrets.push(...Array.from(text.matchAll(/"(?:\w*token|session_?id)":"([^"]{8,})"/gi), ([, value]) => value));
    return answer;
  };
  return shop.host({ fetch: send, debug: (line) => lines.push(line), ...options });
}

async function visit(host, cookie) {
  const visitor = await host.visit(cookie);
  if (cookie) secrets.push(cookie.split("=")[1]);
  return visitor;
}

/** What the answer has the browser keep; its name is told nowhere. */
function kept(visitor) {
  const cookie = cookieOf(visitor);
  secrets.push(cookie.split("=")[1]);
  return cookie;
}

afterEach(() => {
  const all = lines.map((line) => `${line} ${JSON.stringify(line)}`).join("\n");
  for (const secret of ["@example.com", "sandbox-pass", "le-north", "le-elsewhere", ...secrets]) assert.ok(!all.includes(secret), `${secret} is told`);
  for (const line of lines) assert.ok(!/\n/.test(line), `${line}`);
  lines = [];
  secrets = [];
});

/** Looks again with each turn of the event loop: what is waited for comes by itself. */
async function until(is) {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}

/** The first line of that kind with these words, which must be there. */
function find(kind, words) {
  const line = lines.find((line) => line.kind === kind && words.test(line));
  assert.ok(line, `no ${kind} says ${words}:\n${lines.join("\n")}`);
  return line;
}

test("each decision of a host is a line, of whose session it is, and no secret is in any", async () => {
  const host = debugged();
  const guest = await visit(host, null);
  find("visit", /no name: a session begins/);
  await guest.session.fetch(SEARCH);
  find("visit", /GET \/product\/… is read with the shared guest's token/);
  assert.equal(find("request", /anonymous\/login, because the guest has no token/).visitor, "shared");
  await guest.session.fetch(CART);
  const own = lines.findLast(({ kind, text }) => kind === "request" && /anonymous\/login/.test(text));
  assert.match(own.visitor, /^[0-9a-f]{8}$/);
  assert.match(`${own}`, new RegExp(`^storefront-session request \\[${own.visitor}\\]: `));
  const former = kept(guest);

  const visitor = await visit(host, former);
  find("visit", /anonymous, sessionId \S+…, company none/);
  await visitor.session.login(buyer);
  find("record", /stored as revision \d+: customer, new tokens, company none under a fresh name, [0-9a-f]{8}; the former is known as replaced/);
  find("event", /login, requested, local: another identity/);
  find("lock", /granted \(/);
  find("lock", /released/);
  const cookie = kept(visitor);
  await visitor.session.switchLegalEntity("le-north");
  find("request", /refreshauthtoken, because switchLegalEntity\(\) was called \(for company le-n…\)/);
  await codeOf(visitor.session.switchLegalEntity("le-elsewhere"));
  find("call", /switchLegalEntity\(le-e…\): failed with legal_entity_refused/);

  const late = await visit(host, former);
  find("visit", /a name that was replaced at a login/);
  assert.equal(await codeOf(late.session.fetch(CART)), "aborted");
  find("call", /fetch\(GET \/cart\/…\): failed with aborted/);

  const { sessionId } = visitor.session.getSnapshot();
  await shop.sandbox.control("revoke", { kind: "access", identity: "customer", sessionId });
  await (await visit(host, cookie)).session.fetch(PRODUCTS);
  find("answer", /401 to GET \/product\/….*refused/);
  find("request", /refreshauthtoken, because an API call was answered with 401/);
  await (await visit(host, cookie)).session.logout();
  find("record", /removed: nobody's: a logout/);
  await visit(host, cookie);
  find("visit", /a name that leads nowhere/);
  await visit(host, `${former}; ${cookie}`);
});

test("a host tells why it renews, who had the lease, and what it adopts", async () => {
  const store = shop.store();
  const one = debugged({ store });
  const two = debugged({ store });
  const { cookie } = await guestOf(one);
  await shop.pass(3_601);
  await shop.sandbox.fault({ path: REFRESH, kind: "hold", times: 1 });
  const visitors = await Promise.all([one, one, two].map((host) => visit(host, cookie)));
  const calls = visitors.slice(0, 2).map(({ session }) => session.accessToken());
  await shop.sandbox.asked(/anonymous\/refresh/);
  calls.push(visitors[2].session.accessToken());
  await until(() => lines.some(({ kind, text }) => kind === "lock" && /^still waited for, held by another host$/.test(text)));
  await shop.sandbox.release();
  const tokens = await Promise.all(calls);
  secrets.push(...tokens);
  assert.equal(new Set(tokens).size, 1);
  find("request", /anonymous\/refresh, because the access token ended \d+(\.\d)? s ago/);
  find("lock", /granted, after another host had it/);
  find("record", /another request of this host has stored revision \d+.*it is adopted/);
  find("record", /another host or request has stored revision \d+ \(here: \d+\), the same identity: guest, new tokens.*adopted/);
  assert.equal(lines.filter(({ kind, text }) => kind === "request" && /anonymous\/refresh/.test(text)).length, 1);
});

test("a host tells of a platform and of a store that fail, and that it leaves the platform in peace", async () => {
  const store = shop.store();
  const host = debugged({ store });
  const { cookie } = await guestOf(host);
  await shop.pass(3_601);
  await shop.sandbox.fault({ path: "/customerlogin/*", kind: "status", status: 503, retryAfter: 30, times: 10 });
  assert.equal(await codeOf((await visit(host, cookie)).session.accessToken()), "server");
  find("answer", /503 to GET \/customerlogin\/auth\/anonymous\/refresh: a fault, which ends nothing/);
  assert.equal(await codeOf((await visit(host, cookie)).session.accessToken()), "server");
  find("request", /no renewal for \d+(\.\d)? s, because the last one failed with server/);

  const other = debugged({ store: { ...store, set: async () => Promise.reject(new Error("secret-of-the-store")) } });
  secrets.push("secret-of-the-store");
  assert.equal(await codeOf((await visit(other, null)).session.accessToken()), "storage");
  find("record", /not stored \(the store failed\): that a \w+ begins/);

  await visit(debugged({ store: { ...store, get: async () => Promise.reject(new Error("secret-of-the-store")) } }), cookie);
  find("record", /not read: the store failed \(storage\)/);
});

test("without it nothing is told, with true the console is, and who listens badly harms nobody", async (context) => {
  const told = [];
  context.mock.method(console, "debug", (line) => told.push(line));
  context.mock.method(console, "error", () => {});
  await guestOf(shop.host());
  assert.deepEqual(told, []);
  const measures = performance.getEntriesByType("measure").length;
  await guestOf(shop.host({ debug: true }));
  assert.ok(told.some((line) => /^storefront-session request \[[0-9a-f]{8}\]: POST? ?.*|^storefront-session request/.test(line)), told.join("\n"));
  assert.equal(performance.getEntriesByType("measure").length, measures, "a process that runs for weeks keeps no measures");
  const { cookie } = await guestOf(shop.host({ debug: () => { throw new Error("no"); } }));
  assert.ok(cookie);
  assert.throws(() => shop.host({ debug: 1 }), { code: "invalid_argument", field: "debug" });
});
