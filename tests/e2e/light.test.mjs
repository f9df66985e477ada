// Pages that find a good token in storage: it is handed out before the core (core.js and the WebAssembly) is there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY, LOGOUT, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

/** The page is never at rest, and notes what it loads of the package. */
const restless = () => {
  globalThis.resting = [];
  globalThis.requestIdleCallback = (work) => resting.push(work);
  globalThis.rest = () => resting.splice(0).forEach((work) => work());
  globalThis.loaded = () =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => new URL(name).pathname.split("/").pop())
      .filter((name) => /^(index|core).*js$|wasm$/.test(name));
};

/** Somebody who was here before. */
async function visitor(isCustomer) {
  const tab = await storefront.session();
  await (isCustomer ? tab.login() : tab.token());
  await storefront.sandbox.requests();
  return tab;
}

const lightTab = async (more) => {
  const tab = await storefront.tab({ prepare: restless });
  if (more !== null) await tab.open(more);
  return tab;
};

const loaded = (tab) => tab.run(() => loaded());

for (const isCustomer of [false, true]) {
  const who = isCustomer ? "customer" : "guest";

  test(`a ${who} who comes back has his token, his snapshot and his first call before the core is there`, async () => {
    const { sandbox } = storefront;
    const full = await visitor(isCustomer);
    const light = await lightTab();
    assert.deepEqual(await light.snapshot(), await full.snapshot());
    assert.equal(await light.token(), await full.token());
    const saas = () => session.saasToken();
    assert.equal(await light.run(saas), await full.run(saas));
    const status = await light.run(async () => (await session.fetch("/site/acme/sites")).status);
    assert.equal(status, 200);
    assert.deepEqual(await loaded(light), ["index.js"]);
    assert.equal((await sandbox.requests()).length, 1);
  });

  test(`at rest the core of a ${who}'s page comes, and nobody sees the seam`, async () => {
    const full = await visitor(isCustomer);
    const light = await lightTab();
    const isSame = await light.run(async () => {
      const [snapshot, signal] = [session.getSnapshot(), session.signal];
      rest();
      await session.validate().catch(() => {});
      return [snapshot === session.getSnapshot(), signal === session.signal, signal.aborted];
    });
    assert.deepEqual(isSame, [true, true, false]);
    assert.deepEqual((await loaded(light)).sort(), ["core.js", "index.js", "storefront_session_bg.wasm"]);
    assert.deepEqual(await light.events(), []);
    assert.equal(await light.token(), await full.token());
  });
}

test("before the core is there, one type of event and the present state are listened for, and a login shows at once that it is busy, here alone", async () => {
  const { sandbox } = storefront;
  const full = await visitor(false);
  const light = await lightTab();
  const before = await light.run(async () => {
    globalThis.told = [];
    const tell = ({ type, snapshot }) => told.push([type, snapshot.busy]);
    for (const type of ["busy", "login", "storage"]) session.on(type, tell);
    session.subscribe((event) => event.type === "initial" && tell(event), { initial: true });
    const { code, field } = await failure(() => session.on("signed-in", tell));
    return [code, field, session.getSnapshot().busy];
  });
  assert.deepEqual(before, ["invalid_argument", "type", undefined]);
  assert.deepEqual(await loaded(light), ["index.js"]);
  await sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
  const during = await light.run(() => {
    const { identity } = session.getSnapshot();
    globalThis.login = session.login(buyer);
    const snapshot = session.getSnapshot();
    return [snapshot.busy, snapshot.identity === identity, snapshot === session.getSnapshot()];
  });
  assert.deepEqual(during, ["login", true, true]);
  await sandbox.asked(/login/);
  assert.equal(await light.run(() => session.getSnapshot().busy), "login", "the core has come");
  assert.equal((await full.snapshot()).busy, undefined);
  assert.ok(!(await light.stored()).includes("busy"));
  await sandbox.release();
  await light.run(() => login);
  assert.deepEqual(await light.run(() => [session.getSnapshot().busy, ...told]), [undefined, ["initial", undefined], ["busy", "login"], ["login", "login"], ["busy", undefined]]);
  await full.heard("login");
  assert.ok((await full.run(() => events)).every(({ type, snapshot }) => type !== "busy" && !("busy" in snapshot)));
});

test("who has no good token waits for the core", async () => {
  const { sandbox } = storefront;
  const full = await visitor(false);
  const expired = await lightTab(null);
  const aDay = 86_400_000;
  await expired.run((aDay) => open({ now: () => Date.now() + aDay }), aDay);
  assert.ok((await loaded(expired)).includes("core.js"));
  // Tabs that are open store again what is cleared.
  for (const tab of [full, expired]) await tab.page.close();
  const stranger = await lightTab(null);
  await stranger.run(() => localStorage.clear());
  await stranger.open();
  assert.ok((await loaded(stranger)).includes("core.js"));
  assert.deepEqual(await sandbox.requests(), []);
});

test("a customer whose refresh token is to be renewed soon waits for nothing, and the core comes at once", async () => {
  const full = await visitor(true);
  const token = await full.token();
  await full.run((key) => {
    session.close();
    const record = JSON.parse(localStorage.getItem(key));
    const { refresh } = record.customer.pair;
    refresh.received -= Math.floor(refresh.lives * 0.8);
    localStorage.setItem(key, JSON.stringify(record));
  }, KEY);
  const light = await lightTab(null);
  await light.page.route(/core\.js/, (route) => route.abort());
  const asked = light.page.waitForRequest(/core\.js/);
  await light.open();
  assert.equal(await light.token(), token);
  await asked;
});

test("a record that the light part is not sure of is the core's to read", async () => {
  const full = await visitor(true);
  const text = await full.run((key) => localStorage.getItem(key), KEY);
  const record = JSON.parse(text);
  const other = (change) => JSON.stringify({ ...structuredClone(record), ...change });
  const pair = record.customer.pair;
  const broken = [
    text.slice(1),
    other({ schema: 2 }),
    other({ readableBy: 2 }),
    other({ apiUrl: "https://elsewhere.example" }),
    other({ epoch: -1 }),
    other({ revision: 2 ** 53 }),
    other({ identity: "" }),
    other({ began: "somehow" }),
    other({ sessionId: 7 }),
    other({ pending: {} }),
    other({ refreshBearer: "nobody" }),
    other({ guest: { access: { token: "a b", received: 1 }, extends: true } }),
    other({ customer: { ...record.customer, pair: { ...pair, access: { ...pair.access, lives: 0 } } } }),
    other({ customer: { ...record.customer, pair: { ...pair, access: { ...pair.access, received: Date.now() + 60_000 } } } }),
  ];
  await full.page.close();
  for (const text of broken) {
    const light = await lightTab(null);
    await light.run(([key, text]) => localStorage.setItem(key, text), [KEY, text]);
    await light.open();
    assert.ok((await loaded(light)).includes("core.js"), text);
    await light.page.close();
  }
});

for (const change of ["login", "switch", "logout"]) {
  test(`another tab's ${change} reaches pages whose core was never loaded`, async () => {
    const { sandbox } = storefront;
    const full = await visitor(change !== "login");
    const tabs = await Promise.all(Array.from({ length: change === "logout" ? 20 : 3 }, () => lightTab()));
    const former = await tabs[0].token();
    for (const tab of tabs) await tab.run(() => void (globalThis.reading = session.signal));
    assert.deepEqual(await loaded(tabs[1]), ["index.js"]);
    await sandbox.requests();

    if (change === "login") await full.login();
    if (change === "switch") await full.run(() => session.switchLegalEntity("le-north"));
    if (change === "logout") await full.run(() => session.logout());
    const { identity } = await full.snapshot();
    const told = { login: "login", switch: "switched", logout: "logout" }[change];
    await Promise.all(tabs.map((tab) => tab.heard(told)));
    for (const tab of tabs) {
      const seen = await tab.run(async () => [session.getSnapshot().identity, reading.aborted]);
      assert.deepEqual(seen, [identity, true]);
      assert.deepEqual(await tab.events(), [`${told} requested remote`]);
    }
    const tokens = new Set(await Promise.all(tabs.map((tab) => tab.token())));
    assert.equal(tokens.size, 1);
    assert.ok(!tokens.has(former));
  });
}

test("a page that comes back from the back-forward cache without its core hears of a logout, and hands out nothing of before", async () => {
  const full = await visitor(true);
  const light = await lightTab(null);
  // A page that is kept is told nothing.
  await light.run(() => addEventListener("storage", (event) => event.stopImmediatePropagation(), { capture: true }));
  await light.open();
  const former = await light.token();
  await light.run(() => {
    globalThis.reading = session.signal;
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  });
  await full.run(() => session.logout());
  assert.equal(await light.run(() => reading.aborted), false);
  assert.deepEqual(await loaded(light), ["index.js"]);
  const token = await light.run(() => {
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return session.accessToken();
  });
  assert.notEqual(token, former);
  assert.deepEqual(await light.events(), ["logout requested remote", "started needed local"]);
  assert.equal(await light.run(() => reading.aborted), true);
  assert.equal(token, await full.token());
});

test("a page that is left opens no channel when it is hidden after that, which would keep it out of the back-forward cache", async () => {
  await visitor(false);
  const light = await lightTab(null);
  await light.run(() => {
    globalThis.channels = new Set();
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      constructor(name) {
        super(name);
        channels.add(this);
      }
      close() {
        super.close();
        channels.delete(this);
      }
    };
  });
  await light.open();
  const count = () => light.run(() => channels.size);
  const show = (state) => light.run((state) => setVisibility(state), state);
  assert.equal(await count(), 1);
  await light.run(() => void dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await show("hidden");
  assert.equal(await count(), 0);
  await show("visible");
  assert.equal(await count(), 1);
  assert.deepEqual(await loaded(light), ["index.js"]);
});

test("a token that another tab has renewed is handed out by the next call, and nobody loads the core for it", async () => {
  const full = await visitor(true);
  const light = await lightTab();
  const former = await light.token();
  await light.run(() => {
    const channel = new BroadcastChannel(Object.keys(localStorage).find((key) => key.startsWith("storefront-session:")));
    globalThis.news = new Promise((resolve) => (channel.onmessage = resolve));
  });
  await full.run(() => session.refresh());
  await light.run(() => news.then(() => {}));
  const token = await light.token();
  assert.notEqual(token, former);
  assert.equal(token, await full.token());
  assert.deepEqual(await loaded(light), ["index.js"]);
});

test("a clock that is set back is no reason to hand out a token for longer", async () => {
  await visitor(false);
  const light = await lightTab(null);
  await light.run(() => {
    globalThis.offset = 0;
    return open({ now: () => Date.now() + offset });
  });
  await light.token();
  assert.deepEqual(await loaded(light), ["index.js"]);
  await light.run(() => void (offset = -600_000));
  await light.token().catch(() => {});
  assert.ok((await loaded(light)).includes("core.js"));
});

test("a core that cannot be loaded is asked for again by the next call that needs it", async () => {
  const { sandbox } = storefront;
  const full = await visitor(true);
  const light = await lightTab(null);
  await light.page.route(/core\.js/, (route) => route.abort());
  await light.open();
  const error = await light.run(() => failure(session.refresh()));
  assert.deepEqual([error.code, error.retryable], ["network", true]);
  assert.equal(await light.token(), await full.token());
  await light.page.unroute(/core\.js/);
  await light.run(() => session.refresh());
  assert.deepEqual(await light.events(), ["renewed requested local"]);
  assert.equal((await sandbox.requests()).length, 1);
});

const html = { status: 200, contentType: "text/html; charset=utf-8", body: "<!doctype html><p id='sign-in'>" };
const strangers = {
  "a page for every address": [html, "internal", /: http:\S+\/core\.js gave text\/html; charset=utf-8$/],
  "a sign-in page that is redirected to": ["redirect", "internal", /: http:[^?]+:\d+\/ gave text\/html/],
  "HTML that is called a script": [{ ...html, contentType: "text/javascript" }, "internal", /\/core\.js gave /],
  "another script": [{ contentType: "text/javascript", body: "export default 'token'" }, "internal", /\/core\.js gave /],
  "an answer of no type": [{ status: 200, headers: {}, body: "" }, "internal", /\/core\.js gave /],
  "a page that says 404": [{ ...html, status: 404 }, "network", /\/core\.js gave 404$/],
  "nothing": [undefined, "network", /^the session module could not be loaded$/],
};
for (const [name, [answer, code, message]] of Object.entries(strangers)) {
  test(`when ${name} comes instead of the core, the error says so and what came, and the next call asks again`, async () => {
    const full = await visitor(true);
    const token = await full.token();
    const light = await lightTab(null);
    const asked = [];
    await light.page.route(/core\.js/, (route) => {
      asked.push(new URL(route.request().url()).search);
      if (answer === "redirect") return route.fulfill({ status: 302, headers: { location: "/?signature=s3cr3t" } });
      return answer ? route.fulfill(answer) : route.abort();
    });
    // A gateway does not spare the other files.
    await light.page.route(/\.wasm/, (route) => (answer ? route.fulfill(html) : route.abort()));
    await light.open();
    for (let turn = 0; turn < 2; turn += 1) {
      const [error, causes] = await light.run(async () => {
        const error = await session.refresh().catch((error) => error);
        const all = [error, error.cause].map((it) => `${it} ${it.stack} ${JSON.stringify(it)}`);
        return [await failure(Promise.reject(error)), [all.join(), error.cause instanceof Error]];
      });
      assert.deepEqual([error.isSessionError, error.code, error.retryable, causes[1]], [true, code, code === "network", true], error.message);
      assert.match(error.message, message);
      assert.doesNotMatch(causes[0], /s3cr3t|again=|sign-in'|[?]/);
      assert.equal(await light.token(), token);
    }
    const count = asked.length;
    assert.ok(new Set(asked).size > 1, "under an address of its own");
    await light.page.unrouteAll();
    assert.equal(asked.length, count);
    await light.run(() => session.refresh());
    assert.deepEqual(await light.events(), ["renewed requested local"]);
  });
}

test("who has no token is told what came instead of the core, and a later open works", async () => {
  const tab = await storefront.tab({ prepare: restless });
  await tab.page.route(/core\.js|\.wasm/, (route) => route.fulfill(html));
  const error = await tab.run(() => failure(SessionManager.open(options)));
  assert.deepEqual([error.code, error.retryable], ["internal", false]);
  assert.match(error.message, /core\.js gave text\/html/);
  await tab.page.unrouteAll();
  await tab.open();
  assert.ok(await tab.token());
});

test("a core that cannot be loaded is not asked for at each call that could do without it", async () => {
  const full = await visitor(true);
  await full.run((key) => {
    session.close();
    const record = JSON.parse(localStorage.getItem(key));
    const { refresh } = record.customer.pair;
    refresh.received -= Math.floor(refresh.lives * 0.8);
    localStorage.setItem(key, JSON.stringify(record));
  }, KEY);
  const light = await lightTab(null);
  const asked = new Set();
  await light.page.route(/core\.js/, (route) => {
    asked.add(route.request().url());
    return route.fulfill(html);
  });
  await light.run(() => {
    globalThis.offset = 0;
    return open({ now: () => Date.now() + offset });
  });
  const error = await light.run(() => failure(session.refresh()));
  assert.equal(error.code, "internal");
  const before = [...asked];
  for (let call = 0; call < 5; call += 1) {
    await light.run(async () => {
      offset += 2_000;
      await session.accessToken();
      await turn();
    });
  }
  assert.deepEqual([...asked], before);
});

/** The core stays on its way until `go()`; `asked` resolves when it is asked for. */
async function heldCore(light) {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  const asked = light.page.waitForRequest(/core\.js/);
  await light.page.route(/core\.js/, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  return { asked, go };
}

test("a logout whose page is left before the core is there has ended the session, in all tabs", async () => {
  const full = await visitor(true);
  const light = await lightTab();
  const former = await light.token();
  const { asked } = await heldCore(light);
  await light.run(() => void session.logout());
  await asked;
  await light.page.goto(`${storefront.site.url}/config.json`);
  await full.heard("logout");
  const { identity, ...snapshot } = await full.snapshot();
  assert.deepEqual(snapshot, { kind: "anonymous", needsLegalEntity: false, needsPasswordChange: false, renewable: false, durable: true });
  const record = await light.run((key) => JSON.parse(localStorage.getItem(key)), KEY);
  assert.deepEqual([record.began, record.customer, record.guest, record.sessionId], ["logout", undefined, undefined, undefined]);
  await light.page.unroute(/core\.js/);
  await light.run(() => load());
  await light.open();
  assert.notEqual(await light.token(), former);
  assert.equal(await full.token(), await light.token());
});

for (const [name, logOut] of Object.entries({
  "while its page is left": () => addEventListener("pagehide", () => void session.logout().catch(() => {})),
  "a promise after its page is left": () => addEventListener("pagehide", async () => (await undefined, session.logout().catch(() => {}))),
  "when its page is hidden, which comes after it is left": () =>
    addEventListener("visibilitychange", () => void session.logout().catch(() => {})),
})) {
  test(`a logout ${name} has ended the session, in all tabs, though the core is not there`, async () => {
    const full = await visitor(true);
    const light = await lightTab();
    await light.page.route(/core\.js/, () => {});
    const left = light.page.waitForNavigation();
    await light.run(logOut);
    await light.run(() => location.reload());
    await left;
    await full.heard("logout");
    const record = await light.run((key) => JSON.parse(localStorage.getItem(key)), KEY);
    assert.deepEqual([record.began, record.customer, record.guest], ["logout", undefined, undefined]);
  });
}

test("a logout by a page that clears its storage and is left has ended the session, though the core is not there", async () => {
  const full = await visitor(true);
  const light = await lightTab();
  await light.page.route(/core\.js/, () => {});
  const record = await light.run((key) => {
    session.logout().catch(() => {});
    localStorage.clear();
    // Before another tab restores what it knows.
    dispatchEvent(new PageTransitionEvent("pagehide"));
    return JSON.parse(localStorage.getItem(key));
  }, KEY);
  assert.equal(record?.began, "logout");
  await full.heard("logout");
});

test("a page that was left and came back tells the platform of a logout", async () => {
  const { sandbox } = storefront;
  await visitor(true);
  const light = await lightTab();
  await light.run(() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return session.logout();
  });
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
});

test("a logout ends the session where the core cannot be had, and tells so once", async () => {
  const full = await visitor(true);
  const light = await lightTab();
  const former = await light.token();
  await light.page.route(/core\.js/, (route) => route.abort());
  const seen = await light.run(async () => {
    const { signal } = session;
    await session.logout();
    await session.logout();
    return [session.getSnapshot(), signal.aborted, session.saasToken() ?? null, await failure(session.accessToken())];
  });
  await full.heard("logout");
  assert.deepEqual(seen.slice(0, 3), [await full.snapshot(), true, null]);
  assert.equal(seen[3].code, "network");
  assert.deepEqual(await light.events(), ["logout requested local"]);
  await light.page.unroute(/core\.js/);
  assert.notEqual(await light.token(), former);
  assert.deepEqual(await light.events(), ["logout requested local", "started needed local"]);
  assert.equal(await light.token(), await full.token());
});

test("a logout whose core comes is the core's, and a page that is left after it ends nobody who came since", async () => {
  const { sandbox } = storefront;
  const full = await visitor(true);
  const light = await lightTab();
  const { asked, go } = await heldCore(light);
  await light.run(() => void (globalThis.leaving = session.logout()));
  await asked;
  go();
  await light.run(() => leaving);
  assert.deepEqual(await light.events(), ["logout requested local", "revocation requested local"]);
  assert.ok((await sandbox.requests()).includes(LOGOUT));
  await full.heard("logout");
  await full.login();
  const { identity } = await full.snapshot();
  await light.heard("login");
  await light.page.goto(`${storefront.site.url}/config.json`);
  assert.equal(await full.run(() => session.refresh().then((snapshot) => snapshot.identity)), identity);
});

test("a logout whose core is still on its way ends nobody whom another tab has logged in since", async () => {
  const full = await visitor(true);
  const light = await lightTab();
  const { asked } = await heldCore(light);
  await light.run(() => void session.logout());
  await asked;
  await full.run(() => session.logout());
  await full.login();
  const { identity } = await full.snapshot();
  await light.page.goto(`${storefront.site.url}/config.json`);
  assert.equal(await full.run((key) => JSON.parse(localStorage.getItem(key)).identity, KEY), identity);
});

test("a first visit loads the core and the WebAssembly at the same time", async () => {
  const tab = await storefront.tab({ prepare: restless });
  let go;
  const held = new Promise((resolve) => (go = resolve));
  const wasm = new Promise((resolve) => tab.page.on("request", (request) => request.url().endsWith(".wasm") && resolve()));
  await tab.page.route(/core\.js/, async (route) => {
    await held;
    await route.continue();
  });
  const opened = tab.open();
  await wasm;
  go();
  await opened;
});

test("a page that is closed before it was at rest loads nothing more", async () => {
  await visitor(false);
  const light = await lightTab();
  await light.run(() => {
    session.close();
    rest();
  });
  const error = await light.run(() => failure(session.accessToken()));
  assert.equal(error.code, "closed");
  assert.deepEqual(await loaded(light), ["index.js"]);
});

for (const [name, idle] of [
  ["is no idle callback", "undefined"],
  ["is an idle callback that throws", "() => { throw new Error() }"],
]) test(`where there ${name}, rest is two seconds after the page has loaded`, async () => {
  await visitor(false);
  const tab = await storefront.tab({
    arg: idle,
    prepare: (idle) => {
      globalThis.requestIdleCallback = (0, eval)(idle);
      const wait = setTimeout;
      globalThis.waits = [];
      globalThis.setTimeout = (work, time, ...more) => (time === 2_000 ? void waits.push(work) : wait(work, time, ...more));
    },
  });
  await tab.open();
  assert.equal(await tab.run(() => waits.length), 1);
});

test("preload brings the core before it is needed", async () => {
  await visitor(false);
  const tab = await lightTab(null);
  await tab.run(() => preload());
  await tab.page.waitForFunction(() => loaded().includes("storefront_session_bg.wasm"));
  await tab.open();
  assert.equal(await tab.run(() => session.refresh().then(() => loaded().length)), 3);
});
