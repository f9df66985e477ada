// storefront-session/sandbox: what it adds to the sandbox over HTTP.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";

import FakeTimers from "@sinonjs/fake-timers";
import { build } from "esbuild";
import { SessionManager } from "storefront-session";
import { startSandbox } from "storefront-session/sandbox";

import { root } from "../../tools/lib/run.mjs";

const LOGIN = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
const MUG = "/product/acme/products/harbour-mug";
const running = [];

async function start(options) {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

afterEach(() => Promise.all(running.splice(0).map((sandbox) => sandbox.stop())));

/** A storefront whose calls need no connection. */
function open({ url, fetch }) {
  return SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: url, storage: "memory", fetch });
}

const login = (session) => session.login({ email: "buyer@example.com", password: "sandbox-pass" });

test("the life of a storefront without a connection", async () => {
  const sandbox = await start();
  const session = await open(sandbox);
  await session.accessToken();
  const { sessionId } = session.getSnapshot();
  const cart = await session.fetch("/cart/acme/carts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ siteCode: "main", currency: "EUR" }),
  });
  assert.equal(cart.status, 201);
  await login(session);
  await session.switchLegalEntity("le-north");
  await sandbox.clock(31 * 24 * 3600);
  const { sessions, carts } = await sandbox.state();
  assert.deepEqual([sessions.map(({ sessionId }) => sessionId), carts.length], [[sessionId], 1]);
  assert.deepEqual([sessions[0].guest.access, sessions[0].customers[0].email], [[], "buyer@example.com"]);
  const rows = await sandbox.requests();
  assert.deepEqual(rows.map(({ seq, status, delivered }) => [seq, status, delivered]), [1, 2, 3, 4].map((seq) => [seq, seq === 2 ? 201 : 200, true]));
  session.close();
});

test("it needs no Rust, and a process that has stopped it ends", async () => {
  const source = `
    import { startSandbox } from "storefront-session/sandbox";
    const sandbox = await startSandbox();
    const { status } = await sandbox.fetch("${LOGIN}");
    await sandbox.stop();
    console.log(status);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], { cwd: root, env: { PATH: "" } });
  assert.equal(stdout, "200\n");
});

test("ten of one process share nothing", async () => {
  const sandboxes = await Promise.all(Array.from({ length: 10 }, () => start()));
  const sessions = await Promise.all(sandboxes.map(open));
  await Promise.all(sessions.map(login));
  const tokens = await Promise.all(sessions.map((session) => session.accessToken()));
  for (const values of [tokens, sandboxes.map(({ url }) => url), sessions.map((session) => session.getSnapshot().sessionId)]) {
    assert.equal(new Set(values).size, 10);
  }
  await sandboxes[0].profile({ fieldStyle: "camel" });
  await sandboxes[1].faults([{ path: "/product/*", kind: "drop" }]);
  await sandboxes[2].clock(1e6);
  await sandboxes[3].revoke({ kind: "session", sessionId: sessions[3].getSnapshot().sessionId });
  await sandboxes[4].reset();
  await sandboxes[5].stop();
  const asked = (at, token) => sandboxes[at].fetch(MUG, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status, () => 0);
  for (const at of [0, 6, 7, 8, 9]) {
    assert.equal((await sandboxes[at].profile()).fieldStyle, at === 0 ? "camel" : "both");
    assert.deepEqual(await sandboxes[at].faults(), []);
    assert.equal((await sandboxes[at].requests()).length, 2);
    assert.equal(await asked(at, tokens[at]), 200);
    assert.equal(await asked(at, tokens[(at + 1) % 10]), 401, "a token of another one's is unknown");
  }
  for (const [at, status] of [[1, 0], [2, 200], [3, 401], [4, 401], [5, 0]]) assert.equal(await asked(at, tokens[at]), status);
  const times = await Promise.all([2, 6].map(async (at) => (await sandboxes[at].state()).now));
  assert.ok(times[0] - times[1] > 9e8);
});

test("an address is relative or below url, a string, a URL or a Request; no other origin is answered for", async () => {
  const { url, fetch } = await start();
  const addresses = [LOGIN, url + LOGIN, new URL(LOGIN, url), new Request(url + LOGIN), `${url.replace("http", "HTTP")}${LOGIN}`, `${LOGIN}#part`];
  for (const address of addresses) {
    const answer = await fetch(address);
    assert.deepEqual([answer.status, answer.url.split("#")[0], answer.redirected], [200, url + LOGIN, false]);
  }
  assert.equal((await fetch("nowhere")).status, 404);
  for (const foreign of ["http://shop.test/", "http://127.0.0.1:1/", "//shop.test/x", url.replace("http", "https")]) {
    await assert.rejects(fetch(foreign), ({ name, message }) => name === "TypeError" && message.includes(`for ${url} only`), foreign);
  }
  for (const [input, init] of [["http://"], [LOGIN, { method: "B AD" }], [LOGIN, { body: "x" }], [LOGIN, { signal: "no" }]]) {
    await assert.rejects(fetch(input, init), TypeError);
  }
});

test("in-process answers are those over HTTP, to the header and the byte", async () => {
  const sandbox = await start();
  const { access_token: guest } = await (await sandbox.fetch(LOGIN)).json();
  const authorization = `Bearer ${guest}`;
  const json = { authorization, "content-type": "application/json" };
  const requests = [
    ["/product/acme/products?pageSize=3", { headers: { authorization, "X-Total-Count": "true" } }],
    [MUG, { headers: { authorization, "accept-language": "de" } }],
    [MUG, { headers: { authorization: "Bearer none" } }],
    [MUG, { headers: { authorization, "accept-language": "?" } }],
    ["/customer/acme/login", { method: "POST", headers: json, body: "{" }],
    ["/customer/acme/login", { method: "POST", headers: json, body: JSON.stringify({ email: "Ł@example.com", password: "✂" }) }],
    ["/customer/acme/login", { method: "OPTIONS" }],
    ["/cart/acme/carts", { method: "POST", headers: json, body: JSON.stringify({ siteCode: "none", currency: "EUR" }) }],
    [MUG, { method: "HEAD" }],
    [MUG, { method: "PATCH", headers: json, body: "{}" }],
    ["/", {}],
    ["/_sandbox/", {}],
    ["/_sandbox/profile", { method: "PATCH", body: '{"rotation":1}' }],
    ["/_oidc/.well-known/openid-configuration", {}],
    ["/_oidc/authorize?response_type=code&client_id=shop&redirect_uri=x", { redirect: "manual" }],
  ];
  const read = async (response) => {
    const headers = [...response.headers].filter(([name]) => !["connection", "content-length", "date"].includes(name));
    return { url: response.url, status: response.status, headers, text: await response.text() };
  };
  for (const [path, init] of requests) {
    const [own, wire] = [await read(await sandbox.fetch(path, init)), await read(await fetch(sandbox.url + path, init))];
    assert.deepEqual(own, wire, `${init.method ?? "GET"} ${path}`);
  }
});

test("a body is read as fetch reads it, and one that is too long is refused", async () => {
  const { fetch } = await start();
  const post = (body, more) => fetch("/_sandbox/profile", { method: "PATCH", body, ...more });
  const text = '{"rotation":"same"}';
  const streamed = new ReadableStream({
    start(controller) {
      for (const part of [text.slice(0, 5), text.slice(5)]) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  for (const [body, more] of [[text], [new TextEncoder().encode(text)], [new Blob([text])], [streamed, { duplex: "half" }]]) {
    assert.equal((await (await post(body, more)).json()).rotation, "same");
  }
  assert.equal((await post("x".repeat(10 * 2 ** 20 + 1))).status, 413);
});

test("a signal that fires rejects with its reason, before, at, and while an answer waits", async () => {
  const sandbox = await start();
  const reason = new Error("left");
  await assert.rejects(sandbox.fetch(LOGIN, { signal: AbortSignal.abort(reason) }), reason);
  const atOnce = new AbortController();
  const early = sandbox.fetch(LOGIN, { signal: atOnce.signal });
  atOnce.abort();
  await assert.rejects(early, { name: "AbortError" });
  assert.deepEqual(await sandbox.requests(), [], "what was given up before it was sent is not sent");

  for (const kind of ["hold", "delay"]) {
    await sandbox.faults([{ path: "/*", kind, delayMs: 1e15 }]);
    const controller = new AbortController();
    const waiting = sandbox.fetch(new Request(sandbox.url + LOGIN, { signal: controller.signal }));
    while ((await sandbox.requests()).length === 0);
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    assert.deepEqual(await sandbox.release(), { released: 0 });
    assert.equal((await sandbox.requests())[0].delivered, kind === "delay");
    await sandbox.forgetRequests();
  }
  const stuck = new ReadableStream();
  const controller = new AbortController();
  const sending = sandbox.fetch(LOGIN, { method: "POST", body: stuck, duplex: "half", signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(sending, reason);
});

test("faults go wrong in-process as they do over HTTP", async () => {
  const sandbox = await start();
  for (const ask of [sandbox.fetch, (path) => fetch(sandbox.url + path)]) {
    await sandbox.reset();
    for (const kind of ["drop", "lost-answer"]) {
      await sandbox.faults([{ path: "/*", kind }]);
      await assert.rejects(ask(LOGIN), ({ name, message, cause }) => name === "TypeError" && message === "fetch failed" && cause.code === "UND_ERR_SOCKET");
    }
    assert.deepEqual((await sandbox.requests()).map(({ status }) => status), [null, 200]);
    await sandbox.faults([
      { path: "/*", kind: "status", status: 503, retryAfter: "soon" },
      { path: "/*", kind: "garbage", status: 204, body: "x" },
      { path: "/*", kind: "garbage" },
      { path: "/*", kind: "delay", delayMs: 1 },
    ]);
    const refused = await ask(LOGIN);
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "soon"]);
    assert.deepEqual([(await ask(LOGIN)).status, (await ask(LOGIN)).headers.get("content-type"), (await ask(LOGIN)).status], [204, "text/html", 200]);

    for (const letGo of [sandbox.release, sandbox.reset]) {
      await sandbox.faults([{ path: "/*", kind: "hold" }]);
      await sandbox.forgetRequests();
      let isDone = false;
      const held = ask(LOGIN).finally(() => (isDone = true));
      while ((await sandbox.requests()).length === 0);
      assert.equal(isDone, false);
      await letGo();
      assert.equal((await held).status, 200);
    }
  }
});

test("a redirection is followed, in-process and elsewhere, or not", async () => {
  const sandbox = await start();
  const shop = createServer((request, response) => response.end(request.url)).listen(0, "127.0.0.1");
  await once(shop, "listening");
  const authorize = (uri) =>
    `/_oidc/authorize?response_type=code&client_id=shop&login_hint=solo@example.com&redirect_uri=${encodeURIComponent(uri)}`;
  const callback = authorize(`http://127.0.0.1:${shop.address().port}/cb`);
  const followed = await sandbox.fetch(callback);
  assert.deepEqual([followed.redirected, (await followed.text()).split("=")[0]], [true, "/cb?code"]);
  const back = await sandbox.fetch(authorize(`${sandbox.url}/nowhere`));
  assert.deepEqual([back.redirected, back.status], [true, 404]);
  assert.equal((await sandbox.fetch(callback, { redirect: "manual" })).status, 302);
  await assert.rejects(sandbox.fetch(callback, { redirect: "error" }), TypeError);
  shop.closeAllConnections();
  shop.close();
});

test("a call that is refused names itself and the field", async () => {
  const sandbox = await start();
  const circle = {};
  circle.self = circle;
  const refusals = [
    [() => sandbox.profile({ rotation: "never" }), /^profile: rotation/],
    [() => sandbox.profile({ nothing: 1 }), /^profile: nothing/],
    [() => sandbox.profile(null), /^profile: .*object/],
    [() => sandbox.profile(circle), /^profile: .*circular/],
    [() => sandbox.clock(), /^clock: .*advanceSeconds/],
    [() => sandbox.clock(Number.NaN), /^clock: advanceSeconds/],
    [() => sandbox.clock("1"), /^clock: advanceSeconds/],
    [() => sandbox.clock(1n), /^clock: .*BigInt/],
    [() => sandbox.clock(-1), /^clock: advanceSeconds/],
    [() => sandbox.faults([{ path: "/x", kind: "burn" }]), /^faults: \[0\]\.kind/],
    [() => sandbox.faults([{ path: "/x", kind: "delay" }]), /^faults: .*delayMs/],
    [() => sandbox.faults([{ path: "/x", kind: "drop", times: -1 }]), /^faults: \[0\]\.times/],
    [() => sandbox.faults({}), /^faults: /],
    [() => sandbox.revoke(), /^revoke: .*kind/],
    [() => sandbox.revoke({ kind: "access", sessionId: "none" }), /^revoke: .*session none/],
    [() => sandbox.revoke({ kind: "access", sessionId: 1 }), /^revoke: sessionId/],
  ];
  for (const [call, message] of refusals) await assert.rejects(call(), { name: "TypeError", message }, String(call));
  await sandbox.clock(1e300);
  await sandbox.faults([{ path: "/x", kind: "drop" }]);
  assert.equal((await sandbox.faults()).length, 1);
  assert.deepEqual(await sandbox.faults([]), []);
});

test("options that are wrong and a busy port are named", async () => {
  for (const port of ["8787", -1, 65536, 1.5, Number.NaN, null, {}]) await assert.rejects(startSandbox({ port }), { name: "TypeError", message: /^port / });
  await assert.rejects(startSandbox({ prot: 1 }), { name: "TypeError", message: /^prot / });
  for (const options of [null, 8787, "8787"]) await assert.rejects(startSandbox(options), { name: "TypeError", message: /\{ port \}/ });
  const { url } = await start();
  const port = Number(new URL(url).port);
  await assert.rejects(startSandbox({ port }), { code: "EADDRINUSE", message: new RegExp(`port ${port}`) });
});

test("stop lets nothing hang, and is over when it resolves", async () => {
  const sandbox = await start();
  await sandbox.faults([{ path: "/*", kind: "hold", times: 2 }]);
  const waiting = [sandbox.fetch(LOGIN), fetch(sandbox.url + LOGIN)];
  while ((await sandbox.requests()).length < 2);
  const stopping = [sandbox.stop(), sandbox.stop()];
  const lost = [...waiting, sandbox.fetch(LOGIN)].map((answer) => assert.rejects(answer, { name: "TypeError", message: "fetch failed" }));
  await Promise.all(lost);
  await assert.rejects(sandbox.state(), /state: the sandbox is stopped/);
  await Promise.all(stopping);
  const again = await start({ port: Number(new URL(sandbox.url).port) });
  assert.equal(again.url, sandbox.url);
});

test("every function is bound, and a test's own clock stops nothing", async () => {
  const { fetch, faults, clock, profile, requests, state, reset, release, stop } = await start();
  // As test runners install it; Node.js itself needs what is left out.
  const clockOfTest = FakeTimers.install({ now: 0, toNotFake: ["nextTick", "queueMicrotask"] });
  try {
    await faults([{ path: "/*", kind: "delay", delayMs: 1 }]);
    assert.equal((await fetch(LOGIN)).status, 200);
    assert.ok((await clock(1)).now > 1e12, "the machine's time");
    assert.equal((await profile()).rotation, "strict");
    assert.equal((await requests()).length + (await state()).sessions.length, 2);
    await release();
    await reset();
    await stop();
  } finally {
    clockOfTest.uninstall();
  }
});

test("what loops until something is answered lets it happen", async () => {
  const sandbox = await start();
  let status;
  fetch(sandbox.url + LOGIN).then((answer) => (status = answer.status));
  while (status === undefined) await sandbox.fetch("/_sandbox/profile");
  assert.equal(status, 200);
  await setImmediate();
});

test("nothing of it is in what a browser loads, and no bundler for browsers finds it", async () => {
  const dist = join(root, "dist");
  const words = /sandbox|harbour-mug|_oidc/i;
  assert.match(readFileSync(join(dist, "sandbox/sandbox.wasm"), "latin1"), words);
  for (const file of readdirSync(dist).filter((name) => /\.(js|wasm)$/.test(name))) {
    assert.doesNotMatch(readFileSync(join(dist, file), "latin1"), words, file);
  }
  const bundle = (contents, platform) =>
    build({ stdin: { contents, resolveDir: root }, platform, bundle: true, write: false, format: "esm", metafile: true, logLevel: "silent" });
  const shop = await bundle('import { SessionManager } from "storefront-session"; SessionManager.open({});', "browser");
  for (const file of Object.keys(shop.metafile.inputs)) assert.doesNotMatch(file, /sandbox/);
  assert.doesNotMatch(shop.outputFiles[0].text, words);
  const test = 'import { startSandbox } from "storefront-session/sandbox"; startSandbox();';
  await assert.rejects(bundle(test, "browser"), /"storefront-session\/sandbox"/);
  await bundle(test, "node");
});
