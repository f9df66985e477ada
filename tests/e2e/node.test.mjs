// The package on a server: Node, no page, one session for each visitor.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { SessionError, SessionManager } from "storefront-session";

import { root } from "../../tools/lib/run.mjs";
import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { GUEST, LOGIN, LOGOUT, REFRESH, Sandbox, buyer } from "./lib/storefront.mjs";

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
  assert.equal((await sandbox.requests()).length, 1);
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
