// What engines do differently, asked of the package: for npm run test:engines, because a driver switches some of it off.

import assert from "node:assert/strict";
import { request as ask } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import sirv from "sirv";

import { root } from "../../tools/lib/run.mjs";
import { GUEST, GUEST_REFRESH, LOGIN, REFRESH, useStorefront } from "../e2e/lib/storefront.mjs";

const storefront = useStorefront();

/** Waits until the platform was asked this, and not for ever: an engine may never send it. */
async function asked(pattern) {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    if ((await storefront.sandbox.rows()).some(({ path }) => pattern.test(path.replace("/acme", "")))) return;
  }
  assert.fail(`nobody asked ${pattern}`);
}

/** The platform with one more path, which refuses the first upload and answers with what it got the second time. */
async function gateway() {
  const uploads = [];
  const url = await storefront.serve(async (request, response) => {
    if (!request.url.startsWith("/upload")) {
      const upstream = ask(storefront.sandbox.url + request.url, { method: request.method, headers: request.headers });
      upstream.on("response", (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
      request.pipe(upstream);
      return;
    }
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization, Content-Type" };
    response.writeHead(request.method === "OPTIONS" || uploads.length > 0 ? 200 : 401, headers);
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.method === "POST") uploads.push([body, request.headers.authorization]);
    response.end(body);
  });
  return { url, uploads };
}

const BODIES = {
  "a Blob": `new Blob(["0123456789"])`,
  "a File": `new File(["0123456789"], "digits.txt")`,
  "a FormData with a File": `(() => { const form = new FormData(); form.append("file", new File(["0123456789"], "digits.txt")); return form; })()`,
  "an ArrayBuffer": `new TextEncoder().encode("0123456789").buffer`,
  "a text": `"0123456789"`,
};

for (const [name, source] of Object.entries(BODIES)) {
  for (const keepalive of [false, true]) {
    for (const form of ["init", "a Request"]) {
      test(`an upload of ${name}${keepalive ? " with keepalive" : ""} in ${form} arrives whole, again after a 401`, async () => {
        const { url, uploads } = await gateway();
        const tab = await storefront.tab();
        const answer = await tab.run(
          async ([apiUrl, source, keepalive, form]) => {
            await open({ apiUrl });
            await session.accessToken();
            const init = { method: "POST", body: (0, eval)(source), keepalive };
            const response = await (form === "init" ? session.fetch("/upload", init) : session.fetch(new Request(`${apiUrl}/upload`, init)));
            return [response.status, await response.text()];
          },
          [url, source, keepalive, form],
        );
        assert.equal(answer[0], 200);
        assert.equal(uploads.length, 2);
        for (const [body] of uploads) assert.ok(body.includes("0123456789"), body);
        assert.notEqual(uploads[0][1], uploads[1][1], "with another token");
        assert.deepEqual(await storefront.sandbox.requests(), [GUEST, GUEST_REFRESH]);
      });
    }
  }
}

test("a request keeps its keepalive on its way through session.fetch", async () => {
  const tab = await storefront.tab();
  const kept = await tab.run(async () => {
    const kept = [];
    const record = ({ keepalive }) => (kept.push(keepalive), new Response());
    await open({ fetch: fetchWith({ "/shop": record }) });
    await session.fetch("/shop", { keepalive: true });
    await session.fetch("/shop", { keepalive: true, method: "POST", body: "goods" });
    await session.fetch(new Request(`${options.apiUrl}/shop`, { keepalive: true }));
    return kept;
  });
  assert.deepEqual(kept, [true, true, true]);
});

for (const [name, source] of Object.entries({
  "a text": `"enough"`,
  "an Error": `new RangeError("enough")`,
  nothing: `undefined`,
})) {
  test(`a call that its caller aborts with ${name} is rejected with that`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.session();
    await tab.token();
    await sandbox.fault({ path: "/product/acme/products", times: 1, kind: "hold" });
    await tab.run(() => {
      globalThis.controller = new AbortController();
      globalThis.call = failure(session.fetch("/product/acme/products", { signal: controller.signal }));
    });
    await asked(/products/);
    const error = await tab.run((source) => {
      controller.abort((0, eval)(source));
      return call;
    }, source);
    await sandbox.release();
    assert.equal(error.isSessionError, false);
    if (name === "nothing") assert.equal(error.name, "AbortError");
    else assert.equal(error.message, "enough");
  });
}

// Last words

for (const [how, last] of Object.entries({
  "the tab is closed": (page) => page.closeAfter(() => void session.logout()),
  "the page is left": (page) =>
    page.leave(() => {
      void session.logout();
      location.assign("/config.json?next");
    }),
})) {
  test(`a logout in the turn in which ${how} reaches the platform`, async () => {
    const one = await storefront.session();
    await one.login();
    await storefront.sandbox.requests();
    await last(one.page);
    await asked(/customer\/logout/);
  });

  test(`a logout in the turn in which ${how} leaves no token in storage`, async () => {
    const [one, two] = [await storefront.session(), await storefront.session()];
    await one.login();
    await two.heard("login");
    const secrets = [await one.token(), await one.run(() => session.saasToken())];
    await last(one.page);
    // Whatever the engine lets happen after the page's end has happened when another has asked for something.
    await storefront.tab();
    const stored = await two.stored();
    assert.ok(!secrets.some((secret) => stored.includes(secret)), "a token is still stored");
  });
}

// Back and forward

const PACKAGE = "/storefront-session/";

/** Two tabs of a shop whose pages a browser may keep: nothing of them forbids it. */
async function twoTabsThatMayBeKept() {
  const files = sirv(join(root, "dist"));
  const shop = await storefront.serve((request, response) => {
    if (!request.url.startsWith(PACKAGE)) return response.setHeader("Content-Type", "text/html").end("<!doctype html><title>shop</title>");
    request.url = request.url.slice(PACKAGE.length - 1);
    return files(request, response);
  });
  const open = async () => {
    const tab = await storefront.tab({ url: `${shop}/products` });
    await tab.run(() => {
      globalThis.offset = 0;
      return open({ timeoutMs: 5_000, now: () => Date.now() + offset });
    });
    return tab;
  };
  return { shop, tabs: [await open(), await open()] };
}

for (const [when, first] of Object.entries({ "waits already": true, "asks only then": false })) {
  test(`a page that is left in the middle of a renewal holds up nobody who ${when}`, async () => {
    const { sandbox } = storefront;
    await sandbox.profile({ rotation: "lenient" });
    const { shop, tabs: [one, two] } = await twoTabsThatMayBeKept();
    await one.login();
    await two.heard("login");
    await sandbox.requests();
    await sandbox.fault({ path: "/customer/acme/refreshauthtoken", times: 1, kind: "hold" });
    await one.run(() => void session.refresh().catch(() => {}));
    await asked(/refreshauthtoken/);
    const begin = () => two.run(() => void (globalThis.renewal = session.refresh().then(() => "done", ({ code }) => code)));
    if (first) await begin();
    await one.page.goto(`${shop}/checkout`);
    if (!first) await begin();
    await sandbox.release();
    assert.equal(await two.run(() => renewal), "done");
    assert.equal((await two.snapshot()).kind, "customer");
  });
}

test("what is due when a page is left asks for no lock that the page takes into the back-forward cache", async () => {
  const { sandbox } = storefront;
  const {
    tabs: [one, two],
  } = await twoTabsThatMayBeKept();
  await one.login();
  await two.heard("login");
  await sandbox.requests();
  // The customer's refresh token is due, and a tab finds that out when its visibility changes.
  await sandbox.advance(70_000);
  await one.page.leave(() => {
    offset += 70_000_000;
    location.assign("/checkout");
  });
  await two.run(() => void (offset += 70_000_000));
  assert.equal(await two.run(() => session.refresh().then(() => "done", ({ code }) => code)), "done");
  assert.ok((await sandbox.requests()).includes(REFRESH));
});

test("login and reload go on with one sessionId", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  const { sessionId } = await tab.snapshot();
  await tab.login();
  await tab.page.reload();
  await tab.run(() => load());
  await tab.open();
  const after = await tab.snapshot();
  assert.deepEqual([after.kind, after.sessionId], ["customer", sessionId]);
  assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN]);
});
