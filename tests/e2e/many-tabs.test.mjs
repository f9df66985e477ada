// Many tabs of one browser: one session, whatever becomes of any of them.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import sirv from "sirv";

import { root } from "../../tools/lib/run.mjs";
import { GUEST, GUEST_REFRESH, KEY, LOGOUT, REFRESH, useStorefront } from "./lib/storefront.mjs";

// Playwright keeps pages out of the back-forward cache, and nothing that is said here is true without it.
const storefront = useStorefront({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });

/** So many tabs with an open session, whose clock stands `offset` before the machine's. */
async function openTabs(count, more = {}) {
  const tabs = [];
  for (let i = 0; i < count; i += 1) {
    const tab = await storefront.tab();
    await tab.run((more) => {
      globalThis.offset = 0;
      return open({ ...more, now: () => Date.now() + offset });
    }, more);
    tabs.push(tab);
  }
  return tabs;
}

const all = (tabs, work, arg) => Promise.all(tabs.map((tab) => tab.run(work, arg)));

/** Lets time pass, for the platform and for the tabs. */
async function pass(tabs, seconds) {
  await storefront.sandbox.advance(seconds);
  await all(tabs, (seconds) => void (offset += seconds * 1_000), seconds);
}

/** A customer of these tabs, known to all of them. */
async function signIn([first, ...others]) {
  await first.login();
  await Promise.all(others.map((tab) => tab.heard("login")));
  await storefront.sandbox.requests();
  return first.snapshot();
}

for (const identity of ["guest", "customer"]) {
  test(`a ${identity}'s token that expired in twenty tabs while the machine slept is renewed once`, async () => {
    const { sandbox } = storefront;
    await sandbox.profile({ customerExpiresIn: 3600 });
    const tabs = await openTabs(20);
    await tabs[0].token();
    await Promise.all(tabs.slice(1).map((tab) => tab.heard("started")));
    if (identity === "customer") await signIn(tabs);
    const { sessionId } = await tabs[0].snapshot();
    await sandbox.requests();

    // Long enough for a customer's refresh token to be due, so that each tab also wakes by itself.
    await pass(tabs, 70_000);
    const tokens = await all(tabs, async () => {
      dispatchEvent(new Event("online"));
      return Promise.all(Array.from({ length: 50 }, () => session.accessToken()));
    });
    assert.equal(new Set(tokens.flat()).size, 1);
    const requests = await sandbox.requests();
    // A customer's refresh needs a guest's bearer, and the guest's token has expired as well.
    const expected = identity === "customer" ? [GUEST_REFRESH, REFRESH] : [GUEST_REFRESH];
    assert.deepEqual(requests, expected);
    for (const tab of tabs) assert.equal((await tab.snapshot()).sessionId, sessionId);
  });
}

/** Keeps the page's main thread and its storage busy, as a storefront does that hydrates and caches. */
function toil() {
  const end = performance.now() + 5 * Math.random();
  while (performance.now() < end);
  localStorage.setItem(`cache ${performance.timeOrigin}`, String(end).repeat(1_000));
  setTimeout(toil);
}

test("tabs that take the lock from each other under load never send a token that is spent", async () => {
  const { sandbox } = storefront;
  const tabs = await openTabs(4);
  await signIn(tabs);
  await all(tabs, toil);
  const codes = await all(tabs, async () => {
    const codes = [];
    for (let i = 0; i < 150; i += 1) codes.push(await session.refresh().then(() => "done", ({ code }) => code));
    return codes;
  });
  const sent = (await sandbox.rows()).map(({ refreshToken }) => refreshToken).filter(Boolean);
  assert.equal(new Set(sent).size, sent.length, "a refresh token was sent twice");
  assert.deepEqual(new Set(await sandbox.requests()), new Set([REFRESH]));
  assert.deepEqual(new Set(codes.flat()), new Set(["done"]));
});

/** Begins a renewal in the tab; the platform has done its part, and its answer is held until `release`. */
async function holdRenewal(tab, { kind }) {
  const { sandbox } = storefront;
  const path = kind === "customer" ? "/customer/acme/refreshauthtoken" : "/customerlogin/auth/anonymous/refresh";
  await sandbox.fault({ path, times: 1, kind: "hold" });
  await tab.run(() => void (globalThis.renewal = session.refresh().then(() => "done", ({ code }) => code)));
  await sandbox.asked(/refresh/);
}

for (const kind of ["anonymous", "customer"]) {
  for (const rotation of ["lenient", "strict"]) {
    test(`a tab that is closed in the middle of the ${kind === "customer" ? kind : "guest"}'s renewal loses nothing (${rotation} rotation)`, async () => {
      const { sandbox } = storefront;
      await sandbox.profile({ rotation });
      const [one, two] = await openTabs(2);
      await one.token();
      if (kind === "customer") await signIn([one, two]);
      await holdRenewal(one, { kind });
      await one.page.close();
      await sandbox.release();
      const renewed = await two.run(() => session.refresh().then(() => "done", ({ code }) => code));
      // A strict platform takes the former refresh token for spent; the access token is good all the same.
      assert.equal(renewed, rotation === "strict" ? "not_renewable" : "done");
      const { sessionId } = await two.snapshot();
      assert.equal((await two.snapshot()).kind, kind);
      assert.equal(await two.run(async () => (await session.fetch("/product/acme/products")).status), 200);
      const sessions = (await sandbox.rows()).map((row) => row.sessionId).filter(Boolean);
      assert.deepEqual(new Set(sessions), new Set([sessionId]));
    });
  }
}

// A page that stands still

const canFreeze = { skip: process.platform !== "linux" && "needs /proc" };

/** What the kernel tells; nothing of what has ended meanwhile. */
function kernel(read, path) {
  try {
    return read(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}

/** The tab's process, told from the others by a worker in it. */
async function processOf(tab) {
  await tab.run(() => {
    globalThis.worker = new Worker(URL.createObjectURL(new Blob(["postMessage('up')"])));
    return new Promise((resolve) => (worker.onmessage = resolve));
  });
  const browser = await storefront.browser.newBrowserCDPSession();
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  await browser.detach();
  const isWorker = (thread) => kernel(readFileSync, `${thread}/comm`).startsWith("DedicatedWorker");
  const hasWorker = (id) => [...kernel(readdirSync, `${id}/task`)].some((thread) => isWorker(`${id}/task/${thread}`));
  const owners = processInfo.map(({ id }) => id).filter(hasWorker);
  assert.equal(owners.length, 1);
  return owners[0];
}

/** Does the work while the tab's process stands still; then lets it go on, or kills it. */
async function whileStill(tab, end, work) {
  const pid = await processOf(tab);
  process.kill(pid, "SIGSTOP");
  let answer;
  const awake = tab.run(() => "awake").then((it) => (answer = it), () => {});
  try {
    await work();
    const [, state] = kernel(readFileSync, `${pid}/stat`).match(/.*\) (.)/s);
    assert.deepEqual([state, answer], ["T", undefined]);
  } finally {
    if (end === "kill") {
      const crashed = tab.page.waitForEvent("crash");
      process.kill(pid, "SIGKILL");
      await crashed;
      await tab.page.close();
    } else {
      process.kill(pid, "SIGCONT");
      await awake;
    }
  }
}

for (const end of ["thaw", "kill"]) {
  test(`a tab that freezes with the lock in its hand holds up nobody for longer than a time-out (${end})`, canFreeze, async () => {
    const { sandbox } = storefront;
    // What a killed tab was answered is lost, and a strict platform takes the former refresh token for spent.
    if (end === "kill") await sandbox.profile({ rotation: "lenient" });
    const [one, two] = await openTabs(2);
    const hasty = await openTabs(2, { timeoutMs: 400 });
    const { sessionId } = await signIn([one, two, ...hasty]);
    const token = await one.token();
    await holdRenewal(one, { kind: "customer" });

    await whileStill(one, end, async () => {
      await sandbox.release();
      const told = await all(hasty, async () => {
        const calls = [session.refresh(), session.switchLegalEntity("le-north")].map(failure);
        const token = await session.accessToken();
        const errors = (await Promise.all(calls)).map(({ code, retryable }) => `${code} ${retryable}`);
        return [...errors, token, await session.accessToken()];
      });
      const expected = ["timeout true", "timeout true", token, token];
      assert.deepEqual(told, [expected, expected]);
      assert.deepEqual(await sandbox.requests(), [REFRESH]);
    });
    if (end === "thaw") {
      assert.equal(await one.run(() => renewal), "done");
      await two.heard("renewed");
      assert.equal(await two.token(), await one.token());
    }
    // Those who were told of the time-out send nothing after it.
    assert.equal((await two.run(() => session.refresh())).legalEntityId, undefined);
    await two.run(() => session.switchLegalEntity("le-south"));
    for (const tab of [two, ...hasty]) {
      await tab.heard("switched");
      const { kind, sessionId: after, legalEntityId } = await tab.snapshot();
      assert.deepEqual([kind, after, legalEntityId], ["customer", sessionId, "le-south"]);
    }
    assert.deepEqual(await sandbox.requests(), [REFRESH, REFRESH]);
  });
}

// Back and forward

const PACKAGE = "/storefront-session/";

/** Not by animation frames: a page behind another may have none. */
const UNPAINTED = { polling: 50 };

/** A shop of two pages that a browser may keep: nothing of them forbids it. */
async function openShop() {
  const files = sirv(join(root, "dist"));
  const shop = await storefront.serve((request, response) => {
    if (!request.url.startsWith(PACKAGE)) {
      return response.setHeader("Content-Type", "text/html").end("<!doctype html><title>shop</title>");
    }
    request.url = request.url.slice(PACKAGE.length - 1);
    return files(request, response);
  });
  const open = async (prepare) => {
    const tab = await storefront.tab({ url: `${shop}/products`, prepare, arg: KEY });
    await tab.open();
    return tab;
  };
  return {
    tab: () => open(),
    /** A tab that asks for everything at each moment in which it is shown again, and tells when it is put away. */
    curiousTab: () =>
      open((key) => {
        globalThis.shown = [];
        const ask = ({ type, persisted }) => {
          if (document.visibilityState === "hidden") return;
          const asked = globalThis.session && { snapshot: session.getSnapshot(), saas: session.saasToken() };
          shown.push({ type, persisted, stored: localStorage.getItem(key), ...asked, token: asked && session.accessToken() });
        };
        document.addEventListener("visibilitychange", ask);
        addEventListener("pageshow", ask);
        addEventListener("pagehide", () => localStorage.setItem("put away", location.pathname));
      }),
    /** Leaves the page; resolves when it lies in the cache. */
    async leave(tab, witness) {
      await tab.page.goto(`${shop}/checkout`);
      await witness.page.waitForFunction(() => localStorage.getItem("put away") === "/products", undefined, UNPAINTED);
    },
    /** Goes back; resolves with what the page saw and was told at each of those moments. */
    async comeBack(tab) {
      await tab.run(() => history.back());
      const isBack = () => location.pathname === "/products" && shown.at(-1)?.type === "pageshow";
      await tab.page.waitForFunction(isBack, undefined, UNPAINTED);
      const reasons = await tab.run(() => JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons));
      return tab.run(async (reasons) => {
        if (!shown.at(-1).persisted) throw new Error(`the page was not kept: ${reasons}`);
        return Promise.all(shown.slice(1).map(async (it) => ({ ...it, token: await it.token })));
      }, reasons);
    },
  };
}

test("a page in the back-forward cache at the logout hands out nothing of the former session", async () => {
  const { sandbox } = storefront;
  const shop = await openShop();
  const [one, two] = [await shop.curiousTab(), await shop.tab()];
  await signIn([two, one]);
  const former = await one.token();
  await shop.leave(one, two);
  await two.run(() => session.logout());
  const tombstone = await two.run((key) => localStorage.getItem(key), KEY);

  const shown = await shop.comeBack(one);
  assert.equal(shown.at(-1).persisted, true);
  // Where the browser showed the page what was stored before, the logout had not reached it yet.
  for (const { type, stored, snapshot, saas, token } of shown.filter(({ stored }) => stored === tombstone)) {
    assert.deepEqual([snapshot.kind, snapshot.sessionId, saas], ["anonymous", undefined, undefined], type);
    assert.notEqual(token, former, type);
  }
  await one.heard("logout");
  assert.notEqual(await one.token(), former);
  assert.deepEqual(await sandbox.requests(), [LOGOUT, GUEST]);
  assert.deepEqual((await one.events()).slice(-2), ["logout requested remote", "started needed local"]);
});

test("a page in the back-forward cache stays there through a renewal elsewhere, and hears what comes after", async () => {
  const { sandbox } = storefront;
  const shop = await openShop();
  const [one, two] = [await shop.curiousTab(), await shop.tab()];
  await signIn([two, one]);
  await shop.leave(one, two);
  await two.run(() => session.refresh());
  assert.equal((await shop.comeBack(one)).at(-1).persisted, true);
  await one.heard("renewed");
  assert.equal(await one.token(), await two.token());
  await two.run(() => session.switchLegalEntity("le-north"));
  await one.heard("switched");
  assert.deepEqual(await sandbox.requests(), [REFRESH, REFRESH]);
});

// Offline

test("tabs that lose the network lose nothing else, and make no storm when it is back", async () => {
  const { sandbox } = storefront;
  await sandbox.profile({ customerExpiresIn: 3600 });
  const tabs = await openTabs(4);
  const { sessionId } = await signIn(tabs);
  const good = await tabs[0].token();
  let attempts = 0;
  storefront.context.on("request", (request) => (attempts += request.url().startsWith(sandbox.url)));

  await storefront.context.setOffline(true);
  for (const token of await all(tabs, () => session.accessToken())) assert.equal(token, good);
  assert.equal(attempts, 0);
  await pass(tabs, 4_000);
  const told = await all(tabs, async () => {
    const told = [];
    for (let round = 0; round < 20; round += 1) {
      const calls = Array.from({ length: 20 }, () => failure(session.accessToken()));
      for (const { code, retryable } of await Promise.all(calls)) told.push(`${code} ${retryable}`);
    }
    return told;
  });
  assert.deepEqual(new Set(told.flat()), new Set(["network true"]));
  // Whoever asks within the cool-down is told without an attempt.
  assert.ok(attempts < 5 * tabs.length, `${attempts} attempts`);

  await storefront.context.setOffline(false);
  const tokens = await all(tabs, async () => {
    const patient = async () => {
      for (;;) {
        try {
          return await session.accessToken();
        } catch ({ retryable, retryAfterMs = 0 }) {
          if (!retryable) throw new Error("it is for good");
          await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
        }
      }
    };
    return Promise.all(Array.from({ length: 20 }, patient));
  });
  assert.equal(new Set(tokens.flat()).size, 1);
  assert.deepEqual(await sandbox.requests(), [GUEST_REFRESH, REFRESH]);
  for (const tab of tabs) {
    const { kind, sessionId: after } = await tab.snapshot();
    assert.deepEqual([kind, after], ["customer", sessionId]);
  }
});

// Quota

test("when localStorage is really full the session lives on, in all tabs, and is stored once there is room", async () => {
  const { sandbox } = storefront;
  const [one, two] = await openTabs(2);
  await one.token();
  await two.heard("started");
  const { sessionId } = await one.snapshot();
  const error = await one.run(() => {
    let error;
    for (let size = 1 << 22; size >= 1; ) {
      try {
        localStorage.setItem(`ballast ${localStorage.length}`, "x".repeat(size));
      } catch (caught) {
        error = caught.name;
        size >>= 1;
      }
    }
    return error;
  });
  assert.equal(error, "QuotaExceededError");

  await one.login();
  await one.heard("storage", "full");
  assert.equal((await one.snapshot()).durable, false);
  await two.heard("login");
  assert.equal(await two.token(), await one.token());
  await one.run(() => session.refresh());
  await two.heard("renewed");
  assert.equal(await two.token(), await one.token());
  assert.ok(!(await one.stored()).includes(await one.token()));

  await two.run(() => {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith("ballast"))) localStorage.removeItem(name);
  });
  // It is tried now and then, when somebody asks for something.
  await one.run(async () => {
    for (; !session.getSnapshot().durable; await turn()) await session.accessToken();
  });
  await one.heard("storage", "restored");
  await sandbox.requests();
  const [three] = await openTabs(1);
  const { kind, sessionId: after, durable } = await three.snapshot();
  assert.deepEqual([kind, after, durable], ["customer", sessionId, true]);
  assert.equal(await three.token(), await one.token());
  assert.deepEqual(await sandbox.requests(), []);
});
