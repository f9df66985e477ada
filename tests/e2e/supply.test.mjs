// Where the WebAssembly comes from in a page whose bundler or server does not bring the file beside the script.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GUEST, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

const FILE = "**/storefront_session_bg.wasm";
const SPARE = "**/storefront_session_bytes.js";

for (const [name, answer] of Object.entries({
  "is missing": { status: 404, contentType: "text/html", body: "<!doctype html>" },
  "is the app's page": { status: 200, contentType: "text/html", body: "<!doctype html>" },
  "is the app's page, said to be the .wasm": { status: 200, contentType: "application/wasm", body: "<!doctype html>" },
  "is empty": { status: 200, body: "" },
  "is cut short": { status: 200, contentType: "application/wasm", body: "\0asm" },
  "is another module": { status: 200, body: "\0asm\x02\0\0\0" },
  "fails on the server": { status: 500, body: "" },
  "cannot be fetched": undefined,
})) {
  test(`where the file ${name}, the bytes come from a script of their own, once`, async () => {
    const tab = await storefront.tab();
    let spares = 0;
    await tab.page.route(FILE, (route) => (answer ? route.fulfill(answer) : route.abort()));
    await tab.page.route(SPARE, (route) => route.continue(void (spares += 1)));
    await tab.open();
    await tab.token();
    assert.equal(spares, 1);
    assert.deepEqual(await storefront.sandbox.requests(), [GUEST]);
  });
}

test("who has the file, or has given the option wasm, does not load the script", async () => {
  const tab = await storefront.tab();
  const spares = [];
  await tab.page.route(SPARE, (route) => route.continue(void spares.push(route.request().url())));
  const error = await tab.run(() => failure(SessionManager.open({ ...options, wasm: "/no.wasm" })));
  assert.match(error.message, /\/no\.wasm answers 404/);
  await tab.open();
  assert.deepEqual(spares, []);
});

test("storefront-session/inline asks for no file, works, and loads its bytes with the core", async () => {
  const tab = await storefront.bareTab();
  const asked = [];
  await tab.page.route(/storefront-session\//, (route) => route.continue(void asked.push(route.request().url().split("/").at(-1))));
  await tab.run(async () => void Object.assign(globalThis, await import("/storefront-session/inline.js")));
  assert.deepEqual(asked, ["inline.js"]);
  await tab.open();
  await tab.login();
  assert.deepEqual(asked.sort(), ["core.js", "inline.js", "storefront_session_bytes.js"]);
});

/** What is loaded late: its file, and what wants it. */
const late = {
  "the customer's part": [/customer\.js/, "login", () => session.legalEntities().then((all) => all.length)],
  "what takes tokens over": [/adopt\.js/, "", () => failure(session.adopt({})).then(({ code }) => (code === "network" ? Promise.reject(code) : code))],
  "what reads the token's scopes": [/validate\.js/, "login", () => session.validate().then(({ scopes }) => scopes.length)],
  "the bytes in a script": [/storefront_session_bytes\.js/, "", () => open().then(({ kind }) => kind), /\.wasm/],
  "the bytes of storefront-session/inline": [/storefront_session_bytes\.js/, "inline", () => open().then(({ kind }) => kind)],
};
const failures = {
  "cannot be reached": undefined,
  "is missing": { status: 404, contentType: "text/html", body: "<!doctype html>" },
  "is HTML that is called a script": { status: 200, contentType: "text/javascript", body: "<!doctype html>" },
  "is another script": { status: 200, contentType: "text/javascript", body: "export default 1" },
};

for (const [part, [file, kind, work, missing]] of Object.entries(late)) {
  for (const [name, answer] of Object.entries(failures)) {
    test(`where ${part} ${name}, the next call asks again`, async () => {
      const isOpening = file.test("storefront_session_bytes.js");
      const tab = await (kind === "inline" ? storefront.bareTab() : storefront.tab());
      if (kind === "inline") await tab.run(async () => void Object.assign(globalThis, await import("/storefront-session/inline.js")));
      if (!isOpening) await tab.open();
      if (kind === "login") await tab.login();
      if (missing) await tab.page.route(missing, (route) => route.fulfill({ status: 404 }));
      await tab.page.route(file, (route) => (answer ? route.fulfill(answer) : route.abort()));
      for (let call = 0; call < 2; call += 1) await assert.rejects(tab.run(work));
      await tab.page.unroute(file);
      assert.ok(await tab.run(work));
    });
  }
}

test("where neither the file nor its explanation is to be had, the error is a fault that may pass, and holds no secret", async () => {
  const tab = await storefront.tab();
  const parts = [/\.wasm/, /storefront_session_bytes\.js/, /explain\.js/];
  for (const part of parts) await tab.page.route(part, (route) => route.abort());
  const open = () => tab.run(() => failure(SessionManager.open({ ...options, wasm: "/there/storefront_session_bg.wasm?signature=secret" })));
  const error = await open();
  assert.deepEqual([error.isSessionError, error.code, error.retryable], [true, "network", true]);
  assert.match(error.message, /^storefront_session_bg\.wasm could not be loaded$/);
  assert.ok(!JSON.stringify(error).includes("signature"));
  await tab.page.unroute(parts[2]);
  assert.match((await open()).message, /could not be loaded: .*option wasm/);
  for (const part of parts.slice(0, 2)) await tab.page.unroute(part);
  await tab.open();
  assert.ok(await tab.token());
});

test("an option that is refused is told in words, and by its name alone where the words cannot be loaded", async () => {
  const tab = await storefront.tab();
  const refused = () => tab.run(() => failure(SessionManager.open({ ...options, tenant: "A" })));
  await tab.page.route("**/expected.js", (route) => route.fulfill({ status: 404 }));
  const first = await refused();
  await tab.page.unroute("**/expected.js");
  const second = await refused();
  for (const { code, field } of [first, second]) assert.deepEqual([code, field], ["invalid_argument", "tenant"]);
  assert.equal(first.message, "tenant must be something else");
  assert.match(second.message, /^tenant must be 3 to 16 lower-case letters/);
});
