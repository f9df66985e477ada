// Two tabs of one browser: one session, seen from both.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GUEST, KEY, LOGIN, LOGOUT, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

async function twoTabs() {
  return [await storefront.session(), await storefront.session()];
}

test("a login in one tab is the other's too: snapshot, token, saas token and signal follow", async () => {
  const { sandbox } = storefront;
  const [one, two] = await twoTabs();
  await one.token();
  await two.heard("started");
  const former = await two.token();
  await two.run(() => void (globalThis.ended = session.signal));

  await one.login();
  await two.heard("login");
  assert.deepEqual(await two.snapshot(), await one.snapshot());
  const seen = await two.run(async () => [ended.aborted, session.signal.aborted, typeof session.saasToken()]);
  assert.deepEqual(seen, [true, false, "string"]);
  const token = await two.token();
  assert.notEqual(token, former);
  assert.equal(token, await one.token());
  assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN]);
  assert.deepEqual(await two.events(), ["started needed remote", "login requested remote"]);
});

test("a company chosen in one tab is the other's too, and a renewal fires no signal there", async () => {
  const [one, two] = await twoTabs();
  await one.login();
  await two.heard("login");
  const aborted = () => two.run(() => ended.aborted);
  await two.run(() => void (globalThis.ended = session.signal));
  await one.run(() => session.refresh());
  await two.heard("renewed");
  assert.equal(await aborted(), false);
  await one.run(() => session.switchLegalEntity("le-south"));
  await two.heard("switched");
  assert.equal(await aborted(), true);
  assert.deepEqual(await two.snapshot(), await one.snapshot());
});

test("a logout in one tab empties the other at once", async () => {
  const { sandbox } = storefront;
  const [one, two] = await twoTabs();
  await one.login();
  await two.heard("login");
  const token = await two.token();
  const { sessionId } = await two.snapshot();
  await sandbox.requests();
  await one.run(() => session.logout());
  await two.heard("logout");
  const { kind, sessionId: after } = await two.snapshot();
  assert.deepEqual([kind, after], ["anonymous", undefined]);
  assert.equal(await two.run(() => session.saasToken()), undefined);
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
  const next = await two.token();
  assert.notEqual(next, token);
  assert.deepEqual(await sandbox.requests(), [GUEST]);
  assert.notEqual((await two.snapshot()).sessionId, sessionId);
});

test("without messages between tabs storage tells: of logins, and of logouts", async () => {
  const one = await storefront.session();
  const two = await storefront.tab({ prepare: () => delete globalThis.BroadcastChannel });
  await two.open();
  await one.login();
  await two.heard("login");
  await one.run(() => session.logout());
  await two.heard("logout");
  assert.equal((await two.snapshot()).kind, "anonymous");
});

/** A full tab, behind another or not, that counts how often a record is decoded in it, and notes what reaches it. */
async function reader(isHidden) {
  const tab = await storefront.session();
  // It has its core from then on.
  await tab.run(() => session.validate());
  await tab.run((isHidden) => {
    if (isHidden) setVisibility("hidden");
    globalThis.decoded = 0;
    const { parse } = JSON;
    JSON.parse = (text) => {
      if (/^\{"schema"/.test(text)) decoded += 1;
      return parse(text);
    };
    const channel = new BroadcastChannel(Object.keys(localStorage).find((key) => key.startsWith("storefront-session:")));
    globalThis.seen = [];
    let look = () => {};
    channel.onmessage = ({ data }) => (seen.push(data), look());
    addEventListener("storage", ({ newValue }) => (seen.push(newValue), look()));
    /** Resolves when a record with this text in it has come so many times, in whatever way. */
    globalThis.reached = (text, times) =>
      new Promise((resolve) => {
        look = () => seen.filter((it) => it.includes(text)).length >= times && turn().then(resolve);
        look();
      });
  }, isHidden);
  return tab;
}

const record = (tab) => tab.run((key) => localStorage.getItem(key), KEY);

/** How often the tab has decoded a record since the last time. */
const decoded = (tab) => tab.run(() => [decoded, (decoded = 0), (seen = [])][0]);

test("a hidden tab reads what another has renewed when it is asked for the token or shown, and hears of a logout at once", async () => {
  const other = await storefront.session();
  await other.login();
  const hidden = await reader(true);
  // The first that it hears is read: whose it is shows only then.
  await other.run(() => session.refresh());
  await hidden.run((text) => reached(text, 2), await record(other));
  await decoded(hidden);
  const former = await hidden.token();
  await decoded(hidden);

  for (let renewal = 0; renewal < 3; renewal += 1) await other.run(() => session.refresh());
  await hidden.run((text) => reached(text, 2), await record(other));
  assert.equal(await decoded(hidden), 0);
  const token = await hidden.token();
  assert.notEqual(token, former);
  assert.equal(token, await other.token());
  assert.ok((await decoded(hidden)) > 0);

  await other.run(() => session.refresh());
  await hidden.run((text) => reached(text, 2), await record(other));
  const { expiresAt } = await other.snapshot();
  await hidden.run(() => setVisibility("visible"));
  await hidden.run(() => turn());
  assert.equal((await hidden.snapshot()).expiresAt, expiresAt);

  const behind = await reader(true);
  await other.run(() => session.refresh());
  await behind.run((text) => reached(text, 2), await record(other));
  await other.run(() => session.refresh());
  await behind.run((text) => reached(text, 2), await record(other));
  const saas = await other.run(() => session.saasToken());
  assert.equal(await behind.run(() => session.saasToken()), saas);
  await other.run(() => session.logout());
  await behind.heard("logout");
  assert.deepEqual((await behind.events()).filter((event) => /logout/.test(event)), ["logout requested remote"]);
});

test("what a tab hears twice, by message and by storage, it reads once; that an operation is under way it does not read", async () => {
  const other = await storefront.session();
  await other.login();
  const tab = await reader(false);
  await other.run(() => session.refresh());
  await tab.run((text) => reached(text, 2), await record(other));
  await decoded(tab);
  await storefront.sandbox.requests();

  await storefront.sandbox.fault({ path: "/customer/acme/refreshauthtoken", kind: "hold", times: 1 });
  await other.run(() => void (globalThis.renewing = session.refresh()));
  await tab.run(() => reached('"pending"', 1));
  assert.equal(await decoded(tab), 0);
  await storefront.sandbox.asked(/refreshauthtoken/);
  await storefront.sandbox.release();
  await other.run(() => renewing);
  await tab.run((text) => reached(text, 2), await record(other));
  assert.equal(await tab.token(), await other.token());
  assert.equal(await decoded(tab), 1);
  assert.deepEqual(await tab.events(), ["renewed needed remote", "renewed needed remote"]);
});

test("storage is read again when it is cleared, and not when the shop stores something else", async () => {
  const [one, two] = await twoTabs();
  await one.token();
  await two.heard("started");
  await two.run(async (key) => {
    globalThis.reads = 0;
    const { getItem } = Storage.prototype;
    Storage.prototype.getItem = function (name) {
      if (name === key) reads += 1;
      return getItem.call(this, name);
    };
  }, KEY);
  // By the time that the page's own listener is called, the session's has read, if it reads at all.
  const readsAfter = async (change) => {
    await two.run(() => {
      globalThis.read = new Promise((resolve) =>
        addEventListener("storage", () => setTimeout(() => resolve(reads)), { once: true }),
      );
    });
    await one.run(change);
    return two.run(() => read);
  };
  assert.equal(await readsAfter(() => localStorage.setItem("cart", "1")), 0);
  assert.notEqual(await readsAfter(() => localStorage.clear()), 0);
});

test("a read under way in one tab is aborted by a login in the other", async () => {
  const { sandbox } = storefront;
  const [one, two] = await twoTabs();
  await one.token();
  await two.heard("started");
  await sandbox.fault({ path: "/product/acme/products", times: 1, kind: "hold" });
  await two.run(() => void (globalThis.read = failure(session.fetch("/product/acme/products"))));
  await sandbox.asked(/products/);
  await one.login();
  assert.equal((await two.run(() => read)).code, "aborted");
  await sandbox.release();
});

test("two cold tabs start one session", async () => {
  const { sandbox } = storefront;
  const tabs = await twoTabs();
  const tokens = await Promise.all(tabs.map((tab) => tab.token()));
  assert.equal(tokens[0], tokens[1]);
  assert.deepEqual(await sandbox.requests(), [GUEST]);
});

test("two tabs that log in at once end as one customer", async () => {
  const { sandbox } = storefront;
  const tabs = await twoTabs();
  await tabs[0].token();
  await tabs[1].heard("started");
  await sandbox.requests();
  // Both have begun before either is answered.
  await sandbox.fault({ path: "/customer/acme/login", times: 1, kind: "hold" });
  const login = () => void (globalThis.outcome = session.login(buyer).then(() => "done", ({ code }) => code));
  for (const tab of tabs) await tab.run(login);
  await sandbox.asked(/login/);
  await sandbox.release();
  const outcomes = await Promise.all(tabs.map((tab) => tab.run(() => outcome)));
  // Whose turn comes second signs in again.
  assert.deepEqual(outcomes, ["done", "done"]);
  assert.deepEqual(await sandbox.requests(), [LOGIN, LOGIN]);
  assert.equal(await tabs[0].token(), await tabs[1].token());
});

test("storage cleared in one tab is no logout: the other's session is stored again", async () => {
  const [one, two] = await twoTabs();
  await one.login();
  await two.heard("login");
  const before = await two.snapshot();
  await one.run(() => localStorage.clear());
  await two.heard("storage");
  await two.page.waitForFunction((key) => localStorage.getItem(key) !== null, KEY);
  assert.deepEqual(await two.snapshot(), before);
  const three = await storefront.session();
  assert.deepEqual(await three.snapshot(), before);
});

test("session storage is one tab's own", async () => {
  const { sandbox } = storefront;
  const tabs = [await storefront.session({ storage: "session" }), await storefront.session({ storage: "session" })];
  const tokens = await Promise.all(tabs.map((tab) => tab.token()));
  assert.notEqual(tokens[0], tokens[1]);
  await tabs[0].login();
  assert.equal((await tabs[1].snapshot()).kind, "anonymous");
  await sandbox.requests();
  await tabs[0].page.reload();
  await tabs[0].run(() => load());
  await tabs[0].open({ storage: "session" });
  assert.equal((await tabs[0].snapshot()).kind, "customer");
  await tabs[0].token();
  assert.deepEqual(await sandbox.requests(), []);
});
