// What goes wrong around the module: no WebAssembly, a trap inside, no storage, a page that supplies nonsense.

import assert from "node:assert/strict";
import { test } from "node:test";

import { servePage } from "../../tools/lib/serve.mjs";
import { GUEST, GUEST_REFRESH, KEY, REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

/** The WebAssembly, in its file and in the script that serves in its place. */
const WASM = /storefront_session_(bg\.wasm|bytes\.js)/;

test("a Content-Security-Policy that refuses WebAssembly is named, with what it lacks", async () => {
  const { sandbox } = storefront;
  const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${sandbox.url}`;
  const site = await servePage({ apiUrl: sandbox.url, headers: { "Content-Security-Policy": policy } });
  try {
    const tab = await storefront.tab({ url: `${site.url}/config.json` });
    const error = await tab.run(() => failure(SessionManager.open(options)));
    assert.equal(error.isSessionError, true);
    assert.match(error.message, /'wasm-unsafe-eval'/);
    assert.match(error.message, /Content-Security-Policy/);
  } finally {
    await site.stop();
  }
});

test("with 'wasm-unsafe-eval' alone, and no eval, everything works", async () => {
  const { sandbox } = storefront;
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${sandbox.url}`;
  const site = await servePage({ apiUrl: sandbox.url, headers: { "Content-Security-Policy": policy } });
  try {
    const tab = await storefront.tab({ url: `${site.url}/config.json` });
    await tab.open();
    await tab.login();
    assert.equal((await tab.snapshot()).kind, "customer");
  } finally {
    await site.stop();
  }
});

for (const [name, answer] of Object.entries({
  "is missing": { status: 404, body: "" },
  "is cut short": { status: 200, contentType: "application/wasm", body: "\0asm" },
  "cannot be reached": undefined,
})) {
  test(`when the .wasm ${name}, open says so, and a later open works`, async () => {
    const tab = await storefront.tab();
    await tab.page.route(WASM, (route) => (answer ? route.fulfill(answer) : route.abort()));
    const [first, second] = await tab.run(async () => [
      await failure(SessionManager.open(options)),
      await failure(SessionManager.open(options)),
    ]);
    for (const { isSessionError, code, retryable, message } of [first, second]) {
      assert.deepEqual([isSessionError, code, retryable], [true, "network", true], message);
      assert.match(message, /storefront_session_bg\.wasm/);
    }
    await tab.page.unroute(WASM);
    await tab.open();
    assert.ok(await tab.token());
    assert.deepEqual(await storefront.sandbox.requests(), [GUEST]);
  });
}

for (const [name, answer] of Object.entries({
  "HTML with status 200, as from a development server": { status: 200, contentType: "text/html; charset=utf-8", body: "<!doctype html>" },
  "a pointer to large file storage": { status: 200, contentType: "text/plain", body: "version https://git-lfs.github.com/spec/v1" },
  "nothing, of no type": { status: 200, body: "" },
})) {
  test(`when ${name} comes instead of the .wasm, open says so and what to do, and not to try again`, async () => {
    const tab = await storefront.tab();
    await tab.page.route(WASM, (route) => route.fulfill(answer));
    const errors = await tab.run(async () => [
      await failure(SessionManager.open(options)),
      await failure(SessionManager.open({ ...options, wasm: "/storefront-session/storefront_session_bg.wasm" })),
    ]);
    for (const { isSessionError, code, retryable, message } of errors) {
      assert.deepEqual([isSessionError, code, retryable], [true, "internal", false], message);
      if (answer.contentType) assert.ok(message.includes(answer.contentType), message);
      assert.match(message, /storefront_session_bg\.wasm.*option wasm.*inline/);
    }
    await tab.page.unroute(WASM);
    await tab.open();
    assert.ok(await tab.token());
  });
}

test("when the address given as wasm answers 404, the error names address and status, not the query", async () => {
  const tab = await storefront.tab();
  const error = await tab.run(() => failure(SessionManager.open({ ...options, wasm: "/no.wasm?signature=secret" })));
  assert.match(error.message, /\/no\.wasm answers 404/);
  assert.ok(!error.message.includes("signature"));
});

test("the .wasm may come as address, bytes, response or module", async () => {
  const tab = await storefront.bareTab();
  const kinds = {
    address: `"/storefront-session/storefront_session_bg.wasm"`,
    bytes: `fetch("/storefront-session/storefront_session_bg.wasm").then((it) => it.arrayBuffer())`,
    response: `fetch("/storefront-session/storefront_session_bg.wasm")`,
    module: `WebAssembly.compileStreaming(fetch("/storefront-session/storefront_session_bg.wasm"))`,
  };
  for (const kind in kinds) {
    await tab.page.reload();
    await tab.run(() => load());
    const type = await tab.run(async (source) => {
      await open({ wasm: await (0, eval)(source) });
      return typeof (await session.accessToken());
    }, kinds[kind]);
    assert.equal(type, "string", kind);
  }
});

// A trap

/** Lets `trap()` in the page make every further call into this instance of the module fail as a trap does. */
function trappable() {
  const Instance = WebAssembly.Instance;
  WebAssembly.Instance = function (...args) {
    let isTrapped = false;
    globalThis.trap = () => (isTrapped = true);
    const entries = Object.entries(new Instance(...args).exports).map(([name, it]) => [
      name,
      typeof it !== "function"
        ? it
        : (...args) => {
            if (isTrapped) throw new WebAssembly.RuntimeError("unreachable");
            return it(...args);
          },
    ]);
    return { exports: Object.fromEntries(entries) };
  };
}

async function trappableSession() {
  const tab = await storefront.tab({ prepare: trappable });
  await tab.open({ timeoutMs: 3_000 });
  await tab.token();
  const { sessionId } = await tab.snapshot();
  await storefront.sandbox.requests();
  return { tab, sessionId };
}

test("a trap in a call rejects it with internal; the next call goes on with the stored session", async () => {
  const { tab, sessionId } = await trappableSession();
  const error = await tab.run(() => {
    trap();
    return failure(session.validate());
  });
  assert.deepEqual([error.code, error.isSessionError, error.retryable], ["internal", true, true]);
  assert.ok(await tab.token());
  assert.equal((await tab.snapshot()).sessionId, sessionId);
  await tab.login();
  assert.equal((await tab.snapshot()).sessionId, sessionId);
  await tab.heard("login");
});

test("a trap in something answered at once is no exception, and the session goes on", async () => {
  const { tab, sessionId } = await trappableSession();
  await tab.login();
  const [during, after] = await tab.run(async () => {
    trap();
    const during = [session.saasToken(), session.hasScope("x"), session.getSnapshot().kind];
    await session.accessToken();
    return [during.map((it) => it ?? "none"), typeof session.saasToken()];
  });
  assert.deepEqual(during, ["none", "none", "customer"]);
  assert.equal(after, "string");
  assert.equal((await tab.snapshot()).sessionId, sessionId);
});

/** A renewal under way with other calls beside it; the trap comes with the platform's answer. */
async function trapDuringRenewal(tab) {
  const { sandbox } = storefront;
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "hold" });
  await tab.run(() => {
    const calls = [session.refresh(), session.refresh(), session.login(buyer)];
    globalThis.calls = Promise.all(calls.map(failure));
  });
  await sandbox.asked(/anonymous\/refresh/);
  await tab.run(() => trap());
  await sandbox.release();
  return tab.run(() => calls);
}

test("a trap while a token request is under way rejects all pending calls with internal", async () => {
  const { tab } = await trappableSession();
  const errors = await trapDuringRenewal(tab);
  assert.deepEqual(
    errors.map(({ code, isSessionError }) => isSessionError && code),
    Array(3).fill("internal"),
  );
});

test("after a trap under the lock the next calls work, with the same session", async () => {
  const { tab, sessionId } = await trappableSession();
  // The new refresh token died with the module: a strict platform takes the former one for spent.
  await storefront.sandbox.profile({ rotation: "lenient" });
  await trapDuringRenewal(tab);
  const codes = await tab.run(async () => {
    const outcome = (call) => call.then(() => "done", ({ code }) => code);
    return [await outcome(session.accessToken()), await outcome(session.refresh()), await outcome(session.login(buyer))];
  });
  assert.deepEqual(codes, ["done", "done", "done"]);
  assert.equal((await tab.snapshot()).sessionId, sessionId);
});

test("after a trap under the lock the other tabs work", async () => {
  const { tab, sessionId } = await trappableSession();
  const other = await storefront.session({ timeoutMs: 3_000 });
  await trapDuringRenewal(tab);
  const code = await other.run(() => session.login(buyer).then(() => "done", ({ code }) => code));
  assert.equal(code, "done");
  assert.equal((await other.snapshot()).sessionId, sessionId);
});

test("after a trap the page hears the other tabs, and nothing of the old instance", async () => {
  const { tab } = await trappableSession();
  const other = await storefront.session();
  await tab.run(() => {
    trap();
    return failure(session.validate());
  });
  await tab.token();
  tab.troubles.splice(0);
  await other.login();
  await tab.heard("login");
  assert.equal((await tab.snapshot()).kind, "customer");
  await tab.run(() => {
    for (const event of ["pageshow", "online"]) dispatchEvent(new Event(event));
    return turn();
  });
  assert.deepEqual(tab.troubles, []);
});

test("a trap of somebody else's WebAssembly is not taken for ours", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "hold" });
  await tab.run(() => void (globalThis.token = session.accessToken().then((it) => typeof it, ({ code }) => code)));
  await sandbox.asked(/anonymous\/login/);
  await tab.run(async () => {
    // (module (func (export "f") unreachable))
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
    setTimeout(instance.exports.f);
    await turn();
  });
  await sandbox.release();
  assert.equal(await tab.run(() => token), "string");
});

// Storage

const BLOCKED = () =>
  Object.defineProperty(window, "localStorage", {
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
const FULL = () => {
  Storage.prototype.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
};

for (const [state, prepare, reason] of [
  ["blocked", BLOCKED, "unavailable"],
  ["full", FULL, "full"],
]) {
  test(`where localStorage is ${state} the session lives on in memory, and says so`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.tab({ prepare });
    await tab.open();
    await tab.token();
    await tab.heard("storage");
    const { sessionId, durable } = await tab.snapshot();
    assert.equal(durable, false);
    assert.ok((await tab.events()).includes(`storage ${reason} local`), await tab.events());
    await tab.login();
    await tab.run(() => session.switchLegalEntity("le-north"));
    await tab.run(() => session.refresh());
    assert.equal((await tab.snapshot()).sessionId, sessionId);
    await sandbox.requests();
    assert.ok(await tab.token());
    assert.deepEqual(await sandbox.requests(), []);
    assert.equal((await tab.events()).filter((it) => it.startsWith("storage")).length, 1, "once");
    await tab.run(() => session.logout());
    assert.equal((await tab.snapshot()).kind, "anonymous");
  });
}

test("where localStorage is full the other tab hears of a login by message", async () => {
  const one = await storefront.tab({ prepare: FULL });
  const two = await storefront.tab({ prepare: FULL });
  await one.open();
  await two.open();
  await one.login();
  await two.heard("login");
  assert.equal(await two.token(), await one.token());
});

test("storage that has room again is used again, and that is told", async () => {
  const tab = await storefront.session();
  await tab.run(async () => {
    const real = Storage.prototype.setItem;
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    await session.accessToken();
    Storage.prototype.setItem = real;
    await session.refresh();
  });
  assert.equal((await tab.snapshot()).durable, true);
  const events = (await tab.events()).filter((it) => it.startsWith("storage"));
  assert.deepEqual(events, ["storage full local", "storage restored local"]);
});

const BROKEN_DATABASES = {
  "is missing": () => Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
  "is denied": () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("denied", "SecurityError");
    };
  },
  "fails to open": () => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (name) {
      // Of a version that is not there any more.
      open.call(this, name, 2);
      return open.call(this, name, 1);
    };
  },
  "lacks the store": () => void indexedDB.open("storefront-session", 7),
  "never answers": () => {
    globalThis.asked = 0;
    IDBFactory.prototype.open = () => {
      asked += 1;
      return {};
    };
  },
};

for (const [name, prepare] of Object.entries(BROKEN_DATABASES)) {
  test(`where IndexedDB ${name} the session goes on`, async () => {
    const tab = await storefront.tab({ prepare });
    await tab.open();
    await tab.login();
    await tab.run(() => session.refresh());
    assert.equal((await tab.snapshot()).durable, true);
    assert.deepEqual(tab.troubles, []);
    // What hangs is not waited for again and again.
    if (name === "never answers") assert.equal(await tab.run(() => asked), 1);
  });
}

test("the database may be deleted under open sessions", async () => {
  const [one, two] = [await storefront.session(), await storefront.session()];
  await one.login();
  await two.heard("login");
  const outcome = await one.run(
    () =>
      new Promise((resolve) => {
        const deleting = indexedDB.deleteDatabase("storefront-session");
        deleting.onsuccess = deleting.onerror = deleting.onblocked = ({ type }) => resolve(type);
      }),
  );
  assert.equal(outcome, "success");
  for (const tab of [two, one]) await tab.run(() => session.refresh());
});

test("a corrupt record is told to the first listener, though it was found during open", async () => {
  const tab = await storefront.tab();
  const heard = await tab.run(async (key) => {
    localStorage.setItem(key, `{"schema":1,"guest":{"acc`);
    const session = await SessionManager.open(options);
    await session.accessToken();
    await session.login(buyer);
    const rows = [];
    // As React's strict mode does.
    session.subscribe(() => {})();
    session.subscribe(({ type, reason, snapshot }) => rows.push([type, reason, snapshot.kind, snapshot === session.getSnapshot()]));
    const switched = session.switchLegalEntity("le-north");
    await switched;
    return rows;
  }, KEY);
  assert.deepEqual(heard[0].slice(0, 3), ["storage", "corrupt", "customer"]);
  assert.deepEqual(
    heard.slice(1).map(([type]) => type),
    ["busy", "switched", "busy"],
  );
  assert.ok(heard.at(-1)[3]);
});

test("a record that makes no sense never stops open or the first token", async () => {
  const tab = await storefront.tab();
  const types = await tab.run(async (key) => {
    const records = [
      ..."null|[]|{}|7|true|\"\"|undefined|".split("|"),
      `{"schema":1}`,
      `{"schema":"1","revision":-1,"epoch":1e400}`,
      `{"schema":1,"revision":1,"epoch":0,"apiUrl":"${options.apiUrl}","guest":[],"customer":{"pair":null}}`,
      `{"schema":99}`,
      "\ud800",
      "[".repeat(10_000),
    ];
    const types = [];
    for (const record of records) {
      localStorage.setItem(key, record);
      const session = await SessionManager.open(options);
      types.push(typeof (await session.accessToken()));
      session.close();
    }
    return types;
  }, KEY);
  assert.deepEqual(new Set(types), new Set(["string"]));
});

test("a stored record with any one field spoiled never stops open or the next token", async () => {
  const tab = await storefront.tab();
  const failures = await tab.run(async (key) => {
    const first = await SessionManager.open(options);
    await first.login(buyer);
    await first.switchLegalEntity("le-north");
    first.close();
    const good = localStorage.getItem(key);
    const paths = [];
    const walk = (value, path) => {
      if (path.length > 0) paths.push(path);
      if (typeof value === "object" && value) for (const name in value) walk(value[name], [...path, name]);
    };
    walk(JSON.parse(good), []);
    const failures = [];
    for (const path of paths) {
      for (const junk of [null, -1, "", {}, 1e308]) {
        const record = JSON.parse(good);
        const last = path.at(-1);
        path.slice(0, -1).reduce((it, name) => it[name], record)[last] = junk;
        localStorage.setItem(key, JSON.stringify(record));
        const offline = () => Promise.reject(new TypeError("offline"));
        const session = await SessionManager.open({ ...options, fetch: offline });
        const outcome = await session.accessToken().then(
          (token) => typeof token === "string" && token.length > 5,
          ({ code }) => code,
        );
        if (outcome !== true && outcome !== "network") failures.push([path.join("."), junk, outcome]);
        session.close();
      }
    }
    return failures;
  }, KEY);
  assert.deepEqual(failures, []);
});

const ADAPTERS = {
  sync: `({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem() {} })`,
  async: `({
    getItem: async (key) => kept.get(key), setItem: async (key, value) => void kept.set(key, value), async removeItem() {}
  })`,
  "a class": `new (class {
    getItem(key) { return this.kept().get(key); }
    setItem(key, value) { this.kept().set(key, value); }
    removeItem() {}
    kept() { return kept; }
  })()`,
};

for (const [name, source] of Object.entries(ADAPTERS)) {
  test(`a storage adapter (${name}) keeps the session`, async () => {
    const tab = await storefront.tab();
    const [before, after] = await tab.run(async (source) => {
      globalThis.kept = new Map();
      const storage = (0, eval)(source);
      await open({ storage });
      await session.login(buyer);
      const before = [session.getSnapshot(), await session.accessToken()];
      session.close();
      await open({ storage });
      return [before, [session.getSnapshot(), await session.accessToken()]];
    }, source);
    assert.deepEqual(after, before);
    assert.equal(before[0].durable, true);
  });
}

const BROKEN_ADAPTERS = {
  "throws": `() => { throw new Error("no"); }`,
  "throws nothing at all": `() => { throw undefined; }`,
  "rejects": `() => Promise.reject(new Error("no"))`,
  "rejects with a text": `() => Promise.reject("no")`,
  "returns a number": `() => 7`,
  "returns an object": `() => ({})`,
  "returns the empty text": `() => ""`,
  "returns a thenable that throws": `() => ({ then() { throw new Error("no"); } })`,
};

for (const [name, source] of Object.entries(BROKEN_ADAPTERS)) {
  test(`with a storage adapter that ${name} the session lives on in memory`, async () => {
    const tab = await storefront.tab();
    await tab.run(async (source) => {
      const broken = (0, eval)(source);
      await open({ storage: { getItem: broken, setItem: broken, removeItem: broken } });
      await session.login(buyer);
      await session.refresh();
    }, source);
    const { kind, durable } = await tab.snapshot();
    assert.deepEqual([kind, durable], ["customer", false]);
    await tab.heard("storage");
    assert.deepEqual(tab.troubles, []);
  });
}

test("a storage adapter that never answers lets every call settle at its time-out", async () => {
  const tab = await storefront.tab();
  const outcome = await tab.run(async () => {
    const never = () => new Promise(() => {});
    const healthy = await SessionManager.open({ ...options, clientId: "storefront" });
    const hung = { ...options, timeoutMs: 300, storage: { getItem: never, setItem: never, removeItem: never } };
    const isSettled = SessionManager.open(hung).then(
      (session) => session.accessToken().then(() => "settled", ({ code }) => code),
      ({ code }) => code,
    );
    const patience = new Promise((resolve) => setTimeout(resolve, 3_000, "hangs for ten times its time-out"));
    const outcome = await Promise.race([isSettled, patience]);
    await healthy.accessToken();
    return outcome;
  });
  assert.ok(["settled", "storage", "timeout"].includes(outcome), outcome);
});

// What the page supplies

const BROKEN_FETCHES = {
  "throws at once": `() => { throw new Error("no"); }`,
  "throws nothing at all": `() => { throw undefined; }`,
  "rejects with a text": `() => Promise.reject("no")`,
  "rejects with nothing": `() => Promise.reject()`,
  "rejects with null": `() => Promise.reject(null)`,
  "resolves to nothing": `() => Promise.resolve()`,
  "resolves to null": `async () => null`,
  "resolves to a look-alike": `async () => ({ ok: true, status: 200, headers: new Map(), text: async () => "{}", json: async () => ({}) })`,
  "returns a response without promise of another kind": `() => Response.json({})`,
  "returns an opaque error": `async () => Response.error()`,
  "has a body that fails": `async () => new Response(new ReadableStream({ start(it) { it.error("no"); } }))`,
  "has a body that was read": `async () => { const it = new Response("{}"); await it.text(); return it; }`,
  "has a text() that returns a number": `async () => Object.defineProperty(new Response("{}"), "text", { value: async () => 7 })`,
  "has a text() that throws": `async () => Object.defineProperty(new Response(), "text", { value() { throw 7; } })`,
  "resolves to a proxy of a response": `async () => new Proxy(new Response("{}"), {})`,
  "resolves to a mock with Response's prototype": `async () => Object.create(Response.prototype, { status: { value: 200 } })`,
};

for (const [name, source] of Object.entries(BROKEN_FETCHES)) {
  test(`a fetch option that ${name} is a typed error, and no hang`, async () => {
    const tab = await storefront.tab();
    const errors = await tab.run(async (source) => {
      const broken = (0, eval)(source);
      let isBroken = true;
      await open({ timeoutMs: 3_000, fetch: (request) => (isBroken ? broken(request) : fetch(request)) });
      const errors = [await failure(session.accessToken()), await failure(session.login(buyer))];
      isBroken = false;
      await session.refresh();
      await session.login(buyer);
      isBroken = true;
      errors.push(await failure(session.validate()), await failure(session.refresh()));
      errors.push(await failure(session.switchLegalEntity("le-north")), await failure(session.legalEntities()));
      if (session.getSnapshot().kind !== "customer") throw new Error("a fault has ended the identity");
      await session.logout();
      return errors;
    }, source);
    for (const { isSessionError, code, retryable, message } of errors) {
      assert.ok(isSessionError && ["network", "protocol", "server"].includes(code), `${code}: ${message}`);
      assert.equal(retryable, true);
    }
    assert.deepEqual(tab.troubles, []);
  });
}

for (const [name, source] of Object.entries({
  throws: `() => { throw new Error("no clock"); }`,
  "throws later on": `() => { if ((globalThis.asked = (globalThis.asked ?? 0) + 1) > 9) throw new Error("no clock"); return Date.now(); }`,
  "returns NaN": `() => NaN`,
  "returns Infinity": `() => Infinity`,
  "returns a Date": `() => new Date()`,
  "returns a text": `() => "now"`,
  "returns a BigInt": `() => 5n`,
  "returns a negative number": `() => -1e15`,
  "returns nothing": `() => {}`,
})) {
  test(`a now option that ${name} does not stop the session`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.tab();
    const count = await tab.run(async (source) => {
      await open({ now: (0, eval)(source) });
      const tokens = [];
      for (let i = 0; i < 20; i += 1) tokens.push(await session.accessToken());
      await session.login(buyer);
      await session.refresh();
      return new Set(tokens).size;
    }, source);
    assert.equal(count, 1);
    const requests = await sandbox.requests();
    assert.equal(requests.filter((line) => line === GUEST).length, 1);
    assert.ok(!requests.includes(GUEST_REFRESH) && requests.filter((line) => line === REFRESH).length === 1, requests.join());
    assert.deepEqual(tab.troubles, []);
  });
}
