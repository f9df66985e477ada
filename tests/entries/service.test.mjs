// storefront-session/service: a backend's token, and that no page can have it.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";

import { build } from "esbuild";
import { SessionError } from "storefront-session";
import { ServiceToken } from "storefront-session/service";

import { root } from "../../tools/lib/run.mjs";
import { collectGarbage } from "../e2e/lib/garbage.mjs";
import { refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const clientSecret = "backend-secret";
const TOKEN = "POST /oauth/token none 200";
const sites = "/site/acme/sites";
const READ = "GET /site/sites service 200";

const service = (more) => new ServiceToken({ tenant: "acme", clientId: "backend", clientSecret, apiUrl: visitor.sandbox.url, ...more });

test("one request for all who ask at once, and none until near the token's end", async () => {
  let now = 0;
  const backend = service({ now: () => now });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => backend.accessToken()));
  assert.equal(new Set(tokens).size, 1);
  now += 14_399_000 - 61_000;
  assert.equal(await backend.accessToken(), tokens[0]);
  assert.deepEqual(await visitor.sandbox.requests(), [TOKEN]);
  now += 2_000;
  const next = await Promise.all([backend.accessToken(), backend.accessToken()]);
  assert.ok(next[0] !== tokens[0] && next[0] === next[1]);
  assert.deepEqual(await visitor.sandbox.requests(), [TOKEN], "asked for anew, never refreshed");
  now -= 1_000_000;
  await backend.accessToken();
  assert.deepEqual(await visitor.sandbox.requests(), [TOKEN], "a clock that was set back");
});

test("near its end the old one serves while no new one can be had, and is asked about in peace", async () => {
  let now = 0;
  const backend = service({ now: () => now });
  const token = await backend.accessToken();
  await visitor.sandbox.fault({ path: "/oauth/token", times: 100, kind: "status", status: 503, retryAfter: 3 });
  await visitor.sandbox.requests();
  now += 14_399_000 - 30_000;
  for (let i = 0; i < 5; i++) assert.equal(await backend.accessToken(), token);
  assert.equal((await visitor.sandbox.requests()).length, 1);
  now += 11_000;
  assert.equal(await backend.accessToken(), token);
  assert.equal((await visitor.sandbox.requests()).length, 1);
  now += 30_000;
  const error = await backend.accessToken().catch((error) => error);
  assert.deepEqual([error.code, error.status, error.retryable, error.retryAfterMs], ["server", 503, true, 3_000]);
  await visitor.sandbox.control("faults", {}, "DELETE");
  assert.notEqual(await backend.accessToken(), token, "and it goes on");
});

test("a clock that tells no moment is not told, and the machine's counts", async () => {
  for (const now of [() => NaN, () => { throw new Error("no"); }, () => "5"]) {
    const backend = service({ now });
    assert.equal(await backend.accessToken(), await backend.accessToken());
    assert.deepEqual(await visitor.sandbox.requests(), [TOKEN], `${now}`);
  }
});

test("a query that looks like a way out of the path is none", async () => {
  const backend = service();
  await backend.fetch(`${sites}?q=a/../b`);
  const [, read] = await visitor.sandbox.requests();
  assert.match(read, /^GET \/site\/sites service /);
});

test("a wrong key is a configuration, without the secret", async () => {
  for (const wrong of [{ clientSecret: "not-the-secret" }, { clientId: "nobody" }]) {
    assert.equal(await refused(service(wrong).accessToken(), clientSecret, "not-the-secret"), "configuration 401");
    assert.equal(await refused(service(wrong).fetch(sites), clientSecret, "not-the-secret"), "configuration 401");
  }
  assert.equal(await refused(service({ tenant: "another" }).accessToken(), clientSecret), "configuration", "the key is another tenant's");
});

test("scopes are asked for as a list", async () => {
  const seen = [];
  const send = async (request) => {
    seen.push(await request.clone().text());
    return fetch(request);
  };
  await service({ scopes: ["site.site_read", "product.product_read"], fetch: send }).accessToken();
  await service({ fetch: send }).accessToken();
  assert.equal(new URLSearchParams(seen[0]).get("scope"), "site.site_read product.product_read");
  assert.equal(new URLSearchParams(seen[1]).has("scope"), false);
});

test("fetch sends the token to the platform alone", async () => {
  const seen = [];
  const send = async (request) => {
    seen.push([new URL(request.url).pathname, request.headers.get("authorization")]);
    return new URL(request.url).pathname === "/oauth/token" ? fetch(request) : new Response();
  };
  const backend = service({ fetch: send });
  const { url } = visitor.sandbox;
  const token = await backend.accessToken();
  seen.length = 0;
  await backend.fetch(sites);
  await backend.fetch(url + sites);
  await backend.fetch(new URL(sites, url));
  await backend.fetch(new Request(url + sites));
  await backend.fetch(sites, { headers: { Authorization: "Basic mine" } });
  for (const foreign of ["https://evil.example/x", "//evil.example/x", `${url}.evil.example/x`, `${url}@evil.example/x`]) await backend.fetch(foreign).catch(() => seen.push(["refused", null]));
  const mine = `Bearer ${token}`;
  assert.deepEqual(seen.slice(0, 5).map(([, it]) => it), [mine, mine, mine, mine, "Basic mine"]);
  assert.deepEqual(seen.slice(5).map(([, it]) => it), [null, null, null, null]);
});

test("a 401 costs one new token, and the body is sent again", async () => {
  let isEnded = true;
  const bodies = [];
  let now = 0;
  const send = async (request) => {
    if (new URL(request.url).pathname === "/oauth/token") return fetch(request);
    bodies.push(await request.text());
    return isEnded && bodies.length === 1 ? new Response("{}", { status: 401 }) : new Response("done");
  };
  const backend = service({ fetch: send, now: () => now });
  const token = await backend.accessToken();
  await visitor.sandbox.requests();
  now += 20_000;
  const body = new FormData();
  body.set("a", "1");
  assert.equal(await (await backend.fetch("/x", { method: "POST", body })).text(), "done");
  assert.equal(bodies[0], bodies[1]);
  assert.deepEqual(await visitor.sandbox.requests(), [TOKEN]);
  assert.notEqual(await backend.accessToken(), token);
});

test("a 401 that every token gets is the caller's, and costs no storm", async () => {
  let now = 0;
  const backend = service({ now: () => now });
  await backend.accessToken();
  now += 20_000;
  await visitor.sandbox.requests();
  await visitor.sandbox.fault({ path: sites, times: 100, kind: "status", status: 401 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => backend.fetch(sites)));
  assert.ok(answers.every(({ status }) => status === 401));
  for (let i = 0; i < 5; i++) await backend.fetch(sites);
  assert.equal((await visitor.sandbox.requests()).filter((line) => line === TOKEN).length, 1);
});

test("an expired token is replaced when the platform's clock is ahead", async () => {
  let now = 0;
  const backend = service({ now: () => now });
  assert.equal((await backend.fetch(sites)).status, 200);
  await visitor.sandbox.advance(15_000);
  now += 20_000;
  await visitor.sandbox.requests();
  assert.equal((await backend.fetch(sites)).status, 200);
  assert.deepEqual(await visitor.sandbox.requests(), ["GET /site/sites service 401", TOKEN, READ]);
});

test("what is no token is not kept", async () => {
  const answers = ["<html>", "", "{}", '{"access_token":"","expires_in":5}', '{"access_token":"t"}', '{"access_token":"t","expires_in":0}', '{"access_token":{},"expires_in":9}'];
  for (const answer of answers) {
    const error = await service({ fetch: async () => new Response(answer) }).accessToken().catch((error) => error);
    assert.ok(["protocol", "server"].includes(error.code) && error.retryable, `${answer}: ${error.code}`);
  }
  assert.equal(await service({ fetch: async () => new Response('{"access_token":"t","expires_in":"60"}') }).accessToken(), "t");
  const broken = service({ fetch: async () => Promise.reject(new TypeError(`fetch failed ${clientSecret}`)) });
  assert.equal(await refused(broken.accessToken(), clientSecret), "network");
});

test("who never answers is given up, whether he hears the signal or not", async () => {
  const never = () => new Promise(() => {});
  // Nothing holds this Request: once it is collected its signal tells nothing.
  const dropped = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const silent = async () => Object.assign(new Response(), { text: never });
  for (const fetch of [never, dropped, silent]) {
    const asked = refused(service({ timeoutMs: 50, fetch }).accessToken());
    await collectGarbage(1);
    assert.equal(await asked, "timeout");
  }
});

test("a token's request that is given up leaves no connection behind", { timeout: 60_000 }, async (context) => {
  let begin;
  const silent = createServer((_, answer) => begin(answer)).listen(0, "127.0.0.1");
  context.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await once(silent, "listening");
  const apiUrl = `http://127.0.0.1:${silent.address().port}`;
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const isBegun of [false, true]) {
    begin = (answer) => isBegun && answer.write("the rest never comes");
    const progress = new EventEmitter();
    const send = async (request) => {
      const answer = await fetch(request);
      progress.emit("begun");
      return answer;
    };
    const asked = once(silent, "request");
    const begun = once(progress, "begun");
    const call = refused(service({ apiUrl, timeoutMs: 200, fetch: send }).accessToken());
    const [{ socket }] = await asked;
    const closed = once(socket, "close");
    if (isBegun) await begun;
    await collectGarbage(3);
    context.mock.timers.tick(200);
    assert.equal(await call, "timeout");
    await closed;
  }
});

test("a caller's signal ends his call, also when nothing but the connection holds it any more", { timeout: 60_000 }, async (context) => {
  const asked = new EventEmitter();
  const silent = createServer((request, answer) => {
    if (request.url === "/again" && request.headers.authorization === "Bearer 1") answer.writeHead(401).end();
    else if (request.url === "/headers") asked.emit("/headers");
    else answer.write("the rest never comes");
  }).listen(0, "127.0.0.1");
  context.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await once(silent, "listening");
  const url = `http://127.0.0.1:${silent.address().port}`;
  let tokens = 0;
  let time = 0;
  const token = async () => Response.json({ access_token: `${++tokens}`, expires_in: 3_600 });
  const senders = { "with all that it is given": fetch, "with the Request alone": (request) => fetch(request) };
  const elsewhere = url.replace("127.0.0.1", "localhost");
  const mine = { headers: { Authorization: "Basic mine" } };
  const calls = [["/headers"], ["/body"], ["/body", mine], [`${elsewhere}/headers`], [`${url}/headers`, mine], ["/again"]];
  const ways = {
    "an init": (backend, address, init) => backend.fetch(address, init),
    "a Request": (backend, address, init) => backend.fetch(new Request(new URL(address, url), init)),
    "a Request and an init": (backend, address, init) => backend.fetch(new Request(new URL(address, url), init), { cache: "no-store" }),
    "a signal in place of the Request's": (backend, address, init) => backend.fetch(new Request(new URL(address, url), { signal: new AbortController().signal }), init),
  };
  const reads = { text: (answer) => answer.text(), stream: ({ body }) => body.pipeTo(new WritableStream()), "clone's": (answer) => answer.clone().text() };
  for (const [sender, send] of Object.entries(senders)) {
    const open = () => service({ apiUrl: url, now: () => (time += 11_000), fetch: (request, init) => (request.url === `${url}/oauth/token` ? token() : send(request, init)) });
    for (const [way, ask] of Object.entries(ways)) {
      for (const [address, init] of calls) {
        for (const [kind, read] of Object.entries(reads)) {
          if (kind !== "text" && address !== "/body") continue;
          tokens = 0;
          const end = new AbortController();
          const sent = once(asked, address.endsWith("/headers") ? "/headers" : "answer");
          const call = ask(open(), address, { ...init, signal: end.signal }).then((answer) => {
            asked.emit("answer");
            return read(answer);
          });
          call.catch(() => {});
          await sent;
          await collectGarbage(3);
          end.abort(new RangeError("enough"));
          await assert.rejects(call, { message: "enough" }, `${address} of ${way}, sent ${sender}, its ${kind}`);
        }
      }
    }
  }
});

test("bad options are named", () => {
  const cases = [
    [{ tenant: "A" }, "tenant"],
    [{ tenant: undefined }, "tenant"],
    [{ clientId: "" }, "clientId"],
    [{ clientSecret: undefined }, "clientSecret"],
    [{ scopes: "a b" }, "scopes"],
    [{ scopes: ["a b"] }, "scopes"],
    [{ apiUrl: "api.example.com" }, "apiUrl"],
    [{ apiUrl: "https://user:secret@api.example.com" }, "apiUrl"],
    [{ apiUrl: "https://[" }, "apiUrl"],
    [{ timeoutMs: 0 }, "timeoutMs"],
    [{ fetch: 5 }, "fetch"],
    [{ now: "now" }, "now"],
  ];
  for (const [more, field] of cases) assert.throws(() => service(more), { code: "invalid_argument", field }, JSON.stringify(more));
  assert.throws(() => new ServiceToken(), { code: "invalid_argument", field: "tenant" });
});

test("nothing of it is told by what prints it", async () => {
  const backend = service();
  const token = await backend.accessToken();
  for (const text of [inspect(backend, { depth: 9, showHidden: true }), JSON.stringify(backend), String(backend)]) {
    assert.ok(!text.includes(clientSecret) && !text.includes(token));
  }
});

test("it refuses where there is a window or a worker", () => {
  for (const name of ["window", "WorkerGlobalScope"]) {
    globalThis[name] = globalThis;
    try {
      assert.throws(() => service(), { name: "SessionError", code: "invalid_state" });
    } finally {
      delete globalThis[name];
    }
  }
});

test("a bundle for browsers or workers has a file that only throws in its place", async () => {
  for (const conditions of [["browser"], ["worker"], ["worker", "browser"], []]) {
    const contents = `import { SessionError } from "storefront-session";
import { ServiceToken } from "storefront-session/service"; console.log(ServiceToken);`;
    const { outputFiles } = await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false, format: "esm", platform: "neutral", conditions });
    const [{ text }] = outputFiles;
    assert.match(text, /throw new Error/);
    assert.ok(!isService(text), `${conditions}`);
  }
});

test("no other file of the package holds its code", () => {
  // The sandbox is for Node.js alone as well, and answers that endpoint.
  const isPages = (name) => /\.(c?js|map|wasm)$/.test(name) && !name.startsWith("sandbox");
  const files = readdirSync(join(root, "dist"), { recursive: true }).filter(isPages);
  const holders = files.filter((name) => isService(readFileSync(join(root, "dist", name), "latin1")));
  assert.deepEqual(holders.sort(), ["service.cjs", "service.js"]);
});

test("require() has it as well", () => {
  const require = createRequire(import.meta.url);
  const { ServiceToken: Required } = require("storefront-session/service");
  assert.throws(() => new Required(), (error) => error instanceof SessionError && error instanceof require("storefront-session").SessionError);
  for (const name of ["account", "company", "context", "sso"]) assert.ok(Object.values(require(`storefront-session/${name}`)).every((it) => typeof it === "function"));
});

const isService = (text) => /client_credentials|client_secret|clientSecret|oauth\/token/.test(text);
