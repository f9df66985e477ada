// The option `debug`: what is told of each decision, and that no secret is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

/** A tab whose session tells its lines to the page's `told`, which is searched for secrets after the test. */
async function debugged(more = {}) {
  const tab = await storefront.tab();
  await tab.run((more) => {
    globalThis.lines = [];
    return open({ ...more, debug: (line) => (lines.push(line), told.push({ ...line, all: `${line}` })) });
  }, more);
  return tab;
}

const linesOf = (tab) => tab.run(() => lines.map(String));
/** The first line of that kind with these words, which must be there. */
function find(lines, kind, words) {
  const line = lines.find((line) => line.startsWith(`storefront-session ${kind}: `) && words.test(line));
  assert.ok(line, `no ${kind} says ${words}:\n${lines.join("\n")}`);
  return line;
}

test("each decision is a line, each operation a measure, and no id is there in full", async () => {
  const { sandbox } = storefront;
  const tab = await debugged();
  await tab.token();
  const { sessionId } = await tab.snapshot();
  await tab.login();
  await tab.run(() => session.switchLegalEntity("le-north"));
  await tab.run(() => session.fetch(`/cart/acme/carts/le-north?sessionId=${session.getSnapshot().sessionId}`));
  await sandbox.control("revoke", { kind: "access", identity: "customer", sessionId });
  await tab.run(() => session.fetch("/product/acme/products"));
  await tab.run(() => failure(session.switchLegalEntity("le-elsewhere")));
  await tab.run(() => session.logout());
  const lines = await linesOf(tab);

  find(lines, "request", /anonymous\/login, because the guest has no token/);
  find(lines, "request", /refreshauthtoken, because switchLegalEntity\(\) was called \(for company le-n…\)/);
  find(lines, "answer", /401 to GET \/product\/….*refused/);
  find(lines, "request", /refreshauthtoken, because an API call was answered with 401/);
  find(lines, "answer", /400 to GET \/customer\/acme\/refreshauthtoken: refused/);
  find(lines, "call", /switchLegalEntity\(le-e…\): failed with legal_entity_refused/);
  find(lines, "lock", /granted/);
  find(lines, "record", /stored as revision \d+: customer, new tokens, company le-n…/);
  find(lines, "event", /login, requested, local: another identity/);
  for (const line of lines) assert.ok(!/\n/.test(line) && ![sessionId, "le-north", "le-elsewhere"].some((id) => line.includes(id)), line);

  const measures = await tab.run(() => performance.getEntriesByType("measure").map(({ name }) => name));
  for (const name of ["open", "login", "switchLegalEntity", "fetch", "logout", "request", "lock"]) {
    assert.ok(measures.includes(`storefront-session:${name}`), `${name} is measured`);
  }
});

test("a tab tells who had the lock, and what it adopts of another tab", async () => {
  const one = await debugged();
  const two = await debugged();
  // Another page's turn, for as long as this test likes.
  await two.run((key) => new Promise((granted) => navigator.locks.request(key, () => (granted(), new Promise((end) => (globalThis.letGo = end))))), KEY);
  const login = one.login();
  await one.page.waitForFunction(() => lines.some((line) => /still waited for, held by another tab/.test(line)));
  await two.run(() => letGo());
  await login;
  find(await linesOf(one), "lock", /granted, after another tab had it/);
  await two.heard("login");
  find(await linesOf(two), "record", /another tab .* revision \d+ .*another identity: customer, new tokens.*adopted/);
});

test("what is commonly done wrong is warned of, once", async () => {
  const tab = await debugged();
  await tab.run(async () => {
    for (let count = 0; count < 10; count += 1) await SessionManager.open(options);
    await SessionManager.open({ ...options, timeoutMs: 1_234 });
    await session.validate().catch(() => {});
    await session.validate().catch(() => {});
  });
  const warnings = (await linesOf(tab)).filter((line) => /^storefront-session warning/.test(line));
  assert.equal(warnings.length, 2, warnings.join("\n"));
  find(warnings, "warning", /different options/);
  find(warnings, "warning", /opened 11 times and not closed/);
});

test("without it nothing more is loaded or printed; with true the console has the lines; who listens badly harms nobody", async () => {
  const tab = await storefront.tab();
  const printed = [];
  tab.page.on("console", (message) => printed.push(`${message.type()} ${message.text()}`));
  const loaded = () => tab.run(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/debug.js")).length);
  await tab.open({ debug: false });
  await tab.token();
  assert.equal(await loaded(), 0);
  assert.deepEqual(printed, []);
  await tab.run(() => session.close());

  await tab.open({ debug: true });
  await tab.run(() => session.refresh());
  assert.equal(await loaded(), 1);
  assert.ok(printed.some((line) => /^debug storefront-session request: .*because refresh\(\) was called/.test(line)), printed.join("\n"));
  await tab.run(() => session.close());

  const heard = await tab.run(async () => {
    globalThis.reportError = () => {};
    const session = await SessionManager.open({ ...options, debug: () => { throw new Error("no"); } });
    await session.refresh();
    return session.getSnapshot().kind;
  });
  assert.equal(heard, "anonymous");
  const { code, field } = await tab.run(() => failure(SessionManager.open({ ...options, debug: 1 })));
  assert.deepEqual([code, field], ["invalid_argument", "debug"]);
});

test("where the file is missing the session opens without it, and the next one asks for it again", async () => {
  const tab = await storefront.tab();
  await tab.page.route("**/debug.js", (route) => route.fulfill({ status: 404 }));
  await tab.open({ debug: true });
  assert.ok(await tab.token());
  await tab.run(() => session.close());
  await tab.page.unroute("**/debug.js");
  const lines = await tab.run(async () => {
    const lines = [];
    await SessionManager.open({ ...options, debug: (line) => lines.push(`${line}`) });
    return lines;
  });
  find(lines, "call", /open: anonymous/);
});

test("a visitor who comes back has his token at hand with it as without", async () => {
  const first = await storefront.session();
  const token = await first.token();
  const tab = await debugged();
  assert.equal(await tab.token(), token);
  find(await linesOf(tab), "call", /open: anonymous, sessionId \S+…, company none, durable true/);
  assert.equal((await linesOf(tab)).filter((line) => / request: /.test(line)).length, 0);
});
