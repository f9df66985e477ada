// A visitor who lets no site store anything, by the browser's own setting.

import assert from "node:assert/strict";
import { test } from "node:test";

import { buyer, useStorefront } from "../e2e/lib/storefront.mjs";

const storefront = useStorefront({ refusesData: true });

test("where site data is refused a session works as long as its page, says whether it is durable, and login keeps its sessionId", async (context) => {
  const tab = await storefront.tab();
  const has = await tab.run(async () => {
    const told = async (work) => {
      try {
        return (await work()) ?? "works";
      } catch (error) {
        return error.name;
      }
    };
    return {
      localStorage: await told(() => void localStorage.setItem("a", "1")),
      sessionStorage: await told(() => void sessionStorage.setItem("a", "1")),
      indexedDB: await told(() => new Promise((resolve, reject) => Object.assign(indexedDB.open("a"), { onsuccess: () => resolve(), onerror: ({ target }) => reject(target.error) }))),
      locks: await told(() => navigator.locks.request("a", () => {})),
      BroadcastChannel: await told(() => new BroadcastChannel("a").close()),
    };
  });
  context.diagnostic(JSON.stringify(has));
  await tab.open();
  await tab.token();
  const guest = await tab.snapshot();
  // WebKitGTK refuses cookies alone.
  assert.equal(guest.durable, has.localStorage === "works");
  await tab.login();
  assert.deepEqual([(await tab.snapshot()).kind, (await tab.snapshot()).sessionId], ["customer", guest.sessionId]);
  assert.ok((await tab.events()).filter((event) => event.startsWith("storage")).length <= 1, "told once");
  await tab.run(() => session.logout());
  assert.equal((await tab.snapshot()).kind, "anonymous");
  const other = await storefront.session();
  await other.run((buyer) => session.login(buyer), buyer);
  assert.equal((await other.snapshot()).kind, "customer");
});
