// Many tabs of one browser: one session, whatever becomes of any of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

/** So many tabs with an open session, each in a process of its own. */
async function tabs(count, more) {
  const tabs = [];
  for (let i = 0; i < count; i += 1) tabs.push(await storefront.session(more));
  return tabs;
}

const all = (tabs, work, arg) => Promise.all(tabs.map((tab) => tab.run(work, arg)));

/** Keeps the page's main thread and its storage busy, as a storefront does that hydrates and caches. */
function toil() {
  const end = performance.now() + 5 * Math.random();
  while (performance.now() < end);
  localStorage.setItem(`cache ${performance.timeOrigin}`, String(end).repeat(1_000));
  setTimeout(toil);
}

test("tabs that take the lock from each other under load never send a token that is spent", async () => {
  const { sandbox } = storefront;
  const four = await tabs(4);
  await four[0].login();
  await all(four, () => heard("login"));
  await sandbox.requests();
  await all(four, toil);
  const codes = await all(four, async () => {
    const codes = [];
    for (let i = 0; i < 150; i += 1) codes.push(await session.refresh().then(() => "done", ({ code }) => code));
    return codes;
  });
  const sent = (await sandbox.rows()).map(({ refreshToken }) => refreshToken).filter(Boolean);
  assert.equal(new Set(sent).size, sent.length, "a refresh token was sent twice");
  assert.deepEqual(new Set(await sandbox.requests()), new Set([REFRESH]));
  assert.deepEqual(new Set(codes.flat()), new Set(["done"]));
});
