// What a browser has, refuses, clones, leaves unanswered and stops: locks, storage, databases, pages that nobody looks at.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GUEST, GUEST_REFRESH, KEY, LOGIN, LOGOUT, REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

/** A feature that is there and says no, in each of its ways. Run in the page before anything else. */
const REFUSALS = {
  "locks that are refused": () => {
    LockManager.prototype.request = () => Promise.reject(new DOMException("no", "SecurityError"));
  },
  "locks that throw": () => {
    LockManager.prototype.request = () => {
      throw new DOMException("no", "InvalidStateError");
    };
  },
  "locks whose getter throws": () => {
    Object.defineProperty(Navigator.prototype, "locks", {
      get() {
        throw new DOMException("no", "SecurityError");
      },
    });
  },
  "no locks": () => void Object.defineProperty(Navigator.prototype, "locks", { value: undefined }),
  "locks that are null": () => void Object.defineProperty(Navigator.prototype, "locks", { value: null }),
  "locks that never answer": () => {
    LockManager.prototype.request = LockManager.prototype.query = () => new Promise(() => {});
  },
  "locks that are never granted": () => {
    LockManager.prototype.request = () => new Promise(() => {});
  },
  "no channel": () => void delete globalThis.BroadcastChannel,
  "a channel that throws": () => {
    globalThis.BroadcastChannel = function () {
      throw new DOMException("no", "SecurityError");
    };
  },
  "a channel that takes no message": () => {
    BroadcastChannel.prototype.postMessage = () => {
      throw new DOMException("no", "DataCloneError");
    };
  },
  "a database whose getter throws": () => {
    Object.defineProperty(globalThis, "indexedDB", {
      get() {
        throw new DOMException("no", "SecurityError");
      },
    });
  },
  "no database": () => void Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
  "storage whose getter throws": () => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException("no", "SecurityError");
        },
      });
    }
  },
};

for (const [name, prepare] of Object.entries(REFUSALS)) {
  test(`a page with ${name} has a session`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.tab({ prepare });
    await tab.open();
    await tab.token();
    const { sessionId } = await tab.snapshot();
    await tab.login();
    await tab.run(() => session.refresh());
    assert.equal((await tab.snapshot()).sessionId, sessionId);
    await tab.run(() => session.logout());
    await sandbox.asked(/logout/);
    assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN, REFRESH, LOGOUT]);
    assert.deepEqual(tab.troubles, []);
  });
}

test("instances of one storefront in one page take turns, whatever their options", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const ids = await tab.run(async () => {
    const map = new Map();
    const adapter = { getItem: (key) => map.get(key), setItem: (key, value) => map.set(key, value), removeItem: (key) => map.delete(key) };
    const ids = [];
    for (const storage of ["local", "session", adapter]) {
      // An option that is written in place is another one each time.
      const open = () => SessionManager.open({ ...options, storage, now: () => Date.now() });
      const sessions = [await open(), await open(), await open()];
      await Promise.all(sessions.map((it) => it.accessToken()));
      await Promise.all(sessions.map((it) => it.refresh()));
      ids.push(new Set(sessions.map((it) => it.getSnapshot().sessionId)).size);
      for (const it of sessions) it.close();
    }
    return ids;
  });
  assert.deepEqual(ids, [1, 1, 1]);
  assert.deepEqual(await sandbox.requests(), Array(3).fill([GUEST, GUEST_REFRESH]).flat());
});

test("a page's own storage, given as an adapter, is shared with the other tabs", async () => {
  const { sandbox } = storefront;
  const tabs = [await storefront.tab(), await storefront.tab()];
  for (const tab of tabs) await tab.run(() => globalThis.open({ storage: localStorage }));
  await Promise.all(tabs.map((tab) => tab.token()));
  await Promise.all(tabs.map((tab) => tab.run(() => session.refresh())));
  const [one, two] = await Promise.all(tabs.map((tab) => tab.snapshot()));
  assert.equal(one.sessionId, two.sessionId);
  assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
});

test("a tab and its duplicate have one session, whose turns they take", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session({ storage: "session" });
  await tab.login();
  const { sessionId } = await tab.snapshot();
  const opened = storefront.context.waitForEvent("page");
  await tab.run(() => {
    const link = Object.assign(document.createElement("a"), { href: location.href, target: "_blank", rel: "opener" });
    link.click();
  });
  const popup = await opened;
  await popup.evaluate(() => load());
  const copy = (work) => popup.evaluate(work);
  assert.equal((await copy(() => open({ storage: "session" }))).sessionId, sessionId);
  for (let turn = 0; turn < 3; turn += 1) {
    await tab.run(() => session.refresh());
    await copy(() => session.refresh());
  }
  await Promise.all([tab.run(() => session.refresh()), copy(() => session.refresh())]);
  const snapshots = [await tab.snapshot(), await copy(() => session.getSnapshot())];
  for (const snapshot of snapshots) assert.deepEqual([snapshot.kind, snapshot.sessionId, snapshot.renewable], ["customer", sessionId, true]);
  assert.ok((await sandbox.requests()).every((request) => request.endsWith("200")));
});

test("storage of a tab's own stays its own where the tab is not cloned", async () => {
  const tabs = [await storefront.session({ storage: "session" }), await storefront.session({ storage: "session" })];
  await Promise.all(tabs.map((tab) => tab.token()));
  const [one, two] = await Promise.all(tabs.map((tab) => tab.snapshot()));
  assert.notEqual(one.sessionId, two.sessionId);
});

/** Time that is waited for passes quickly, and the page's clock goes on by it; `now` tells the time that all pages have. */
const hurry = () => {
  const [wait, now] = [setTimeout, Date.now];
  let passed = 0;
  globalThis.now = now;
  Date.now = () => now() + passed;
  globalThis.setTimeout = (work, time, ...more) => {
    const isLook = time === 5_000 || time === 1_000;
    return wait(isLook ? () => ((passed += time), work()) : work, isLook ? 10 : time, ...more);
  };
};

test("whoever waits behind a page that stands still takes the lock, one of all, and the page stores nothing after", async () => {
  const { sandbox } = storefront;
  await sandbox.profile({ rotation: "lenient" });
  const frozen = await storefront.tab();
  // What it begins, it began more than a minute ago.
  await frozen.run(() => {
    globalThis.behind = 90_000;
    return open({ now: () => Date.now() - behind });
  });
  await frozen.token();
  const { sessionId } = await frozen.snapshot();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", kind: "hold" });
  await sandbox.requests();
  const held = frozen.run(() => session.refresh().catch(() => {}));
  await sandbox.asked(/refresh/);
  await frozen.run(() => void (behind = 0));
  const devtools = await storefront.context.newCDPSession(frozen.page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await sandbox.requests();

  const waiting = [];
  for (let count = 0; count < 4; count += 1) {
    const tab = await storefront.tab({ prepare: hurry });
    await tab.run(() => open({ timeoutMs: 60_000, now }));
    waiting.push(tab);
  }
  const waiters = waiting.map((tab) =>
    tab.run(() => Promise.all([1, 2, 3, 4, 5].map(() => session.refresh())).then(() => session.getSnapshot().sessionId)),
  );
  assert.deepEqual(await Promise.all(waiters), Array(4).fill(sessionId));
  assert.deepEqual(await sandbox.requests(), [GUEST_REFRESH]);
  const token = await waiting[0].token();

  await sandbox.release();
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await held;
  await frozen.heard("renewed");
  assert.equal(await frozen.token(), token);
  assert.equal(await waiting[1].token(), token);
  assert.deepEqual(await sandbox.requests(), []);
});

/** Notes each lock that is asked for. */
const noteLocks = () => {
  const { request } = LockManager.prototype;
  globalThis.asked = [];
  LockManager.prototype.request = function (name, ...more) {
    asked.push(name);
    return request.call(this, name, ...more);
  };
};

test("no lock is asked for in the task in which a page is hidden or left, and none until it is back", async () => {
  const tab = await storefront.tab({ prepare: noteLocks });
  await tab.open();
  await tab.token();
  const seen = await tab.run(async () => {
    const seen = [];
    const isAsked = () => asked.splice(0).length > 0;
    const settle = async () => {
      for (let turn = 0; turn < 50; turn += 1) await null;
    };
    isAsked();
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    const hidden = session.refresh();
    await settle();
    seen.push(isAsked());
    await hidden;
    seen.push(isAsked());
    delete document.visibilityState;

    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    const left = session.refresh();
    await settle();
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    seen.push(isAsked());
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    await left;
    seen.push(isAsked());
    return seen;
  });
  assert.deepEqual(seen, [false, true, false, true]);
});

test("a page that is prerendered waits without end for its visitor, and looks again when it is shown", async () => {
  const other = await storefront.session();
  await other.token();
  const tab = await storefront.tab({
    prepare: () => void Object.defineProperty(document, "prerendering", { value: true, configurable: true }),
  });
  await tab.open({ timeoutMs: 50 });
  const early = await tab.run(async () => {
    globalThis.refreshed = session.refresh().then(
      () => "renewed",
      ({ code }) => code,
    );
    return Promise.race([refreshed, new Promise((resolve) => setTimeout(resolve, 300, "waits"))]);
  });
  assert.equal(early, "waits");
  await other.login();
  const shown = await tab.run(async () => {
    await session.accessToken().catch(() => {});
    delete document.prerendering;
    document.dispatchEvent(new Event("prerenderingchange"));
    const token = await session.accessToken();
    return { token, kind: session.getSnapshot().kind };
  });
  assert.deepEqual(shown, { token: await other.token(), kind: "customer" });
});

const POISONS = ["text", NaN, -1, 2 ** 53, Infinity, { revision: 1 }];

test("a revision in the database that is none is told, and replaced by the next", async () => {
  for (const poison of POISONS) {
    const tab = await storefront.session();
    await tab.token();
    await tab.run(
      ([key, poison]) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open("storefront-session");
          opening.onsuccess = () => {
            const transaction = opening.result.transaction("revisions", "readwrite");
            transaction.objectStore("revisions").put(poison, key);
            transaction.oncomplete = () => (opening.result.close(), resolve());
            transaction.onabort = reject;
          };
        }),
      [KEY, poison],
    );
    await tab.run(() => session.refresh());
    await tab.heard("storage", "corrupt");
    await tab.run(() => session.refresh());
    const events = await tab.events();
    assert.ok(events.filter((event) => event === "storage corrupt local").length <= 2, events.join());
    await tab.page.close();
  }
});

test("a logout is stored, sent and announced in the turn in which it is called", async () => {
  const { sandbox } = storefront;
  const [tab, other] = [await storefront.session(), await storefront.session()];
  await tab.login();
  await other.heard("login");
  await sandbox.requests();
  const stored = await tab.run((key) => {
    session.logout();
    const stored = localStorage.getItem(key);
    location.href = "about:blank";
    return stored;
  }, KEY);
  assert.ok(!stored.includes('"token"') && stored.includes('"logout"'), "a tombstone");
  await sandbox.asked(/logout/);
  await other.heard("logout");
  assert.equal((await other.snapshot()).sessionId, undefined);
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
});
