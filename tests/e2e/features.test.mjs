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
  "a database that takes no revision": () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("no", "TransactionInactiveError");
    };
  },
  "a database whose getter throws": () => {
    Object.defineProperty(globalThis, "indexedDB", {
      get() {
        throw new DOMException("no", "SecurityError");
      },
    });
  },
  "no performance": () => void Object.defineProperty(globalThis, "performance", { value: undefined }),
  "no channel of messages": () => void Object.defineProperty(globalThis, "MessageChannel", { value: undefined }),
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
    await tab.run(() => session.close());
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
  // Who asks when the first has been answered asks for the token after that.
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "hold" });
  for (const tab of tabs) await tab.run(() => void (globalThis.renewal = session.refresh()));
  await sandbox.asked(/refresh/);
  await sandbox.release();
  await Promise.all(tabs.map((tab) => tab.run(() => renewal)));
  const [one, two] = await Promise.all(tabs.map((tab) => tab.snapshot()));
  assert.equal(one.sessionId, two.sessionId);
  assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
});

test("a tab and its duplicate have one session, whose turns they take", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session({ storage: "session" });
  await tab.login();
  const { sessionId } = await tab.snapshot();
  const popup = await duplicate(tab);
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

/** A window that this tab opens: storage of its own begins as a copy of the tab's. */
async function duplicate(tab) {
  const opened = storefront.context.waitForEvent("page");
  await tab.run(() => {
    Object.assign(document.createElement("a"), { href: location.href, target: "_blank", rel: "opener" }).click();
  });
  const copy = await opened;
  await copy.evaluate(() => load());
  return copy;
}

test("a duplicate goes on with what its original has stored since, which was loaded anew", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session({ storage: "session" });
  await tab.login();
  const { sessionId } = await tab.snapshot();
  const copy = await duplicate(tab);
  await tab.run(() => session.refresh());
  await tab.page.reload();
  await tab.run(() => load());
  await tab.open({ storage: "session" });
  await sandbox.requests();

  // It may have heard of the original's token by then, or find it under the lock, where it is what it asked for.
  await copy.evaluate(() => open({ storage: "session" }));
  await copy.evaluate(() => session.refresh());
  const found = await sandbox.requests();
  assert.ok(found.length <= 1 && found.every((request) => request === REFRESH), found.join());

  await copy.evaluate(() => session.refresh());
  const { kind, sessionId: after, renewable } = await copy.evaluate(() => session.getSnapshot());
  assert.deepEqual([kind, after, renewable], ["customer", sessionId, true]);
  assert.deepEqual(await sandbox.requests(), [REFRESH]);
});

test("a duplicate hears of a logout that came before it listened", async () => {
  const tab = await storefront.session({ storage: "session" });
  await tab.login();
  const copy = await duplicate(tab);
  await tab.run(() => session.logout());
  await copy.evaluate(() => open({ storage: "session" }));
  await copy.evaluate(() => heard("logout"));
  assert.equal((await copy.evaluate(() => session.getSnapshot())).kind, "anonymous");
});

test("duplicates that were all away tell each other what they know", async () => {
  const tab = await storefront.session({ storage: "session" });
  await tab.token();
  const [early, late] = [await duplicate(tab), await duplicate(tab)];
  for (const copy of [early, late]) await copy.evaluate(() => open({ storage: "session" }));
  const leave = (copy) => copy.evaluate(() => void document.dispatchEvent(new Event("freeze")));
  const comeBack = (copy) => copy.evaluate(() => void document.dispatchEvent(new Event("resume")));
  await leave(early);
  await tab.login();
  await late.evaluate(() => heard("login"));
  await leave(late);
  await tab.page.close();
  await comeBack(early);
  assert.equal((await early.evaluate(() => session.getSnapshot())).kind, "anonymous");
  await comeBack(late);
  await early.evaluate(() => heard("login"));
  assert.equal((await early.evaluate(() => session.getSnapshot())).kind, "customer");
});

test("a hidden duplicate does not take what another tells that was away for the latest", async () => {
  const tab = await storefront.session({ storage: "session" });
  await tab.token();
  const [hidden, away] = [await duplicate(tab), await duplicate(tab)];
  for (const copy of [hidden, away]) await copy.evaluate(() => open({ storage: "session" }));
  await away.evaluate(() => void document.dispatchEvent(new Event("freeze")));
  await hidden.evaluate(() => setVisibility("hidden"));
  const renewed = await tab.run(async () => {
    await session.refresh();
    return session.accessToken();
  });
  await tab.page.close();
  await hidden.evaluate(() => {
    const key = Object.keys(sessionStorage).find((it) => it.endsWith(":tab"));
    const channel = new BroadcastChannel(key.replace("tab", sessionStorage.getItem(key)));
    // A copy that comes back asks, and tells before that what it knows.
    globalThis.asked = new Promise((resolve) => (channel.onmessage = ({ data }) => data === "" && resolve()));
  });
  await away.evaluate(() => void document.dispatchEvent(new Event("resume")));
  await hidden.evaluate(() => asked);
  await hidden.evaluate(() => setVisibility("visible"));
  assert.equal(await hidden.evaluate(() => session.accessToken()), renewed);
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
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 2, kind: "hold" });
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
  // All have asked before the one that takes the lock is answered.
  for (const tab of waiting) {
    await tab.run(() => {
      const renewals = [1, 2, 3, 4, 5].map(() => session.refresh());
      globalThis.renewed = Promise.all(renewals).then(() => session.getSnapshot().sessionId);
    });
  }
  await sandbox.asked(/refresh/);
  await sandbox.release();
  assert.deepEqual(await Promise.all(waiting.map((tab) => tab.run(() => renewed))), Array(4).fill(sessionId));
  assert.deepEqual(await sandbox.requests(), [GUEST_REFRESH]);
  const token = await waiting[0].token();

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
    setVisibility("hidden");
    const hidden = session.refresh();
    await settle();
    seen.push(isAsked());
    await hidden;
    seen.push(isAsked());
    setVisibility("visible");
    await settle();
    isAsked();

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

test("a page that is left and shown again goes on, whatever the event says of the cache", async () => {
  const tab = await storefront.session();
  await tab.token();
  const outcome = await tab.run(async () => {
    dispatchEvent(new Event("pagehide"));
    dispatchEvent(new Event("pageshow"));
    return session.refresh().then(() => "done", ({ code }) => code);
  });
  assert.equal(outcome, "done");
});

/** A tab in the middle of a renewal, with the lock in its hand, until the sandbox is released. */
async function holder() {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "hold" });
  await tab.run(() => void (globalThis.renewal = session.refresh().then(() => "done", ({ code }) => code)));
  await sandbox.asked(/refresh/);
  return tab;
}

/** Resolves when so many wait for the lock. */
const queued = (tab, count) =>
  tab.run(
    async ([key, count]) => {
      const end = performance.now() + 20_000;
      for (;;) {
        const { pending } = await navigator.locks.query();
        const waiting = pending.filter(({ name }) => name === key).length;
        if (waiting === count) return;
        if (performance.now() > end) throw new Error(`${waiting} wait for the lock, not ${count}`);
      }
    },
    [KEY, count],
  );

test("a page that freezes while it waits for the lock is not given it, and asks again when it thaws", async () => {
  const { sandbox } = storefront;
  const one = await holder();
  const two = await storefront.session({ timeoutMs: 60_000 });
  await two.run(() => void (globalThis.renewal = session.refresh().then(() => "done", ({ code }) => code)));
  await queued(one, 1);
  // What a driver shows is visible, and Chromium freezes no page that is.
  await two.run(() => void document.dispatchEvent(new Event("freeze")));
  await queued(one, 0);
  await sandbox.release();
  assert.equal(await one.run(() => renewal), "done");
  assert.equal(await one.run(() => session.refresh().then(() => "done", ({ code }) => code)), "done");
  await two.run(() => void document.dispatchEvent(new Event("resume")));
  assert.equal(await two.run(() => renewal), "done");
});

/** Looks at the lock's holder come when `tick` is called; a clock that goes on by the time that was waited for, or by more. */
const tickingLooks = () => {
  const [wait, now] = [setTimeout, Date.now];
  let passed = 0;
  let looks = [];
  Date.now = () => now() + passed;
  globalThis.setTimeout = (work, time, ...more) => {
    if (time !== 5_000 && time !== 1_000) return wait(work, time, ...more);
    looks.push({ work, time });
  };
  globalThis.tick = async (more = 0) => {
    for (const { work, time } of looks.splice(0)) {
      passed += time + more;
      work();
    }
    for (let turn = 0; turn < 5; turn += 1) await navigator.locks.query();
  };
};

const clientOf = (tab) =>
  tab.run(async (key) => (await navigator.locks.query()).held.find(({ name }) => name === key)?.clientId, KEY);

test("a holder that stands still is watched though nobody waits any more: who comes later takes the lock at once", async () => {
  const one = await holder();
  const held = await clientOf(one);
  const two = await storefront.tab({ prepare: tickingLooks });
  await two.open({ timeoutMs: 2_000 });
  assert.equal((await two.run(() => failure(session.refresh()))).code, "timeout");
  // The caller may be told a moment before the wait for the lock, which began later, ends.
  await queued(one, 0);
  for (let count = 0; count < 30; count += 1) await two.run(() => tick());
  assert.equal(await clientOf(one), held, "taken while nobody waits");
  await two.run(() => void session.refresh().catch(() => {}));
  await queued(one, 1);
  await two.run(() => tick());
  assert.notEqual(await clientOf(one), held);
});

test("the time that a machine has slept is none in which the lock's holder stood still", async () => {
  const one = await holder();
  const held = await clientOf(one);
  const two = await storefront.tab({ prepare: tickingLooks });
  await two.open({ timeoutMs: 60_000 });
  await two.run(() => void session.refresh().catch(() => {}));
  await queued(one, 1);
  for (let count = 0; count < 5; count += 1) await two.run(() => tick(36_000_000));
  assert.equal(await clientOf(one), held);
  for (let count = 0; count < 20; count += 1) await two.run(() => tick());
  assert.notEqual(await clientOf(one), held);
});

test("a look at the locks that fails once ends nobody's trust in them", async () => {
  const { sandbox } = storefront;
  const one = await holder();
  const two = await storefront.tab({ prepare: tickingLooks });
  await two.open();
  await two.run(() => {
    const { query } = LockManager.prototype;
    LockManager.prototype.query = function () {
      LockManager.prototype.query = query;
      return Promise.reject(new DOMException("no", "UnknownError"));
    };
    globalThis.renewal = session.refresh().then(() => "done", ({ code }) => code);
  });
  await queued(one, 1);
  await two.run(() => tick());
  await queued(one, 1);
  await sandbox.release();
  assert.deepEqual([await one.run(() => renewal), await two.run(() => renewal)], ["done", "done"]);
});

test("a tab whose timers are throttled waits for no timer until storage shows what the last holder has written", async () => {
  const { sandbox } = storefront;
  const other = await storefront.session();
  await other.token();
  const tab = await storefront.tab({
    prepare: () => {
      const wait = setTimeout;
      globalThis.rung = 0;
      // As in a hidden tab: no sooner than after a second. Longer ones are bounds, and looks at the lock's holder.
      globalThis.setTimeout = (work, time = 0, ...more) => {
        const isShort = time < 1_000;
        return wait(() => ((rung += isShort), work()), Math.max(1_000, time), ...more);
      };
      // The other tab's news does not come, and what it has stored only when it has been looked for so many times.
      delete globalThis.BroadcastChannel;
      addEventListener("storage", (event) => event.stopImmediatePropagation(), { capture: true });
      const { getItem } = Storage.prototype;
      let former;
      globalThis.late = (key) => void (former = { key, text: getItem.call(localStorage, key), looks: 5 });
      globalThis.looksLeft = () => former.looks;
      Storage.prototype.getItem = function (key) {
        if (key !== former?.key || former.looks === 0) return getItem.call(this, key);
        former.looks -= 1;
        return former.text;
      };
    },
  });
  await tab.open();
  await tab.token();
  await tab.run((key) => late(key), KEY);
  await other.run(() => session.refresh());
  await sandbox.requests();
  const rung = await tab.run(async () => {
    const before = globalThis.rung;
    await session.refresh();
    return globalThis.rung - before;
  });
  assert.equal(rung, 0);
  assert.equal(await tab.run(() => looksLeft()), 0);
  assert.equal(await tab.token(), await other.token());
  assert.deepEqual(await sandbox.requests(), []);
});

test("a page that is hidden reads nothing and asks for nothing because of it", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab({
    prepare: () => {
      const { getItem } = Storage.prototype;
      globalThis.reads = 0;
      Storage.prototype.getItem = function (key) {
        reads += 1;
        return getItem.call(this, key);
      };
    },
  });
  await tab.open();
  await tab.login();
  await sandbox.requests();
  const seen = await tab.run(async () => {
    const seen = [];
    for (const state of ["hidden", "visible"]) {
      reads = 0;
      setVisibility(state);
      await turn();
      seen.push(reads > 0);
    }
    return seen;
  });
  assert.deepEqual(seen, [false, true], "it is shown that looks");
  assert.deepEqual(await sandbox.requests(), []);
});

test("a page that is prerendered takes turns as the tab that it becomes, not as the one it was made from", async () => {
  const tab = await storefront.tab({
    prepare: () => {
      Object.defineProperty(document, "prerendering", { value: true, configurable: true });
      const { request } = LockManager.prototype;
      globalThis.asked = [];
      LockManager.prototype.request = function (name, ...more) {
        asked.push(name);
        return request.call(this, name, ...more);
      };
    },
  });
  await tab.open({ storage: "session" });
  const asked = await tab.run(async (key) => {
    const token = session.accessToken();
    await turn();
    sessionStorage.setItem(`${key}:tab`, "7");
    delete document.prerendering;
    document.dispatchEvent(new Event("prerenderingchange"));
    await token;
    return globalThis.asked;
  }, KEY);
  assert.equal(asked[0], `${KEY}:7`);
  assert.ok(asked.every((name) => name.startsWith(`${KEY}:7`)), asked.join());
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
  // What another process has stored comes to this one a moment later.
  const stored = await other.run((key) => localStorage.getItem(key), KEY);
  await tab.page.waitForFunction(([key, stored]) => localStorage.getItem(key) === stored, [KEY, stored]);
  const shown = await tab.run(async () => {
    await session.accessToken().catch(() => {});
    delete document.prerendering;
    document.dispatchEvent(new Event("prerenderingchange"));
    const token = await session.accessToken();
    return { token, kind: session.getSnapshot().kind };
  });
  assert.deepEqual(shown, { token: await other.token(), kind: "customer" });
});

/** The page counts which connections to the database it has opened, and which of them are open. */
const countConnections = () => {
  globalThis.connections = { opened: 0, open: 0 };
  const { open } = indexedDB;
  IDBFactory.prototype.open = function (...args) {
    const opening = open.apply(this, args);
    opening.addEventListener("success", () => {
      connections.opened += 1;
      connections.open += 1;
      const { close } = opening.result;
      opening.result.close = function () {
        if (!this.isClosed) connections.open -= 1;
        this.isClosed = true;
        close.call(this);
      };
    });
    return opening;
  };
};
const connections = (tab) => tab.run(() => ({ ...connections }));

/** Resolves when nobody has a connection to the database that is in the way of this. */
const deleteDatabase = (tab) =>
  tab.run(
    () =>
      new Promise((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase("storefront-session");
        deleting.onsuccess = () => resolve();
        deleting.onerror = reject;
      }),
  );

test("an operation opens one connection to the database, when it has the lock, and leaves none open", async () => {
  const tab = await storefront.tab({ prepare: countConnections });
  await tab.open();
  assert.deepEqual(await connections(tab), { opened: 0, open: 0 });
  const operations = [
    () => session.accessToken(),
    () => session.login(buyer),
    () => session.refresh(),
    () => session.switchLegalEntity("le-north"),
  ];
  for (const [index, operation] of operations.entries()) {
    await tab.run(operation);
    assert.deepEqual(await connections(tab), { opened: index + 1, open: 0 }, `${operation}`);
  }
  await tab.run(() => session.logout());
  const { opened, open } = await connections(tab);
  assert.ok(opened <= operations.length + 2 && open === 0, `${opened} opened`);
});

test("a connection is in nobody's way: not of who deletes the database, not of a page that is left, and a closed session has none", async () => {
  const tab = await storefront.tab({ prepare: countConnections });
  await tab.open();
  await tab.login();
  const other = await storefront.bareTab();
  let go;
  const hold = async () => {
    const held = new Promise((resolve) => (go = resolve));
    const asked = tab.page.waitForRequest(/refreshauthtoken/);
    await tab.page.route(/refreshauthtoken/, async (route) => {
      await held;
      await route.continue();
    });
    await tab.run(() => void (globalThis.refreshing = session.refresh().catch(({ code }) => code)));
    await asked;
  };
  await hold();
  assert.equal((await connections(tab)).open, 1);
  await deleteDatabase(other);
  go();
  await tab.run(() => refreshing);
  await tab.run(() => session.refresh());
  const known = await tab.run(
    (key) =>
      new Promise((resolve) => {
        const opening = indexedDB.open("storefront-session");
        opening.onsuccess = () => {
          const reading = opening.result.transaction("revisions").objectStore("revisions").get(key);
          reading.onsuccess = () => (opening.result.close(), resolve(reading.result));
        };
      }),
    KEY,
  );
  assert.equal(known, JSON.parse(await tab.run((key) => localStorage.getItem(key), KEY)).revision);

  await hold();
  await tab.run(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  assert.equal((await connections(tab)).open, 0);
  await tab.run(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  go();
  await tab.run(() => refreshing);
  assert.equal((await connections(tab)).open, 0);

  await hold();
  await tab.run(() => session.close());
  go();
  await tab.run(() => refreshing);
  // What was granted is stored all the same, and then the lock is let go.
  await tab.run(() => navigator.locks.request(Object.keys(localStorage).find((key) => key.startsWith("storefront-session:")), () => {}));
  assert.equal((await connections(tab)).open, 0);
  await deleteDatabase(other);
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

for (const [name, options] of Object.entries({ "that wants its keys inside": { keyPath: "key" }, "that makes its keys": { autoIncrement: true } })) {
  test(`a database whose place for revisions is one ${name} is made anew, and that is told`, async () => {
    const tab = await storefront.tab();
    await tab.run(
      (options) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open("storefront-session", 9);
          opening.onupgradeneeded = () => opening.result.createObjectStore("revisions", options);
          opening.onsuccess = () => (opening.result.close(), resolve());
          opening.onerror = reject;
        }),
      options,
    );
    await tab.open();
    await tab.token();
    if (options.keyPath) await tab.heard("storage", "corrupt");
    await tab.run(() => session.refresh());
    const [revision, written] = await tab.run(
      (key) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open("storefront-session");
          opening.onsuccess = () => {
            const reading = opening.result.transaction("revisions").objectStore("revisions").get(key);
            reading.onsuccess = () => resolve([reading.result, JSON.parse(localStorage.getItem(key)).revision]);
            reading.onerror = reject;
          };
        }),
      KEY,
    );
    assert.equal(revision, written);
    assert.deepEqual(tab.troubles, []);
  });
}

test("a logout over an adapter that refuses leaves no rejection that nobody handles", async () => {
  const tab = await storefront.tab();
  await tab.run(async () => {
    const map = new Map();
    let isBroken = false;
    const broken = () => (isBroken ? Promise.reject(new Error("no")) : undefined);
    const storage = {
      getItem: async (key) => broken() ?? map.get(key) ?? null,
      setItem: async (key, value) => broken() ?? void map.set(key, value),
      removeItem: async (key) => broken() ?? void map.delete(key),
    };
    await open({ storage });
    await session.login(buyer);
    isBroken = true;
    await session.logout();
    await turn();
  });
  assert.deepEqual(tab.troubles, []);
});

test("token requests follow no redirect, which may lead elsewhere", async () => {
  const caught = [];
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*", "Access-Control-Allow-Methods": "*" };
  const elsewhere = await storefront.serve((request, response) => {
    caught.push(request.url);
    response.writeHead(200, cors).end("{}");
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const apiUrl = await storefront.serve((request, response) => {
      if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
      response.writeHead(status, { ...cors, Location: `${elsewhere}${request.url}` }).end();
    });
    const tab = await storefront.tab();
    await tab.open({ apiUrl });
    const { isSessionError, code } = await tab.run(() => failure(session.accessToken()));
    assert.deepEqual([isSessionError, code], [true, "server"], String(status));
  }
  assert.deepEqual(caught, []);
});

test("a logout says keepalive to the last fetch, for engines that forget it where a Request is made of another", async () => {
  const tab = await storefront.tab();
  const said = await tab.run(async () => {
    const said = [];
    const send = (request, init) => {
      said.push([new URL(request.url).pathname.split("/").at(-1), request.keepalive, init?.keepalive ?? false]);
      return fetch(request, init);
    };
    await open({ fetch: send });
    await session.login(buyer);
    await session.logout();
    return said;
  });
  assert.deepEqual(said, [["login", false, false], ["login", false, false], ["logout", true, true]]);
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
    location.reload();
    return stored;
  }, KEY);
  assert.ok(!stored.includes('"token"') && stored.includes('"logout"'), "a tombstone");
  await sandbox.asked(/logout/);
  await other.heard("logout");
  assert.equal((await other.snapshot()).sessionId, undefined);
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
  // Chromium 156 may never answer who closes a page that is on its way to another document.
  await tab.page.waitForFunction(() => globalThis.session === undefined && document.readyState === "complete");
});
