// The record of a former version, which had one key for whatever address; `npm run test:former` brings that version itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { KEY, LOGIN, REFRESH, useStorefront } from "./lib/storefront.mjs";

const FORMER_KEY = "storefront-session:acme:storefront";
const storefront = useStorefront();

/** Puts the record of an open session where the former version had it, with its address as it was given there. */
async function makeFormer(tab, spelling, area = "localStorage") {
  await tab.run(
    ([key, former, apiUrl, area]) => {
      session.close();
      const { readableBy, ...record } = JSON.parse(globalThis[area].getItem(key));
      globalThis[area].removeItem(key);
      globalThis[area].setItem(former, JSON.stringify({ ...record, apiUrl }));
    },
    [KEY, FORMER_KEY, spelling, area],
  );
}

const stored = (tab, key) => tab.run((key) => JSON.parse(localStorage.getItem(key)), key);

test("a session that a former version has stored goes on, whatever the spelling of the address, and ends there", async () => {
  const { sandbox } = storefront;
  const { url } = sandbox;
  for (const spelling of [url, `${url}/`, `${url}/.`, url.replace("http", "HTTP")]) {
    const tab = await storefront.session();
    await tab.login();
    const { sessionId } = await tab.snapshot();
    const token = await tab.token();
    await makeFormer(tab, spelling);
    const before = await stored(tab, FORMER_KEY);
    await sandbox.requests();

    await tab.open();
    assert.deepEqual([(await tab.snapshot()).sessionId, await tab.token()], [sessionId, token]);
    assert.deepEqual(await sandbox.requests(), []);
    const tombstone = await stored(tab, FORMER_KEY);
    assert.deepEqual([tombstone.began, tombstone.apiUrl, tombstone.epoch], ["logout", spelling, before.epoch + 1_001]);
    assert.ok(tombstone.revision > before.revision && !("customer" in tombstone || "guest" in tombstone || "sessionId" in tombstone));
    await tab.run(() => session.refresh());
    assert.equal((await tab.snapshot()).sessionId, sessionId);
    assert.deepEqual(await sandbox.requests(), [REFRESH]);
    await tab.run(() => (session.close(), localStorage.clear()));
    await tab.page.close();
  }
});

test("the record of the default address, whose key is the former one, is today's and stays", async () => {
  const tab = await storefront.session();
  await tab.login();
  const before = await tab.snapshot();
  await makeFormer(tab, "https://api.emporix.io");
  const text = await tab.run((key) => localStorage.getItem(key), FORMER_KEY);
  const error = await tab.run(async () => {
    const { apiUrl, ...more } = options;
    globalThis.session = await SessionManager.open({ ...more, fetch: () => Promise.reject(new TypeError("no line")) });
    // Needs the core, and no answer.
    return failure(session.validate());
  });
  assert.equal(error.code, "network");
  assert.deepEqual(await tab.snapshot(), before);
  assert.equal(await tab.run((key) => localStorage.getItem(key), FORMER_KEY), text);
});

test("what a former version has stored for another address, or spoiled, is left alone", async () => {
  for (const change of [{ apiUrl: "http://127.0.0.1:9" }, { apiUrl: 7 }, { schema: 2 }, { guest: undefined, customer: undefined }]) {
    const tab = await storefront.session();
    await tab.token();
    const { sessionId } = await tab.snapshot();
    await makeFormer(tab, storefront.sandbox.url);
    const left = await tab.run(
      ([key, change]) => {
        const text = JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), ...change });
        localStorage.setItem(key, text);
        return text;
      },
      [FORMER_KEY, change],
    );
    await tab.open();
    await tab.token();
    assert.notEqual((await tab.snapshot()).sessionId, sessionId);
    assert.equal(await tab.run((key) => localStorage.getItem(key), FORMER_KEY), left);
    await tab.run(() => (session.close(), localStorage.clear()));
    await tab.page.close();
  }
});

test("tabs that find it at one time have one session", async () => {
  const first = await storefront.session();
  await first.token();
  const { sessionId } = await first.snapshot();
  await makeFormer(first, storefront.sandbox.url);
  const tabs = [await storefront.tab(), await storefront.tab(), await storefront.tab()];
  await storefront.sandbox.requests();
  await Promise.all(tabs.map((tab) => tab.open()));
  await Promise.all(tabs.map((tab) => tab.token()));
  const ids = await Promise.all(tabs.map(async (tab) => (await tab.snapshot()).sessionId));
  assert.deepEqual(ids, Array(3).fill(sessionId));
  assert.deepEqual(await storefront.sandbox.requests(), []);
});

const { FORMER_DIST } = process.env;

test("the former version in one tab gives way to this one in another", { skip: !FORMER_DIST && "npm run test:former" }, async () => {
  const { sandbox } = storefront;
  const former = await storefront.bareTab();
  await former.page.route("**/former/*", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1);
    const contentType = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    return route.fulfill({ contentType, body: readFileSync(join(FORMER_DIST, name)) });
  });
  await former.run(async () => void Object.assign(globalThis, await import("/former/index.js")));
  await former.run(() => open());
  await former.login();
  const { sessionId } = await former.snapshot();
  assert.deepEqual((await sandbox.requests()).at(-1), LOGIN);

  const tab = await storefront.session();
  assert.equal((await tab.snapshot()).sessionId, sessionId);
  await former.heard("logout");
  await tab.run(() => session.refresh());
  await former.token();
  assert.notEqual((await former.snapshot()).sessionId, sessionId);
  await tab.run(() => session.refresh());
  assert.deepEqual([(await tab.snapshot()).kind, (await tab.snapshot()).sessionId], ["customer", sessionId]);
});
