// session.fetch: like window.fetch, with the token where it belongs, and once more after a 401.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GUEST, GUEST_REFRESH, LOGIN, REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

const PRODUCTS = "/product/acme/products";
const READ = "GET /product/products anonymous 200";
const REFUSED = "GET /product/products unknown 401";

/** What the sandbox calls a token that it has killed. */
const withoutBearer = (lines) => lines.map((line) => line.replace(/ (\w+) 401$/, " unknown 401"));

test("relative addresses go to the API, in every form that fetch takes", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  const statuses = await tab.run(async (path) => {
    const { apiUrl } = options;
    const inputs = [
      path,
      path.slice(1),
      `${path}?pageSize=1#top`,
      apiUrl + path,
      new URL(apiUrl + path),
      new Request(apiUrl + path),
      { toString: () => path },
    ];
    return Promise.all(inputs.map(async (input) => (await session.fetch(input)).status));
  }, PRODUCTS);
  assert.deepEqual(statuses, Array(7).fill(200));
  assert.deepEqual(await sandbox.requests(), [GUEST, ...Array(7).fill(READ)]);
});

test("a relative address without a slash at its beginning is the API's too when apiUrl is a URL object", async () => {
  const tab = await storefront.tab();
  const urls = await tab.run(async () => {
    const urls = [];
    for (const apiUrl of [new URL(options.apiUrl), `${options.apiUrl}/`, options.apiUrl]) {
      await open({ apiUrl });
      for (const path of ["product/acme/products", "/product/acme/products"]) {
        const { url, status } = await session.fetch(path);
        urls.push([url.slice(options.apiUrl.length), status]);
      }
    }
    return urls;
  });
  assert.deepEqual(urls, Array(6).fill([PRODUCTS, 200]));
});

test("relative addresses keep a path that apiUrl has", async () => {
  const tab = await storefront.tab();
  const urls = await tab.run(async () => {
    const urls = [];
    const guest = { "/gateway/customerlogin/auth/anonymous/login": () => fetch(login) };
    const login = `${options.apiUrl}/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront`;
    const answers = fetchWith(guest);
    const record = (request) => {
      if (request.url.includes("/anonymous/")) return answers(request);
      urls.push(request.url.slice(options.apiUrl.length));
      return new Response();
    };
    for (const path of ["/gateway", "/gateway/"]) {
      await open({ apiUrl: options.apiUrl + path, fetch: record, storage: "memory" });
      await session.fetch("/product/acme/products");
      await session.fetch("product/acme/products");
    }
    return urls;
  });
  assert.deepEqual(urls, Array(4).fill("/gateway/product/acme/products"));
});

test("the token goes to the API's origin only", async () => {
  const heard = [];
  const foreign = await storefront.serve((request, response) => {
    heard.push(request.method, request.headers.authorization);
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization" });
    response.end("{}");
  });
  const tab = await storefront.session();
  const statuses = await tab.run(async (foreign) => {
    await session.accessToken();
    const { host } = new URL(foreign);
    const inputs = [
      `${foreign}/x`,
      `//${host}/x`,
      new URL(foreign),
      new Request(foreign),
      `\\/${host}/x`,
      `/\\${host}/x`,
    ];
    const fetched = inputs.map((input) =>
      session.fetch(input).then(({ url, status }) => [url.startsWith(foreign), status]),
    );
    fetched.push(session.fetch("/config.json").then(({ url }) => [!url.startsWith(location.origin), 404]));
    fetched.push(session.fetch(`${location.origin}/config.json`).then(({ status }) => [true, status]));
    return Promise.all(fetched);
  }, foreign);
  const [, , , , , rooted, ...own] = statuses;
  assert.deepEqual(statuses.slice(0, 5), Array(5).fill([true, 200]));
  assert.deepEqual(rooted, [false, 404], "what begins with a slash is the API's, whatever follows");
  assert.deepEqual(own, [
    [true, 404],
    [true, 200],
  ]);
  assert.deepEqual(heard, Array(5).fill(["GET", undefined]).flat());
});

test("a foreign origin is asked without starting a session", async () => {
  const tab = await storefront.session();
  await tab.run(() => session.fetch(`${location.origin}/config.json`));
  assert.deepEqual(await storefront.sandbox.requests(), []);
});

test("an Authorization header of the caller's own switches bearer and retry off", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  const statuses = await tab.run(async (path) => {
    const own = { Authorization: "Bearer of-my-own" };
    const inits = [
      [path, { headers: own }],
      [path, { headers: Object.entries(own) }],
      [path, { headers: new Headers(own) }],
      [path, { headers: { authorization: "Basic eDp5" } }],
      [new Request(options.apiUrl + path, { headers: own })],
    ];
    return Promise.all(inputs(inits));
    function inputs(all) {
      return all.map(async (args) => (await session.fetch(...args)).status);
    }
  }, PRODUCTS);
  assert.deepEqual(statuses, Array(5).fill(401));
  const requests = await sandbox.requests();
  assert.equal(requests.length, 5, "no token was asked for, nothing was sent twice");
  assert.ok(requests.every((line) => line.endsWith("401")));
});

test("headers are kept, in every form", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const seen = [];
    const record = (request) => {
      seen.push([request.headers.get("x-shop"), request.headers.get("authorization")?.split(" ")[0]]);
      return new Response();
    };
    await open({ fetch: fetchWith({ "/shop": record }) });
    const headers = { "X-Shop": "1" };
    for (const it of [headers, Object.entries(headers), new Headers(headers)])
      await session.fetch("/shop", { headers: it });
    const request = new Request(`${options.apiUrl}/shop`, { headers });
    await session.fetch(request);
    await session.fetch(request, { headers: { "X-Shop": "2" } });
    return seen;
  });
  assert.deepEqual(seen, [...Array(4).fill(["1", "Bearer"]), ["2", "Bearer"]]);
});

test("method, body, credentials, cache and the other options reach fetch", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    let seen;
    const record = async (request) => {
      const { method, credentials, cache, redirect, keepalive } = request;
      seen = { method, credentials, cache, redirect, keepalive, body: await request.text() };
      return new Response();
    };
    await open({ fetch: fetchWith({ "/shop": record }) });
    await session.fetch("/shop", {
      method: "PUT",
      body: "goods",
      credentials: "include",
      cache: "no-cache",
      redirect: "manual",
      keepalive: true,
    });
    return seen;
  });
  assert.deepEqual(seen, {
    method: "PUT",
    credentials: "include",
    cache: "no-cache",
    redirect: "manual",
    keepalive: true,
    body: "goods",
  });
});

test("the caller's referrer and its policy reach fetch", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const seen = [];
    const record = ({ referrer, referrerPolicy }) => {
      seen.push([referrer, referrerPolicy]);
      return new Response();
    };
    await open({ fetch: fetchWith({ "/shop": record }) });
    await session.fetch("/shop", { referrerPolicy: "no-referrer" });
    await session.fetch("/shop", { referrer: "" });
    return seen;
  });
  assert.deepEqual(seen, [
    ["about:client", "no-referrer"],
    ["", ""],
  ]);
});

test("the page's own window.fetch may be the fetch option", async () => {
  const tab = await storefront.tab();
  const status = await tab.run(async () => {
    await open({ fetch: window.fetch });
    await session.accessToken();
    return (await session.fetch("/product/acme/products")).status;
  });
  assert.equal(status, 200);
});

test("a revoked token is renewed once, and the call made once more", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.revoke(tab);
  await sandbox.requests();
  const status = await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS);
  assert.equal(status, 200);
  assert.deepEqual(withoutBearer(await sandbox.requests()), [REFUSED, GUEST_REFRESH, READ]);
});

test("a revoked token of a customer is renewed with the company kept", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.login();
  await tab.run(() => session.switchLegalEntity("le-north"));
  await sandbox.revoke(tab, "access", "customer");
  await sandbox.requests();
  assert.equal(await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS), 200);
  assert.deepEqual(withoutBearer(await sandbox.requests()), [REFUSED, REFRESH, READ.replace("anonymous", "customer")]);
  assert.equal((await sandbox.rows()).at(-1).legalEntityId, "le-north");
});

test("twenty parallel calls with a revoked token cost one renewal", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.revoke(tab);
  await sandbox.requests();
  const statuses = await tab.run(
    (path) => Promise.all(Array.from({ length: 20 }, async () => (await session.fetch(path)).status)),
    PRODUCTS,
  );
  assert.deepEqual(statuses, Array(20).fill(200));
  const requests = withoutBearer(await sandbox.requests());
  assert.equal(requests.filter((line) => line === GUEST_REFRESH).length, 1);
  assert.equal(requests.filter((line) => line === READ).length, 20);
  assert.ok(requests.length <= 41, "each call at most twice");
});

for (const [name, body] of Object.entries({
  "a text": `JSON.stringify({ siteCode: "main", currency: "EUR" })`,
  "a Blob": `new Blob(['{"siteCode":"main","currency":"EUR"}'], { type: "application/json" })`,
  "an ArrayBuffer": `new TextEncoder().encode('{"siteCode":"main","currency":"EUR"}').buffer`,
  "a Request": undefined,
})) {
  test(`a POST of ${name} is made once more after a 401, whole`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.session();
    await tab.token();
    await sandbox.revoke(tab);
    await sandbox.requests();
    const answer = await tab.run(async (source) => {
      const init = { method: "POST", headers: { "Content-Type": "application/json" } };
      init.body = source ? (0, eval)(source) : `{"siteCode":"main","currency":"EUR"}`;
      const response = source
        ? await session.fetch("/cart/acme/carts", init)
        : await session.fetch(new Request(`${options.apiUrl}/cart/acme/carts`, init));
      return [response.status, typeof (await response.json()).cartId];
    }, body);
    assert.deepEqual(answer, [201, "string"]);
    assert.deepEqual((await sandbox.requests()).map((line) => line.replace(/ carts \w+ 401/, " carts 401")).map(post), [
      "POST 401",
      GUEST_REFRESH,
      "POST 201",
    ]);
  });
}
const post = (line) => line.replace(/^POST \S+ \w+ /, "POST ");

test("a form is sent the second time as it was the first", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const [first, second, ...more] = await tab.run(async () => {
    const seen = [];
    const answer = async (request) => {
      seen.push([request.headers.get("content-type"), await request.text()]);
      return new Response("", { status: seen.length === 1 ? 401 : 200 });
    };
    await open({ fetch: fetchWith({ "/shop": answer }) });
    const body = new FormData();
    body.append("name", "Jürgen");
    body.append("file", new Blob(["0123456789"]), "digits.txt");
    await session.fetch("/shop", { method: "POST", body });
    return seen;
  });
  assert.match(first[0], /^multipart\/form-data; boundary=/);
  assert.match(first[1], /Jürgen[\s\S]*0123456789/);
  assert.deepEqual(second, first);
  assert.deepEqual(more, []);
  assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
});

test("a body that is a stream is not sent again: the 401 comes back", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const [status, seen] = await tab.run(async () => {
    const seen = [];
    const answer = async (request) => {
      seen.push(await request.text());
      return new Response("", { status: 401 });
    };
    await open({ fetch: fetchWith({ "/shop": answer }) });
    const body = new Blob(["goods"]).stream();
    const { status } = await session.fetch("/shop", { method: "POST", body, duplex: "half" });
    return [status, seen];
  });
  assert.deepEqual([status, seen], [401, ["goods"]]);
  assert.deepEqual(await sandbox.requests(), [GUEST], "no renewal for a call that cannot be repeated");
});

test("a 401 that a fresh token gets too comes back, and forces no renewal again for that method and path", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.requests();
  await sandbox.fault({ path: PRODUCTS, method: "GET", times: 9, kind: "status", status: 401 });
  const seen = await tab.run(async (path) => {
    const seen = [];
    for (const query of ["", "", "?page=2"]) {
      const response = await session.fetch(path + query);
      seen.push(response.status, typeof (await response.json()));
    }
    return seen;
  }, PRODUCTS);
  assert.deepEqual(seen, [401, "object", 401, "object", 401, "object"]);
  const read = "GET /product/products anonymous 401";
  assert.deepEqual(await sandbox.requests(), [read, GUEST_REFRESH, read, read, read]);

  // Another path has its own renewal, but not of the token that was renewed a moment ago and is refused here and there.
  await sandbox.fault({ path: "/site/acme/sites", times: 1, kind: "status", status: 401 });
  assert.equal(await tab.run(async () => (await session.fetch("/site/acme/sites")).status), 401);
  await tab.run(() => session.refresh());
  await sandbox.requests();
  await sandbox.fault({ path: "/site/acme/sites", times: 1, kind: "status", status: 401 });
  assert.equal(await tab.run(async () => (await session.fetch("/site/acme/sites")).status), 200);
  assert.ok((await sandbox.requests()).includes(GUEST_REFRESH));
});

test("answers other than 401 come back untouched, once", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.requests();
  for (const status of [400, 403, 404, 409, 429, 500, 503]) {
    await sandbox.fault({ path: PRODUCTS, times: 1, kind: "status", status });
    assert.equal(await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS), status);
    assert.equal((await sandbox.requests()).length, 1);
  }
});

const CHANGES = {
  login: "session.login(buyer)",
  switch: `session.switchLegalEntity("le-north")`,
  logout: "session.logout()",
};

for (const [change, source] of Object.entries(CHANGES)) {
  test(`a read under way when a ${change} happens is aborted; a write is let finish`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.session();
    await tab.token();
    if (change !== "login") await tab.login();
    await sandbox.requests();
    await sandbox.fault(
      { path: PRODUCTS, times: 1, kind: "hold" },
      { path: "/cart/acme/carts", method: "POST", times: 1, kind: "hold" },
    );
    await tab.run((path) => {
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ siteCode: "main", currency: "EUR" });
      globalThis.read = failure(session.fetch(path));
      globalThis.write = session.fetch("/cart/acme/carts", { method: "POST", headers, body });
    }, PRODUCTS);
    await sandbox.asked(/products|carts/, 2);
    const error = await tab.run(async (source) => {
      await (0, eval)(source);
      return read;
    }, source);
    assert.deepEqual([error.code, error.isSessionError, error.retryable], ["aborted", true, false]);
    await sandbox.release();
    assert.equal(await tab.run(async () => (await write).status), 201);
  });
}

test("a read whose body is still coming is aborted too", async () => {
  const slow = await storefront.serve((request, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*" });
    response.write("the beginning");
  });
  const tab = await storefront.tab();
  const error = await tab.run(async (slow) => {
    await open({ fetch: fetchWith({ "/shop": ({ signal }) => fetch(slow, { signal }) }) });
    const response = await session.fetch("/shop");
    const text = failure(response.text());
    await session.login(buyer);
    return text;
  }, slow);
  assert.ok(error.code === "aborted" || error.name === "AbortError", error.message);
});

test("a write refused after the identity has changed is not sent again for another identity", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const [error, count] = await tab.run(async () => {
    let answer;
    let count = 0;
    const hold = () => {
      count += 1;
      return new Promise((resolve) => (answer = () => resolve(new Response("", { status: 401 }))));
    };
    await open({ fetch: fetchWith({ "/shop": hold }) });
    await session.accessToken();
    const write = failure(session.fetch("/shop", { method: "POST", body: "goods" }));
    await turn();
    await session.login(buyer);
    answer();
    return [await write, count];
  });
  assert.deepEqual([error.code, count], ["aborted", 1]);
  assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN]);
});

test("a read refused before the identity changed is not answered for the next identity", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const outcome = await tab.run(async () => {
    const bearers = [];
    let answer;
    const hold = (request) => {
      bearers.push(request.headers.get("authorization"));
      // A 401 that is there already when the signal fires: aborting a fetch that has its answer comes too late.
      return bearers.length > 1 ? new Response() : new Promise((resolve) => (answer = resolve));
    };
    await open({ fetch: fetchWith({ "/shop": hold }) });
    await session.accessToken();
    const read = session.fetch("/shop").then(
      () => "answered",
      ({ code }) => code,
    );
    await turn();
    await session.login(buyer);
    answer(new Response("", { status: 401 }));
    return [await read, bearers.length];
  });
  assert.deepEqual(outcome, ["aborted", 1]);
  assert.deepEqual(await sandbox.requests(), [GUEST, LOGIN]);
});

test("reads go on across a renewal", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.requests();
  await sandbox.fault({ path: PRODUCTS, times: 1, kind: "hold" });
  await tab.run((path) => void (globalThis.read = session.fetch(path)), PRODUCTS);
  await sandbox.asked(/products/);
  await tab.run(() => session.refresh());
  await sandbox.release();
  assert.equal(await tab.run(async () => (await read).status), 200);
});

test("the caller's signal ends the wait for the token and the call itself, with its own reason", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault(
    { path: "/customerlogin/auth/anonymous/login", times: 1, kind: "hold" },
    { path: PRODUCTS, times: 1, kind: "hold" },
  );
  await tab.run((path) => {
    globalThis.controllers = [new AbortController(), new AbortController()];
    globalThis.calls = controllers.map(({ signal }) => failure(session.fetch(path, { signal })));
  }, PRODUCTS);
  await sandbox.asked(/anonymous\/login/);
  const waiting = await tab.run(() => {
    controllers[0].abort(new RangeError("enough"));
    return calls[0];
  });
  assert.deepEqual([waiting.name, waiting.message], ["RangeError", "enough"]);
  await sandbox.release();
  await sandbox.asked(/products/);
  const fetching = await tab.run(() => {
    controllers[1].abort("a text");
    return calls[1];
  });
  assert.equal(fetching.message, "a text");
  await sandbox.release();
  assert.ok(await tab.token());
  const requests = await sandbox.requests();
  assert.equal(requests.length, 2, "the token request was not aborted, the first call never sent");
});

test("the signal of a Request counts as one in init does", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: PRODUCTS, times: 1, kind: "hold" });
  await tab.run((path) => {
    globalThis.controller = new AbortController();
    globalThis.call = failure(session.fetch(new Request(options.apiUrl + path, { signal: controller.signal })));
  }, PRODUCTS);
  await sandbox.asked(/products/);
  const error = await tab.run(() => {
    controller.abort();
    return call;
  });
  assert.equal(error.name, "AbortError");
  assert.equal(error.isSessionError, false);
  await sandbox.release();
});

test("the call's own failure is fetch's TypeError, the token's a SessionError", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "status", status: 503 });
  const ofToken = await tab.run((path) => failure(session.fetch(path)), PRODUCTS);
  assert.deepEqual([ofToken.isSessionError, ofToken.code, ofToken.status], [true, "server", 503]);
  await tab.run(() => session.refresh());
  await sandbox.fault({ path: PRODUCTS, times: 1, kind: "drop" });
  const ofCall = await tab.run((path) => failure(session.fetch(path)), PRODUCTS);
  assert.deepEqual([ofCall.isSessionError, ofCall.name], [false, "TypeError"]);
  const badInput = await tab.run(() => failure(session.fetch("http://[")));
  assert.equal(badInput.name, "TypeError");
});

test("a 401 of a session that the platform has ended ends it here, with event and signal", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.login();
  await tab.run(() => void (globalThis.ended = session.signal));
  await sandbox.revoke(tab, "session");
  const error = await tab.run((path) => failure(session.fetch(path)), PRODUCTS);
  assert.deepEqual([error.isSessionError, error.code, error.retryable], [true, "session_expired", false]);
  assert.equal((await tab.snapshot()).kind, "anonymous");
  assert.equal(await tab.run(() => ended.aborted), true);
  assert.ok((await tab.events()).includes("expired refused local"), await tab.events());
  assert.equal(await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS), 200, "as a new guest");
});

test("a renewal that fails after a 401 is told as the token's failure, and nothing is lost", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  const before = await tab.snapshot();
  await sandbox.revoke(tab);
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/refresh", times: 1, kind: "status", status: 503 });
  const error = await tab.run((path) => failure(session.fetch(path)), PRODUCTS);
  assert.deepEqual([error.isSessionError, error.code, error.retryable], [true, "server", true]);
  await tab.run(() => session.refresh());
  assert.equal(await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS), 200);
  assert.equal((await tab.snapshot()).sessionId, before.sessionId);
});
