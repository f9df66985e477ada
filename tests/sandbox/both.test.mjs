// The two sandboxes over HTTP, the program that cargo builds and the npm package's command: the same tests for both.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { createInterface } from "node:readline";

import { SessionManager } from "storefront-session";

import { root } from "../../tools/lib/run.mjs";
import { buildSandbox } from "../../tools/lib/sandbox.mjs";
import { targetFolder } from "../../tools/lib/toolchain.mjs";

const LOGIN = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
const GREETING = /^sandbox listening on (http:\/\/127\.0\.0\.1:\d+)$/;

await buildSandbox("--quiet");
const commands = {
  "cargo's": [join(await targetFolder(), "debug/sandbox")],
  "npm's": [process.execPath, join(root, "dist/sandbox/cli.js")],
};

/** What the command prints and how it ends, or its address as soon as it has one. */
async function start([program, ...before], ...args) {
  const child = spawn(program, [...before, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => (complaint += chunk));
  const ended = once(child, "close");
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended.then(() => [])]);
  if (line === undefined) return { status: (await ended)[0], complaint };
  const stop = () => {
    child.kill();
    return ended;
  };
  return { line, url: GREETING.exec(line)?.[1], stop };
}

for (const [name, command] of Object.entries(commands)) {
  suite(`${name} sandbox`, () => {
    let sandbox;

    before(async () => {
      sandbox = await start(command, "--port", "0");
    });
    after(() => sandbox.stop());
    beforeEach(() => control("POST", "reset"));

    async function call(method, target, { bearer, body, ...headers } = {}) {
      const response = await fetch(sandbox.url + target, {
        method,
        headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers },
        body: typeof body === "object" ? JSON.stringify(body) : body,
        redirect: "manual",
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: /^[[{]/.test(text) ? JSON.parse(text) : undefined };
    }

    const control = async (method, name, body) => (await call(method, `/_sandbox/${name}`, { body })).body;
    const fault = (kind, more) => control("POST", "faults", [{ path: "/customerlogin/*", kind, ...more }]);

    /** Everything that comes back on a connection of its own. */
    async function raw(...sent) {
      const socket = connect(new URL(sandbox.url).port, "127.0.0.1");
      for (const text of sent) socket.write(text);
      let answer = "";
      socket.setEncoding("latin1").on("data", (chunk) => (answer += chunk));
      // A connection that is reset has answered nothing more either.
      socket.on("error", () => {});
      await new Promise((resolve) => socket.once("close", resolve));
      return answer;
    }

    test("says where it listens, and its help", async () => {
      assert.match(sandbox.line, GREETING);
      const help = await call("GET", "/_sandbox/");
      assert.equal(help.headers.get("content-type"), "text/plain; charset=utf-8");
      assert.match(help.text, /POST +\/_sandbox\/reset/);
    });

    test("the whole life of a session", async () => {
      const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: sandbox.url, storage: "memory" });
      await session.accessToken();
      const { sessionId } = session.getSnapshot();
      await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
      for (const company of ["le-north", "le-south", null]) await session.switchLegalEntity(company);
      await session.refresh();
      assert.equal(session.getSnapshot().sessionId, sessionId);
      assert.equal((await session.fetch("/product/acme/products/harbour-mug")).status, 200);
      const { sessions } = await control("GET", "state");
      assert.equal(sessions[0].customers[0].email, "buyer@example.com");
      await session.logout();
      session.close();
    });

    test("any page may call it, and read what it answers", async () => {
      const preflight = await call("OPTIONS", "/customer/acme/login", { origin: "http://shop.test" });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get("content-length"), null);
      assert.match(preflight.headers.get("access-control-allow-headers"), /Emporix-Tenant/);
      const login = await call("GET", LOGIN);
      assert.equal(login.headers.get("access-control-allow-origin"), "*");
      assert.match(login.headers.get("access-control-expose-headers"), /Retry-After/);
      assert.equal(login.headers.get("content-length"), String(login.text.length));
      const rows = await control("GET", "requests");
      assert.deepEqual(rows.map(({ method, origin }) => [method, origin]), [["OPTIONS", "http://shop.test"], ["GET", null]]);
    });

    test("no connection serves two requests", async () => {
      const request = `GET ${LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n`;
      const answer = await raw(request, request);
      assert.equal(answer.match(/HTTP\/1\.1 200/g).length, 1);
      assert.match(answer, /^connection: close/im);
      assert.equal((await control("GET", "requests")).length, 1);
    });

    test("a lost answer is a broken connection", async () => {
      for (const kind of ["drop", "lost-answer"]) {
        await fault(kind);
        assert.equal(await raw(`GET ${LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n`), "", kind);
      }
      const rows = await control("GET", "requests");
      assert.deepEqual(rows.map(({ status, delivered }) => [status, delivered]), [[null, false], [200, false]]);
      assert.equal((await call("GET", LOGIN)).status, 200);
    });

    test("a held answer comes after its release, and not to who has left", async () => {
      await fault("hold", { times: 2 });
      const left = new AbortController();
      const leaving = fetch(sandbox.url + LOGIN, { signal: left.signal });
      while ((await control("GET", "requests")).length < 1);
      const waiting = call("GET", LOGIN);
      while ((await control("GET", "requests")).length < 2);
      left.abort();
      await assert.rejects(leaving, { name: "AbortError" });
      // The sandbox hears of it in its own time, and of nothing else here.
      await raw("GET /_sandbox/profile HTTP/1.1\r\nHost: sandbox\r\n\r\n");
      assert.deepEqual(await control("POST", "release"), { released: 1 });
      assert.equal((await waiting).status, 200);
      assert.deepEqual((await control("GET", "requests")).map(({ delivered }) => delivered), [false, true]);
    });

    test("held answers are let go by a reset", async () => {
      await fault("hold");
      const waiting = call("GET", LOGIN);
      while ((await control("GET", "requests")).length < 1);
      await control("POST", "reset");
      assert.equal((await waiting).status, 200);
    });

    test("a delayed answer, a status and garbage arrive", async () => {
      await fault("delay", { delayMs: 1 });
      await fault("status", { status: 503, retryAfter: 7 });
      await fault("garbage", { status: 204 });
      await fault("garbage");
      assert.equal((await call("GET", LOGIN)).status, 200);
      const refused = await call("GET", LOGIN);
      assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "7"]);
      assert.equal((await call("GET", LOGIN)).status, 204);
      assert.match((await call("GET", LOGIN)).text, /hotel/);
    });

    test("a slash, HEAD, PUT and unknown paths and methods", async () => {
      assert.equal((await call("GET", "/_sandbox/profile/")).status, 200);
      const head = await call("HEAD", LOGIN);
      assert.deepEqual([head.status, head.text], [405, ""]);
      assert.equal((await call("PUT", LOGIN)).headers.get("allow"), "GET");
      assert.equal((await call("GET", "/nowhere")).status, 404);
      assert.equal((await call("GET", "/_sandbox/nowhere")).status, 404);
      const { port } = new URL(sandbox.url);
      assert.match(await raw(`GET http://127.0.0.1:${port}${LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n`), /^HTTP\/1\.1 200/);
    });

    test("what is no JSON, no UTF-8, or far too long is refused", async () => {
      const { body } = await call("GET", LOGIN);
      const login = (body, more) => call("POST", "/customer/acme/login", { bearer: token, "content-type": "application/json", body, ...more });
      const token = body.access_token;
      assert.equal((await login("{")).status, 400);
      assert.equal((await login(Buffer.from([0x7b, 0xff, 0x7d]).toString("latin1"))).status, 400);
      assert.equal((await login("[")).status, 400);
      const length = 11 * 2 ** 20;
      const head = `POST /customer/acme/login HTTP/1.1\r\nHost: sandbox\r\nContent-Length: ${length}\r\n\r\n`;
      // The answer comes before the end of the question, and may be lost with a connection that is closed in between.
      assert.match(await raw(head, "x".repeat(length)), /^(HTTP\/1\.1 413|$)/);
      assert.equal((await call("GET", LOGIN)).status, 200);
    });

    test("a long token is looked up, and texts of any language arrive", async () => {
      const { body } = await call("GET", LOGIN);
      const refresh = `/customerlogin/auth/anonymous/refresh?tenant=acme&client_id=storefront&refresh_token=${"x".repeat(50_000)}`;
      assert.equal((await call("GET", refresh)).status, 401);
      const customer = { firstName: "Zoë", lastName: "Łęcka ✂" };
      const credentials = { email: "zoe@example.com", password: "secret-1" };
      await call("POST", "/customer/acme/signup", { bearer: body.access_token, body: { ...credentials, customerDetails: customer } });
      const login = await call("POST", "/customer/acme/login", { bearer: body.access_token, body: credentials });
      const me = await call("GET", "/customer/acme/me", { bearer: login.body.access_token });
      assert.deepEqual([me.body.firstName, me.body.lastName], [customer.firstName, customer.lastName]);
    });

    test("each control call that is refused names what is wrong", async () => {
      const refusals = {
        "POST clock {}": /advanceSeconds/,
        'POST clock {"advanceSeconds":"1"}': /advanceSeconds/,
        'POST clock {"advanceSeconds":-1}': /advanceSeconds/,
        'POST clock {"advanceSeconds":1,"more":1}': /more/,
        "PATCH profile []": /object/,
        'PATCH profile {"rotation":"never"}': /rotation/,
        'PATCH profile {"nothing":1}': /nothing/,
        'POST faults [{"path":"/a","kind":"burn"}]': /kind/,
        'POST faults [{"path":"a","kind":"drop"}]': /path/,
        'POST faults [{"path":"/a","kind":"drop","often":1}]': /often/,
        'POST faults [{"path":"/a","kind":"status","status":1e9}]': /status/,
        'POST revoke {"kind":"all","sessionId":"1"}': /kind/,
        'POST revoke {"kind":"access","sessionId":"none"}': /none/,
        "POST revoke {": /EOF/,
      };
      for (const [call, message] of Object.entries(refusals)) {
        const [method, name, body] = call.split(/ (?=\w+ |[[{])/).flatMap((part, at) => (at === 0 ? part.split(" ") : [part]));
        assert.match((await control(method, name, body)).message, message, call);
      }
    });

    test("the provider next door sends back, under the address that it was asked at", async () => {
      const { body } = await call("GET", "/_oidc/.well-known/openid-configuration");
      assert.equal(body.issuer, `${sandbox.url}/_oidc`);
      const authorize = "/_oidc/authorize?response_type=code&client_id=shop&redirect_uri=http%3A%2F%2Fshop.test%2Fcb&login_hint=solo@example.com";
      const sent = await call("GET", authorize);
      assert.equal(sent.status, 302);
      assert.match(sent.headers.get("location"), /^http:\/\/shop\.test\/cb\?code=/);
    });

    test("a busy port and wrong arguments are named, and end it", async () => {
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const { port } = taken.address();
      const busy = await start(command, "--port", String(port));
      taken.close();
      assert.equal(busy.status, 1);
      assert.ok(busy.complaint.includes(`port ${port}`), busy.complaint);
      const wrong = [["--port"], ["--port", "70000"], ["--prot=1"], ["--port", "0", "1"], ["--port", "-1"]];
      const ends = await Promise.all(wrong.map((args) => start(command, ...args)));
      for (const [at, { status, complaint }] of ends.entries()) {
        assert.equal(status, 2, wrong[at].join(" "));
        assert.match(complaint, /--port PORT/);
      }
    });
  });
}
