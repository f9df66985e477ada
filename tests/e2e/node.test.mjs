// The package on a server: Node, no page, one session for each visitor.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";

import { SessionError, SessionManager } from "storefront-session";
import * as vue from "vue";

import { sessionFetch } from "../../npm/fetch.js";
import { placeOf } from "../../npm/place.js";
import { root } from "../../tools/lib/run.mjs";
import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { collectGarbage } from "./lib/garbage.mjs";
import { GUEST, LOGIN, LOGOUT, REFRESH, Sandbox, buyer } from "./lib/storefront.mjs";

const turn = () => new Promise((resolve) => setImmediate(resolve));

let server;
let sandbox;
let options;
const open = [];

before(async () => {
  server = await startSandbox();
  sandbox = new Sandbox(server);
  options = { tenant: "acme", clientId: "storefront", apiUrl: server.url, storage: "memory" };
});

after(() => server?.stop());

beforeEach(() => sandbox.control("reset"));

afterEach(() => open.splice(0).forEach((session) => session.close()));

async function openSession(more) {
  const session = await SessionManager.open({ ...options, ...more });
  open.push(session);
  return session;
}

/** Runs a script in a Node of its own, to its own end. */
async function script(source, ...args) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (printed += chunk));
  const [status] = await once(child, "close");
  return { status, printed: printed.trim() };
}

test("the company that one visitor has chosen last is no other visitor's, and his own is restored", async () => {
  const [one, two] = [await openSession({ company: "restore" }), await openSession({ company: "restore" })];
  await one.login(buyer);
  await one.switchLegalEntity("le-south");
  await two.login(buyer);
  const { legalEntityId, needsLegalEntity } = two.getSnapshot();
  assert.deepEqual([legalEntityId, needsLegalEntity], [undefined, true]);
  await one.logout();
  assert.equal((await one.login(buyer)).legalEntityId, "le-south");
});

test("what a listener throws is printed, and not reported: in Deno that would end the process", async (context) => {
  const printed = [];
  context.mock.method(console, "error", (error) => printed.push(error.message));
  globalThis.reportError = () => assert.fail("it was reported");
  try {
    const session = await openSession();
    session.subscribe(() => {
      throw new Error("thrown");
    });
    session.on("started", async () => {
      throw new Error("rejected");
    });
    await session.accessToken();
    await turn();
  } finally {
    delete globalThis.reportError;
  }
  assert.deepEqual(printed, ["thrown", "thrown", "rejected"]);
});

test("token, login, company and logout", async () => {
  const session = await openSession();
  assert.deepEqual(await sandbox.requests(), []);
  assert.equal(session.getSnapshot().durable, false);
  await session.accessToken();
  const { sessionId } = session.getSnapshot();
  await session.login(buyer);
  await session.switchLegalEntity("le-north");
  assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN, REFRESH]);
  assert.equal(session.getSnapshot().sessionId, sessionId);
  assert.equal((await session.fetch("/product/acme/products")).status, 200);
  await sandbox.requests();
  await session.logout();
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
});

test("each open is a session of its own, whatever the options", async () => {
  const [one, two] = [await openSession(), await openSession()];
  assert.notEqual(one, two);
  assert.notEqual(await one.accessToken(), await two.accessToken());
  assert.notEqual(one.getSnapshot().sessionId, two.getSnapshot().sessionId);
  await one.login(buyer);
  assert.equal(two.getSnapshot().kind, "anonymous");
});

test("visitors whose records are kept by adapters stay apart", async () => {
  const visitor = async () => {
    const kept = new Map();
    const storage = {
      getItem: async (key) => kept.get(key),
      setItem: async (key, value) => void kept.set(key, value),
      removeItem: async (key) => void kept.delete(key),
    };
    return { kept, session: await openSession({ storage }) };
  };
  const [one, two] = [await visitor(), await visitor()];
  const heard = [];
  two.session.subscribe(({ type }) => heard.push(type));
  await one.session.accessToken();
  await one.session.login(buyer);
  // Whatever one process tells itself has arrived by the time that a message of ours has.
  await new Promise((resolve) => {
    const [from, to] = [new BroadcastChannel("test"), new BroadcastChannel("test")];
    to.onmessage = () => {
      from.close();
      to.close();
      resolve();
    };
    from.postMessage("");
  });
  assert.equal(two.session.getSnapshot().kind, "anonymous", "another visitor's login has been taken over");
  assert.deepEqual(heard, []);
  assert.notEqual(await two.session.accessToken(), await one.session.accessToken());
  assert.equal(two.kept.size, 1);
});

test("a record kept by an adapter is gone on with by the next request's session", async () => {
  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
  const one = await openSession({ storage });
  await one.login(buyer);
  const before = [one.getSnapshot(), await one.accessToken()];
  one.close();
  await sandbox.requests();
  const two = await openSession({ storage });
  assert.deepEqual([two.getSnapshot(), await two.accessToken()], before);
  assert.deepEqual(await sandbox.requests(), []);
});

test("an adapter that is silent is waited for once, and trusted again when it has answered", async () => {
  const answers = [];
  let asked = 0;
  const kept = new Map();
  let isSilent = true;
  const silently = (work) => (...call) => {
    asked += 1;
    return isSilent ? new Promise((resolve) => answers.push(() => resolve(work(...call)))) : work(...call);
  };
  const storage = {
    getItem: silently((key) => kept.get(key) ?? null),
    setItem: silently((key, value) => void kept.set(key, value)),
    removeItem: silently((key) => void kept.delete(key)),
  };
  const session = await openSession({ storage });
  await session.login(buyer);
  await session.switchLegalEntity("le-north");
  assert.deepEqual([asked, session.getSnapshot().durable], [1, false]);

  isSilent = false;
  answers.forEach((answer) => answer());
  await session.refresh();
  assert.equal(session.getSnapshot().durable, true);
  const next = await openSession({ storage });
  assert.deepEqual(next.getSnapshot(), session.getSnapshot());
});

// Where it runs

const SHOWN = {
  window: {},
  document: { visibilityState: "visible" },
  Window: class {},
  localStorage: { getItem() {}, setItem() {}, removeItem() {} },
  process: { versions: { node: "26.0.0" } },
  Deno: { version: {} },
};

test("a page has a window and a document that is shown, whatever else there is, and is not Deno's", () => {
  const names = Object.keys(SHOWN);
  for (let chosen = 0; chosen < 2 ** names.length; chosen += 1) {
    const shown = names.filter((_, index) => chosen & (2 ** index));
    const globals = Object.fromEntries(shown.map((name) => [name, SHOWN[name]]));
    const isPage = shown.includes("window") && shown.includes("document") && !shown.includes("Deno");
    assert.equal(placeOf(globals), isPage ? "page" : "server", shown.join());
  }
});

test("a worker is a browser's, and a document for templates is a server's", () => {
  const worker = { WorkerGlobalScope: class {}, importScripts() {}, self: {}, navigator: {} };
  assert.equal(placeOf(worker), "worker");
  assert.equal(placeOf({ ...worker, process: SHOWN.process }), "worker", "Electron's");
  assert.equal(placeOf({ ...worker, Deno: SHOWN.Deno }), "server");
  assert.equal(placeOf({ ...worker, importScripts: undefined }), "server", "Cloudflare's");
  for (const document of [{}, null, { createElement() {}, defaultView: {} }]) {
    assert.equal(placeOf({ ...SHOWN, Deno: undefined, document }), "server");
  }
});

for (const [name, globals] of Object.entries({
  "a window of its own": "window = globalThis",
  "a window and a document for templates": "window = globalThis; globalThis.document = { createElement() {} }",
  "Deno's globals": "Deno = {}; globalThis.window = globalThis; globalThis.document = { visibilityState: 'visible' }",
})) {
  test(`on a server with ${name} each open is a session of its own`, async () => {
    const { status, printed } = await script(
      `globalThis.${globals};
      const { SessionManager } = await import("storefront-session");
      const options = { tenant: "acme", clientId: "storefront", storage: "memory", place: "page" };
      const [one, two] = [await SessionManager.open(options), await SessionManager.open(options)];
      console.log(one === two);`,
    );
    assert.deepEqual([status, printed], [0, "false"]);
  });
}

// Options

test("a bad option is named before anything is loaded", async () => {
  let isAsked = false;
  const wasm = { then: () => (isAsked = true) };
  const adapter = { getItem() {}, setItem() {}, removeItem() {} };
  const foreign = new Proxy(new URL("https://api.example"), {});
  const urls = [
    "https://x:65536", "https://x:99999", "https://x:-1", "https://a b", " https://x", "https://x\n", "https://u:p@x", "https://u@x",
    "https://@x", "https://x?", "https://x/?a=b", "https://x#", "https://x/#a", "ftp://x", "file:///x", "javascript:0", "//x", "x",
    "", "https:", "https:/x", "https:x", "https:///x", "https://", "https:\\\\x", "https://x\\y", "https://.", "https://.x",
    "https://x..", "https://a..b", "https://[::1", "https://[x]", "https://256.1.1.1", "https://x%00", 7, true, {}, [], foreign,
    new URL("https://u:p@x"), new URL("https://x/?a"), new URL("blob:https://x/y"),
  ];
  const bad = [
    ...[undefined, null, "", "ab", "Acme", "1acme", "acme\n", "abcdefghijklmnopq", 7, Symbol("acme")].map((it) => ["tenant", { tenant: it }]),
    ...[undefined, null, "", " ", 7].map((clientId) => ["clientId", { clientId }]),
    ...urls.map((apiUrl) => ["apiUrl", { apiUrl }]),
    ...["EUR", 7, true].map((context) => ["context", { context }]),
    ...["currency", "siteCode", "language", "targetLocation"].map((name) => [`context.${name}`, { context: { [name]: 7 } }]),
    ...["cookie", "", 7, true, {}, () => {}, { ...adapter, getItem: 1 }, { getItem() {} }].map((it) => ["storage", { storage: it }]),
    ...[0, -1, 0.5, NaN, Infinity, 2 ** 31, "soon", "5", 10n, {}].map((timeoutMs) => ["timeoutMs", { timeoutMs }]),
    ...[7, "now", {}].flatMap((it) => [["now", { now: it }], ["fetch", { fetch: it }]]),
    ...[7, true].map((it) => ["wasm", { wasm: it }]),
  ];
  for (const [field, more] of bad) {
    const error = await SessionManager.open({ ...options, wasm, ...more }).catch((error) => error);
    const [value] = Object.values(more);
    const what = value === foreign ? field : `${field}: ${inspect(value)}`;
    assert.ok(error instanceof SessionError, `${what} ${error}`);
    assert.deepEqual([error.code, error.field, error.retryable], ["invalid_argument", field, false], what);
    assert.match(error.message, new RegExp(`^${field} must be (?!something else|undefined)`));
  }
  assert.equal(isAsked, false);
});

test("an address has one spelling for the platform, whatever it is given", async () => {
  const asked = async (apiUrl) => {
    let url;
    const session = await openSession({
      apiUrl,
      fetch: async (request) => {
        ({ url } = request);
        throw new Error("enough");
      },
    });
    await session.accessToken().catch(() => {});
    return url.slice(0, url.indexOf("/customerlogin"));
  };
  const spellings = {
    "https://api.example": [
      "https://API.Example", "HTTPS://api.example/", "https://api.example:443", "https://api.example/.", "https://api.example//",
      "https://api.example.", "https://api.example.:443/", "https://api.example/a/..", "https://%61pi.example", "https://api。example",
      new URL("https://api.example"), Object.assign(Object.create(null), { href: "https://API.example/" }),
    ],
    "https://api.example/a/b": ["https://api.example/a/./b/", "https://api.example/a/%2e/b"],
    "https://xn--bcher-kva.example": ["https://bücher.example", "https://BÜCHER.example/"],
    "http://[::1]:8080": ["http://[0:0:0:0:0:0:0:1]:8080/"],
    "http://127.0.0.1:8080": ["http://127.1:8080", "http://0x7f.0.0.1:8080"],
    "https://api.emporix.io": [undefined, null],
  };
  for (const address in spellings) {
    for (const spelling of [address, ...spellings[address]]) assert.equal(await asked(spelling), address, String(spelling?.href ?? spelling));
  }
});

// Errors

async function refused(port, more) {
  const session = await openSession({ apiUrl: `http://127.0.0.1:${port}`, ...more });
  return session.accessToken().then(assert.fail, (error) => error);
}

test("a request that was refused says why in its cause", async () => {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  const error = await refused(port);
  assert.deepEqual([error.code, error.retryable], ["network", true]);
  const { cause } = error;
  assert.deepEqual([cause.name, cause.message, cause.cause.code], ["TypeError", "fetch failed", "ECONNREFUSED"]);
});

test("a line that breaks within an answer says so in its cause", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Length": "100" });
    response.write("{");
    response.socket.end();
  }).listen(0);
  await once(server, "listening");
  const error = await refused(server.address().port).finally(() => server.close());
  assert.deepEqual([error.code, error.retryable], ["network", true]);
  assert.equal(error.cause.name, "TypeError");
  assert.equal(error.cause.cause.code, "UND_ERR_SOCKET");
});

test("what the option fetch throws is told as such, and a bug in it is not to be tried again", async () => {
  const cases = [
    [() => undefinedName, "ReferenceError", false],
    [() => undefined.name, "TypeError", false],
    [(request) => request.send(), "TypeError", false],
    [() => new Array(-1), "RangeError", false],
    [() => JSON.parse("{"), "SyntaxError", false],
    [async () => Promise.reject(new TypeError("Failed to fetch")), "TypeError", true],
    [() => Promise.reject(new DOMException("The operation was aborted.", "AbortError")), "AbortError", true],
    [() => Promise.reject("no"), "Error", true],
    [() => Promise.reject(), "Error", true],
    [() => Promise.reject(Object.create(null)), "Error", true],
    [() => undefined, "TypeError", true],
    [() => ({ status: 200 }), "TypeError", true],
    [() => ({ status: 200, text: () => undefinedName }), "ReferenceError", false],
    [() => ({ status: 200, text: async () => undefinedName }), "ReferenceError", false],
  ];
  for (const [fetch, name, retryable] of cases) {
    const session = await openSession({ fetch });
    const error = await session.accessToken().catch((error) => error);
    assert.ok(error instanceof SessionError);
    assert.deepEqual([error.code, error.retryable, error.cause?.name], ["network", retryable, name], String(fetch));
    assert.match(error.message, /option fetch/);
    assert.ok(error.message.includes(name));
  }
  const failing = new Proxy(new Error("hidden"), { get: () => assert.fail("no") });
  const session = await openSession({ fetch: () => Promise.reject(failing) });
  assert.equal((await session.accessToken().catch((error) => error)).code, "network");
});

test("a cause is a copy, not deep, and holds no secret", async () => {
  const seen = [];
  let isBroken = false;
  const session = await openSession({
    fetch: async (request) => {
      if (!isBroken) return fetch(request);
      const text = await request.clone().text();
      const secrets = [request.url, request.headers.get("authorization"), text, JSON.stringify(text), inspect(text && JSON.parse(text))];
      seen.push(...secrets);
      const cause = Object.assign(new Error(`${secrets}`), { request, code: request.url });
      cause.cause = cause;
      throw Object.assign(new Error(secrets.join(" ") + secrets.join("\n"), { cause }), { name: request.url, config: request });
    },
  });
  const token = await session.accessToken();
  isBroken = true;
  const errors = [await session.login(buyer).catch((error) => error), await session.refresh().catch((error) => error)];
  isBroken = false;
  await session.login(buyer);
  const customer = await session.accessToken();
  const saas = session.saasToken();
  isBroken = true;
  for (const method of ["refresh", "validate", "legalEntities"]) errors.push(await session[method]().catch((error) => error));
  const shown = errors.map((error) => inspect(error, { depth: 20, showHidden: true, getters: true }) + error.cause.stack).join("\n");
  const queries = seen.flatMap((it) => [...(URL.canParse(it) ? new URL(it).searchParams.values() : [])]).filter((it) => it.length > 10);
  assert.ok(queries.length > 0);
  for (const secret of [token, customer, saas, buyer.email, buyer.password, ...queries.filter((it) => it !== "storefront")]) {
    assert.ok(!shown.includes(secret), shown);
  }
  for (const { cause } of errors) {
    let depth = 0;
    for (let it = cause; it; it = it.cause) depth += 1;
    assert.ok(depth <= 5);
  }
});

test("of requests that fail at one time each has its own cause", async () => {
  const waiting = new Map();
  let isBroken = false;
  const session = await openSession({
    fetch: (request) => {
      const path = new URL(request.url ?? request).pathname;
      return isBroken ? new Promise((_, reject) => waiting.set(path, reject)) : fetch(request);
    },
  });
  const other = await openSession({ fetch: () => Promise.reject(new Error("the other session's")) });
  await session.login(buyer);
  isBroken = true;
  const causeOf = (promise) => promise.then(assert.fail, ({ cause }) => cause.message);
  const calls = [session.validate(), session.legalEntities(), session.refresh(), other.accessToken()].map(causeOf);
  while (waiting.size < 3) await new Promise(setImmediate);
  // In an order that is not that of the calls, and all in one turn.
  for (const path of [...waiting.keys()].reverse()) waiting.get(path)(new Error(path.split("/").at(-1)));
  assert.deepEqual(await Promise.all(calls), ["validateauthtoken", "legal-entities", "refreshauthtoken", "the other session's"]);
});

for (const [name, source] of Object.entries({
  "WebAssembly is missing": "globalThis.WebAssembly = undefined",
  "Request and Response are missing": "globalThis.Request = globalThis.Response = globalThis.Headers = undefined",
  "the engine is older than Chrome 100, Firefox 102 and Safari 16": "delete AbortSignal.prototype.throwIfAborted",
})) {
  test(`where ${name}, open says so, and not to try again`, async () => {
    const { status, printed } = await script(
      `${source};
      const { SessionManager, SessionError } = await import("storefront-session");
      for (const wasm of [undefined, new Uint8Array(8), "data:,"]) {
        const options = { tenant: "acme", clientId: "storefront", storage: "memory", wasm };
        const error = await SessionManager.open(options).catch((error) => error);
        console.log(error instanceof SessionError, error.code, error.retryable, error.message);
      }`,
    );
    assert.equal(status, 0, printed);
    const line = /^true internal false .*(WebAssembly|fetch) is missing.* Chrome 100, Firefox 102, Safari 16/;
    const lines = printed.split("\n");
    assert.equal(lines.length, 3, printed);
    for (const printed of lines) assert.match(printed, line);
  });
}

test("AbortSignal.any is not needed to open a session and to get a token", async () => {
  const { status, printed } = await script(
    `delete AbortSignal.any;
    const { SessionManager } = await import("storefront-session");
    const options = { tenant: "acme", clientId: "storefront", apiUrl: process.argv[1], storage: "memory" };
    const session = await SessionManager.open(options);
    console.log(typeof (await session.accessToken()));`,
    server.url,
  );
  assert.deepEqual([status, printed], [0, "string"]);
});

test("bytes that are no WebAssembly are named, and a file that is missing as well", async () => {
  const { status, printed } = await script(
    `const { SessionManager } = await import("storefront-session");
    const options = { tenant: "acme", clientId: "storefront", storage: "memory" };
    const page = new TextEncoder().encode("<!doctype html>");
    const { readFile } = await import("node:fs/promises");
    const wasms = [page, page.buffer, new Response(page, { headers: { "content-type": "text/html" } }), new Uint8Array(), {}];
    for (const wasm of [...wasms, "data:text/html,x", new URL("data:text/html,x"), new Request("data:text/html,x")]) {
      const { code, retryable, message } = await SessionManager.open({ ...options, wasm }).catch((error) => error);
      console.log(code, retryable, /storefront_session_bg.wasm.*[Ll]eave the option wasm out/.test(message));
    }
    const missing = await SessionManager.open({ ...options, wasm: readFile("/no/such/file") }).catch((error) => error);
    console.log(missing.code, missing.retryable, missing.cause.code, missing.message.includes("option wasm"));`,
  );
  const lines = printed.split("\n");
  assert.deepEqual([status, lines.pop()], [0, "internal false ENOENT true"], printed);
  assert.deepEqual(lines, Array(8).fill("internal false true"));
});

// Frameworks

/** As a framework that makes what it is given reactive: it reads with itself as receiver, and wraps what it hands out. */
function reactive(target) {
  const wrapped = new WeakMap();
  return new Proxy(target, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      const isPlain = Object.prototype.toString.call(value) === "[object Object]" && !Object.isFrozen(value);
      if (!isPlain) return value;
      if (!wrapped.has(value)) wrapped.set(value, reactive(value));
      return wrapped.get(value);
    },
  });
}

for (const [name, wrap] of Object.entries({
  "a proxy without traps": (session) => new Proxy(session, {}),
  "a proxy whose get reads for itself": reactive,
  "a proxy whose get reads from the target": (session) => new Proxy(session, { get: (target, name) => target[name] }),
  "a proxy of a proxy": (session) => reactive(new Proxy(session, {})),
  "an object that inherits from it": (session) => Object.create(session),
  "Vue's reactive": vue.reactive,
  "Vue's ref": (session) => vue.ref(session).value,
})) {
  test(`every member works through ${name}`, async () => {
    const bare = await openSession();
    const session = wrap(bare);
    assert.notEqual(session, bare);
    const { signal } = session;
    assert.ok(signal instanceof AbortSignal);
    const heard = [];
    const end = session.subscribe(({ type }) => heard.push(type));
    assert.equal(typeof (await session.accessToken()), "string");
    assert.equal(typeof (await session.accessToken({ signal })), "string");
    assert.equal(await session.login(reactive({ ...buyer })), session.getSnapshot());
    assert.ok(signal.aborted && !session.signal.aborted);
    await session.refresh();
    await session.switchLegalEntity("le-north");
    assert.equal((await session.legalEntities()).length, 2);
    assert.equal((await session.validate()).legalEntityId, "le-north");
    assert.equal(session.hasScope("order.history_view"), true);
    assert.equal(typeof session.saasToken(), "string");
    assert.equal((await session.fetch("/product/acme/products")).status, 200);
    await session.logout();
    end();
    assert.deepEqual(heard.filter((type) => type !== "busy"), ["storage", "started", "login", "renewed", "switched", "logout", "revocation"]);
    assert.equal(heard.length, 7 + 3 * 2, "and when it is busy");
    const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
    session[dispose]();
    assert.equal((await session.accessToken().catch((error) => error)).code, "closed");
    session.close();
  });
}

test("dispose is bound, as every method is", async () => {
  const { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: dispose, accessToken } = await openSession();
  dispose();
  assert.equal((await accessToken().catch((error) => error)).code, "closed");
});

test("a session that is printed, cloned or made JSON shows no secret", async () => {
  const session = await openSession();
  await session.login(buyer);
  const secrets = [await session.accessToken(), session.saasToken(), buyer.email, buyer.password];
  const shown = [inspect(session, { depth: 20, showHidden: true, getters: true }), JSON.stringify(session)];
  for (const proxy of [new Proxy(session, {}), reactive(session)]) shown.push(inspect(proxy, { depth: 20, showProxy: true }));
  assert.throws(() => structuredClone(session), { name: "DataCloneError" });
  for (const secret of secrets) assert.ok(!shown.join().includes(secret));
});

// Time

const ANSWERS = `(request) => {
  const path = new URL(request.url ?? request).pathname;
  const tokens = { access_token: "a", refresh_token: "r", saas_token: "s", expires_in: 86400, session_id: "id" };
  const body = path.endsWith("/me") ? { legalEntities: [] } : tokens;
  // No \`Response\`: what Node reads bodies with does not work under such clocks.
  return Promise.resolve({ status: 200, headers: new Headers(), text: async () => JSON.stringify(body) });
}`;

for (const when of ["before", "after"]) {
  test(`under a test's clock, set ${when} the import, open and every call that is answered settle`, async () => {
    const { status, printed } = await script(
      `import fakeTimers from "@sinonjs/fake-timers";
      const set = () => fakeTimers.install({ now: 0 });
      if (process.argv[1] === "before") set();
      const { SessionManager } = await import("storefront-session");
      if (process.argv[1] === "after") set();
      const options = { tenant: "acme", clientId: "storefront", storage: "memory", fetch: ${ANSWERS} };
      const session = await SessionManager.open(options);
      const heard = [];
      await session.accessToken();
      session.subscribe(({ type }) => heard.push(type));
      await session.login({ email: "a@example.com", password: "p" });
      await session.fetch("/product/acme/products");
      await session.refresh();
      await session.switchLegalEntity("le-north");
      await session.logout();
      session.close();
      console.log(heard.filter((type) => type !== "busy").join());`,
      when,
    );
    assert.deepEqual([status, printed], [0, "storage,login,switched,logout,revocation"]);
  });
}

test("errors are the package's own", async () => {
  const error = await SessionManager.open({ ...options, tenant: "A" }).catch((error) => error);
  assert.ok(error instanceof SessionError);
  assert.deepEqual([error.name, error.code, error.field], ["SessionError", "invalid_argument", "tenant"]);
});

test("a body that is a stream is sent, and not a second time", async () => {
  const session = await openSession();
  await session.accessToken();
  const post = (text) =>
    session.fetch("/cart/acme/carts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: new Blob([text]).stream(),
      duplex: "half",
    });
  assert.equal((await post(`{"siteCode":"main","currency":"EUR"}`)).status, 201);
  await sandbox.control("revoke", { kind: "access", sessionId: session.getSnapshot().sessionId });
  await sandbox.requests();
  assert.equal((await post(`{"siteCode":"main","currency":"EUR"}`)).status, 401);
  // The token is renewed all the same, for the next call.
  assert.equal((await sandbox.requests()).length, 2);
  assert.equal((await post(`{"siteCode":"main","currency":"EUR"}`)).status, 409);
});

for (const storage of ["memory", "local", "{ getItem() {}, setItem() {}, removeItem() {} }"]) {
  test(`the process ends by itself after close, with storage ${storage.split(" ")[0]}`, async () => {
    const kind = storage.startsWith("{") ? storage : JSON.stringify(storage);
    const { status, printed } = await script(
      `import { SessionManager } from "storefront-session";
      const options = { tenant: "acme", clientId: "storefront", apiUrl: process.argv[1], storage: ${kind} };
      const session = await SessionManager.open(options);
      await session.login(${JSON.stringify(buyer)});
      await session.switchLegalEntity("le-north");
      session.subscribe(() => {});
      session.close();
      await session.accessToken().catch(({ code }) => console.log(code));`,
      server.url,
    );
    assert.deepEqual([status, printed], [0, "closed"]);
  });
}

for (const storage of ["memory", "local", "{ getItem() {}, setItem() {}, removeItem() {} }"]) {
  test(`the process ends by itself with a customer signed in, with storage ${storage.split(" ")[0]}`, async () => {
    const kind = storage.startsWith("{") ? storage : JSON.stringify(storage);
    const { status, printed } = await script(
      `import { SessionManager } from "storefront-session";
      const options = { tenant: "acme", clientId: "storefront", apiUrl: process.argv[1], storage: ${kind} };
      const session = await SessionManager.open(options);
      session.subscribe(() => {});
      await session.login(${JSON.stringify(buyer)});
      await session.accessToken();
      console.log(session.getSnapshot().kind);`,
      server.url,
    );
    assert.deepEqual([status, printed], [0, "customer"]);
  });
}

test("the signal of a caller's Request ends his read, though the Request itself has been collected", async () => {
  // The function itself, without what else may hold the Request.
  const grant = () => ({ token: "t", identity: "1" });
  const session = { getSnapshot: () => ({ identity: "1" }), signal: new AbortController().signal };
  const fetch = sessionFetch(session, { apiUrl: server.url, place: "server", fetch: async () => new Response(new ReadableStream()) }, grant, undefined, () => {});
  // A function of its own, because one that waits may hold what it has made.
  const ask = (method, { signal }) => fetch(new Request(server.url, { method, signal }));
  for (const method of ["GET", "POST"]) {
    const end = new AbortController();
    const answer = await ask(method, end);
    const read = answer.text().catch((error) => error.message);
    await collectGarbage(3);
    end.abort(new RangeError("enough"));
    assert.equal(await Promise.race([read, turn()]), "enough", method);
  }
});

test("a signal ends what is read of an answer, though the Response itself has been collected", { timeout: 60_000 }, async (context) => {
  const grant = JSON.stringify({ access_token: "a", refresh_token: "r", expires_in: 3600, refresh_token_expires_in: 86400, sessionId: "s" });
  const silent = createServer((request, answer) => {
    if (request.url.includes("anonymous")) answer.setHeader("content-type", "application/json").end(grant);
    else answer.write("the rest never comes");
  }).listen(0, "127.0.0.1");
  context.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await once(silent, "listening");
  const apiUrl = `http://127.0.0.1:${silent.address().port}`;
  const { fetch } = await openSession({ apiUrl });
  const ways = { "an init": (signal) => fetch("/x", { signal }), "a Request": (signal) => fetch(new Request(`${apiUrl}/x`, { signal })) };
  const reads = {
    stream: ({ body }) => body.pipeTo(new WritableStream()),
    "another Response's": (answer) => new Response(answer.body, answer).text(),
  };
  for (const [way, ask] of Object.entries(ways)) {
    for (const [kind, read] of Object.entries(reads)) {
      const end = new AbortController();
      let head;
      const headed = new Promise((resolve) => (head = resolve));
      const reading = ask(end.signal).then((answer) => {
        head();
        return read(answer);
      });
      reading.catch(() => {});
      await headed;
      await collectGarbage(20);
      end.abort(new RangeError("enough"));
      await assert.rejects(reading, { message: "enough" }, `${way}, ${kind}`);
    }
  }
});

test("an answer need not have a body that is one, where a signal is given", async () => {
  const grant = () => ({ token: "t", identity: "1" });
  const session = { getSnapshot: () => ({ identity: "1" }), signal: new AbortController().signal };
  const { signal } = new AbortController();
  for (const answer of [new Response(null), { status: 200, json: async () => 5 }, { status: 200, body: "text", text: async () => "text" }]) {
    const fetch = sessionFetch(session, { apiUrl: server.url, place: "server", fetch: async () => answer }, grant, undefined, () => {});
    assert.equal(await fetch("/", { signal }), answer);
  }
});

test("the process ends by itself with a guest's session left open", async () => {
  const { status, printed } = await script(
    `import { SessionManager } from "storefront-session";
    const options = { tenant: "acme", clientId: "storefront", apiUrl: process.argv[1], storage: "memory" };
    const session = await SessionManager.open(options);
    console.log(typeof (await session.accessToken()));`,
    server.url,
  );
  assert.deepEqual([status, printed], [0, "string"]);
});

for (const entry of ["storefront-session", "./dist/index.js"]) {
  test(`importing ${entry} touches no global of a browser, and starts nothing`, async () => {
    const { status, printed } = await script(
      `const touched = [];
      const names = "window document localStorage sessionStorage navigator location fetch BroadcastChannel caches indexedDB";
      for (const name of [...names.split(" "), "addEventListener", "Request", "performance"]) {
        const real = Object.getOwnPropertyDescriptor(globalThis, name);
        const get = () => (touched.push(name), real?.get ? real.get.call(globalThis) : real?.value);
        Object.defineProperty(globalThis, name, { configurable: true, get });
      }
      const compile = [];
      for (const name of ["instantiate", "instantiateStreaming", "compile", "compileStreaming"]) WebAssembly[name] = () => compile.push(name);
      const { SessionManager, SessionError } = await import(${JSON.stringify(entry)});
      console.log(typeof SessionManager.open, typeof SessionError, touched.join(), compile.join());`,
    );
    assert.deepEqual([status, printed], [0, "function function"]);
  });
}

test("what the language brings along may be frozen before the package is loaded", async () => {
  const { status, printed } = await script(
    `for (const it of [Promise, Map, Set, WeakMap, Array, Object, Function, Error, TypeError, Headers, Request, Response, URL, AbortSignal, AbortController, Date]) {
      Object.freeze(it.prototype);
      Object.freeze(it);
    }
    for (const it of [JSON, Reflect, Math]) Object.freeze(it);
    const { SessionManager, SessionError } = await import("storefront-session");
    const { SessionServer } = await import("storefront-session/server");
    const options = { tenant: "acme", clientId: "storefront", apiUrl: process.argv[1] };
    const session = await SessionManager.open({ ...options, storage: "memory" });
    const visitor = await new SessionServer(options).visit(null);
    for (const it of [session, visitor.session]) {
      await it.accessToken();
      await it.login(${JSON.stringify(buyer)});
      await (await it.fetch("/product/acme/products")).json();
      const error = await it.login(${JSON.stringify(buyer)}).then(() => it.switchLegalEntity("le-unknown")).catch((error) => error);
      console.log(error instanceof SessionError, error.name, typeof error.code, it.getSnapshot().kind);
    }`,
    server.url,
  );
  const line = "true SessionError string customer";
  assert.deepEqual([status, printed], [0, `${line}\n${line}`]);
});

test("a trap in Node rejects the call, and the process lives on", async () => {
  const { status, printed } = await script(
    `let broken = false;
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = function (...args) {
      const exports = Object.entries(new Instance(...args).exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        return [name, (...args) => {
          if (broken) throw new WebAssembly.RuntimeError("unreachable");
          return value(...args);
        }];
      });
      return { exports: Object.fromEntries(exports) };
    };
    const { SessionManager } = await import("storefront-session");
    const session = await SessionManager.open({
      tenant: "acme",
      clientId: "storefront",
      apiUrl: process.argv[1],
      storage: "memory",
      timeoutMs: 5_000,
      fetch: async (request) => {
        const response = await fetch(request);
        broken = true;
        return response;
      },
    });
    const outcome = await session.accessToken().catch(({ code }) => code);
    broken = false;
    console.log(outcome);
    session.close();`,
    server.url,
  );
  assert.deepEqual([status, printed], [0, "internal"]);
});
