// session.fetch: like window.fetch, with the token where it belongs, and once more after a 401.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GUEST, GUEST_REFRESH, KEY, LOGIN, REFRESH, useStorefront } from "./lib/storefront.mjs";

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
    const record = (input, init) => {
      const { url } = new Request(input, init);
      if (url.includes("/anonymous/")) return answers(input, init);
      urls.push(url.slice(options.apiUrl.length));
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

for (const [name, source] of Object.entries({
  "a stream": `new Blob(["goods"]).stream()`,
  "another window's stream": `new (frame().Blob)(["goods"]).stream()`,
})) {
  test(`a body that is ${name} is not sent again: the 401 comes back, and the next call has another token`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.tab();
    await tab.run(frame);
    const [statuses, seen, bearers] = await tab.run(async (source) => {
      const seen = [];
      const bearers = new Set();
      const answer = async (request) => {
        bearers.add(request.headers.get("authorization"));
        seen.push(await request.text());
        return new Response("", { status: bearers.size === 1 ? 401 : 200 });
      };
      await open({ fetch: fetchWith({ "/shop": answer }) });
      const statuses = [];
      for (let times = 0; times < 2; times += 1) {
        const { status } = await session.fetch("/shop", { method: "POST", body: (0, eval)(source), duplex: "half" });
        statuses.push(status);
      }
      return [statuses, seen, bearers.size];
    }, source);
    assert.deepEqual([statuses, seen, bearers], [[401, 200], ["goods", "goods"], 2]);
    assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
  });
}

/** Puts another window into the page, whose classes are others than the page's. */
const frame = () => {
  globalThis.frame = () => {
    globalThis.other ??= document.body.appendChild(document.createElement("iframe"));
    return other.contentWindow;
  };
};

test("uploads that cannot be sent again force one renewal where a fresh token is refused too", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  const statuses = await tab.run(async () => {
    await open({ fetch: fetchWith({ "/shop": () => new Response("", { status: 401 }) }) });
    const statuses = [];
    for (let times = 0; times < 4; times += 1) {
      const body = new Blob(["goods"]).stream();
      statuses.push((await session.fetch("/shop", { method: "POST", body, duplex: "half" })).status);
    }
    return statuses;
  });
  assert.deepEqual(statuses, Array(4).fill(401));
  assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
});

test("thirty endpoints that refuse every token cost one renewal", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  await tab.run(async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `/shop/${index}`);
    await open({ fetch: fetchWith(Object.fromEntries(paths.map((path) => [path, () => new Response("", { status: 401 })]))) });
    for (const path of paths) await session.fetch(path);
  });
  assert.deepEqual(await sandbox.requests(), [GUEST, GUEST_REFRESH]);
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

// What frameworks and other libraries bring

const MEMBERS = { next: { revalidate: 60, tags: ["a"] }, cf: { cacheTtl: 5 }, agent: "an agent", priority: "high" };

for (const [name, source] of Object.entries({
  "an address": `["/shop", extras]`,
  "an address and a body": `["/shop", { ...extras, method: "POST", body: "goods" }]`,
  "an address and a form": `["/shop", { ...extras, method: "POST", body: new URLSearchParams("a=1") }]`,
  "a Request": `[new Request(options.apiUrl + "/shop"), extras]`,
  "a Request with a body": `[new Request(options.apiUrl + "/shop", { method: "POST", body: "goods" }), extras]`,
  "an init that has inherited its members": `["/shop", Object.create(extras)]`,
})) {
  test(`what Request does not know reaches the fetch option with ${name}, the second time too`, async () => {
    const tab = await storefront.tab();
    const seen = await tab.run(
      async ([source, extras]) => {
        const seen = [];
        const record = (request, { next, cf, agent, priority }) => {
          seen.push({ next, cf, agent, priority });
          return new Response("", { status: seen.length === 1 ? 401 : 200 });
        };
        await open({ fetch: fetchWith({ "/shop": record }) });
        await session.fetch(...new Function("extras", `return ${source}`)(extras));
        return seen;
      },
      [source, MEMBERS],
    );
    assert.deepEqual(seen, [MEMBERS, MEMBERS]);
  });
}

test("what is not the API's, or has a bearer of the caller's own, keeps what Request does not know", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async (extras) => {
    const seen = [];
    await open({ fetch: (input, { next }) => (seen.push(next), new Response()) });
    await session.fetch("/shop", { ...extras, headers: { Authorization: "Basic eDp5" } });
    await session.fetch("https://elsewhere.example/shop", extras);
    return seen;
  }, MEMBERS);
  assert.deepEqual(seen, [MEMBERS.next, MEMBERS.next]);
});

/** Ways to say POST /cart/acme/carts with a header, a body and a signal. */
const FOREIGN = {
  "another window's Request": `[new (frame().Request)(url, { ...init, signal })]`,
  "another window's URL": `[new (frame().URL)(url), { ...init, signal }]`,
  "another window's Headers and AbortSignal": `[url, { ...init, headers: new (frame().Headers)(init.headers), signal: new (frame().AbortController)().signal }]`,
  "another window's init": `[url, frame().Object.assign(new (frame().Object)(), init)]`,
  "another window's Blob": `[url, { ...init, body: new (frame().Blob)([init.body]) }]`,
  "a Request as init": `[url, new Request("https://elsewhere.example/", { ...init, signal })]`,
  "a class's object as init": `[url, new (class { get method() { return "POST"; } get headers() { return init.headers; } get body() { return init.body; } })()]`,
  "a Request of a library": `[new LibraryRequest(url, init)]`,
  "a Request of a library, with init": `[new LibraryRequest(url, { ...init, body: "{}" }), { body: init.body }]`,
  "an anchor": `[Object.assign(document.createElement("a"), { href: url }), init]`,
  "an object with a href": `[{ href: url }, init]`,
  "an object of text": `[new String(url), init]`,
};

for (const [name, source] of Object.entries(FOREIGN)) {
  test(`${name} is taken for what it is, the second time too`, async () => {
    const { sandbox } = storefront;
    const tab = await storefront.session();
    await tab.token();
    await sandbox.revoke(tab);
    await sandbox.requests();
    await tab.run(frame);
    const answer = await tab.run(async (source) => {
      /** As those of node-fetch and of test environments: the same parts, of another make. */
      class LibraryRequest {
        #init;
        #body;
        constructor(url, { body, ...init }) {
          this.#init = { url, ...init };
          this.#body = body;
        }
        get url() {
          return this.#init.url;
        }
        get method() {
          return this.#init.method;
        }
        get headers() {
          return Object.entries(this.#init.headers);
        }
        async arrayBuffer() {
          return new TextEncoder().encode(this.#body).buffer;
        }
        get [Symbol.toStringTag]() {
          return "Request";
        }
      }
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: `{"siteCode":"main","currency":"EUR"}` };
      const { signal } = new AbortController();
      const url = `${options.apiUrl}/cart/acme/carts`;
      const names = { LibraryRequest, init, signal, url };
      const args = new Function(...Object.keys(names), `return ${source}`)(...Object.values(names));
      const response = await session.fetch(...args).catch((error) => ({ status: String(error), json: () => ({}) }));
      return [response.status, typeof (await response.json()).cartId];
    }, source);
    const requests = (await sandbox.requests()).map((line) => line.replace(/ carts \w+ 401/, " carts 401")).map(post);
    if (name === "a Request as init") {
      // Its body is a stream.
      assert.deepEqual([answer[0] === 401 || /duplex|stream|Failed to fetch/i.test(answer[0]), requests.length <= 2], [true, true], String(answer));
      return;
    }
    assert.deepEqual(answer, [201, "string"]);
    assert.deepEqual(requests, ["POST 401", GUEST_REFRESH, "POST 201"]);
  });
}

test("what is no address is refused, and never asked for by its name", async () => {
  const tab = await storefront.tab();
  const [errors, sent] = await tab.run(async () => {
    const sent = [];
    await open({ fetch: (...call) => (sent.push(String(call[0])), fetch(...call)) });
    const inputs = [{}, { url: "/shop" }, Promise.resolve("/shop"), new Map(), new Response(), { url: "/shop", method: "GET", headers: {} }];
    const errors = [];
    for (const input of inputs) errors.push((await failure(session.fetch(input))).code);
    return [errors, sent];
  });
  assert.deepEqual(errors, Array(6).fill("invalid_argument"));
  assert.deepEqual(sent, []);
});

test("a body that its owner changes after the call is sent as it was", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const seen = [];
    const record = async (request) => {
      seen.push(await request.text());
      return new Response("", { status: seen.length % 2 ? 401 : 200 });
    };
    await open({ fetch: fetchWith({ "/shop": record }) });
    const params = new URLSearchParams("a=1");
    const bytes = new TextEncoder().encode("bytes");
    const calls = [params, bytes].map((body) => ({ method: "POST", body })).map((init) => session.fetch("/shop", init));
    params.set("a", "2");
    bytes.fill(0);
    await Promise.all(calls);
    return seen;
  });
  assert.deepEqual([...new Set(seen)].sort(), ["a=1", "bytes"]);
});

// Where the token goes

test("where apiUrl has a path the token goes to that path only", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const login = `${options.apiUrl}/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront`;
    const seen = {};
    const record = (input, init) => {
      const { url, headers } = new Request(input, init);
      if (url.includes("/anonymous/")) return fetch(login);
      seen[url.slice(options.apiUrl.length)] = headers.has("authorization");
      return new Response();
    };
    await open({ apiUrl: `${options.apiUrl}/gateway/`, fetch: record, storage: "memory" });
    const { apiUrl } = options;
    const inputs = [
      "/shop",
      "shop",
      " /spaced",
      "\t/ta\tbbed",
      "?query",
      "\\backslashed",
      "./a/../dotted",
      "/a%2Fb",
      "/v1..%2Fb",
      `${apiUrl}/gateway`,
      `${apiUrl}/gateway/full`,
      `${apiUrl.toUpperCase()}/gateway/upper`,
      new Request(`${apiUrl}/gateway/request`),
      "../out",
      "/../rooted",
      "/%2e%2e/encoded",
      "/..%2Fslash",
      "/%2E%2E%5Cback",
      "/..;/parameter",
      `${apiUrl}/gateways`,
      `${apiUrl}/gateway.json`,
      `${apiUrl}/Gateway/case`,
      `${apiUrl}/`,
      new URL("/other", apiUrl),
      new Request(`${apiUrl}/gateway/../beside`),
      { href: `${apiUrl}/gateway/%2e./left` },
    ];
    for (const input of inputs) await session.fetch(input);
    return seen;
  });
  const within = ["", "/shop", "/spaced", "/tabbed", "/?query", "/backslashed", "/dotted", "/a%2Fb", "/v1..%2Fb", "/full", "/upper", "/request"];
  const without = ["/out", "/rooted", "/encoded", "/gateways", "/gateway.json", "/Gateway/case", "/", "/other", "/beside", "/left"];
  const doubtful = ["/gateway/..%2Fslash", "/gateway/%2E%2E%5Cback", "/gateway/..;/parameter"];
  assert.deepEqual(seen, {
    ...Object.fromEntries(within.map((path) => [`/gateway${path}`, true])),
    ...Object.fromEntries([...without, ...doubtful].map((path) => [path, false])),
  });
});

test("an address of a scheme that only looks like the API's gets no token", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const seen = [];
    const record = (input, init) => {
      seen.push(new Headers(init.headers).has("authorization"));
      return new Response();
    };
    await open({ fetch: record });
    for (const input of [`blob:${options.apiUrl}/shop`, "data:,shop"]) await session.fetch(input);
    return seen;
  });
  assert.deepEqual(seen, [false, false]);
});

// Identities

/** A server whose answers may be kept by anybody for an hour, and say whose they are; and how often it was asked. */
async function keepsake(cacheControl) {
  const asked = [];
  const url = await storefront.serve((request, response) => {
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "Authorization",
      "Access-Control-Max-Age": "600",
      "Cache-Control": cacheControl,
      ETag: '"1"',
    };
    if (request.method === "GET") asked.push(request.headers.authorization);
    const isKnown = request.headers["if-none-match"] === '"1"';
    response.writeHead(request.method === "OPTIONS" ? 204 : isKnown ? 304 : 200, headers);
    response.end(isKnown || request.method === "OPTIONS" ? "" : String(request.headers.authorization));
  });
  return { url, asked };
}

/** In the page: a session whose API calls go to the server, and a read that tells whether the answer is one's own. */
const reader = async ([url, more]) => {
  const through = (input, init) => {
    const address = new URL(input.url ?? input);
    return address.pathname === "/shop" ? fetch(new URL(address.search || "/shop", `${url}/shop`), init) : fetch(input, init);
  };
  await open({ ...more, fetch: through });
  globalThis.isOwn = async (init) => {
    const response = await session.fetch("/shop", init);
    return (await response.text()) === `Bearer ${await session.accessToken()}`;
  };
};

for (const cacheControl of ["public, max-age=3600", "private, max-age=3600", "max-age=0, stale-while-revalidate=3600"]) {
  test(`no identity is answered from the HTTP cache with another's answer (${cacheControl})`, async () => {
    const { url } = await keepsake(cacheControl);
    const tab = await storefront.tab();
    await tab.run(reader, [url]);
    const seen = await tab.run(async () => {
      const seen = { guest: await isOwn() };
      await session.login(buyer);
      seen.customer = await isOwn();
      seen.forced = await isOwn({ cache: "force-cache" });
      await session.switchLegalEntity("le-north");
      seen.company = await isOwn();
      await isOwn({ cache: "reload" });
      await session.logout();
      seen["next guest"] = await isOwn();
      await session.login({ email: "single@example.com", password: buyer.password });
      seen["next customer"] = await isOwn();
      return seen;
    });
    assert.deepEqual(seen, {
      guest: true,
      customer: true,
      forced: true,
      company: true,
      "next guest": true,
      "next customer": true,
    });
  });
}

test("two customers in two tabs of one browser never share an answer, a guest beside them neither", async () => {
  const { url } = await keepsake("max-age=3600");
  const tabs = [];
  for (const email of ["buyer@example.com", "single@example.com"]) {
    const tab = await storefront.tab();
    await tab.run(reader, [url, { storage: "memory" }]);
    await tab.run((email) => session.login({ email, password: buyer.password }), email);
    tabs.push(tab);
  }
  for (const tab of [...tabs, ...tabs]) assert.equal(await tab.run(() => isOwn()), true);
  const guest = await storefront.tab();
  await guest.run(reader, [url, { storage: "memory" }]);
  assert.equal(await guest.run(() => isOwn()), true);
});

test("a token and whose it is are of one moment, whenever another tab's login becomes known", async () => {
  const tab = await storefront.tab({
    prepare: () => {
      // The revisions that the test stores are older ones.
      Object.defineProperty(globalThis, "indexedDB", { value: undefined });
      globalThis.BroadcastChannel = class extends BroadcastChannel {
        constructor(name) {
          super(name);
          globalThis.channel = this;
        }
      };
    },
  });
  const { faults, bearers } = await tab.run(async (key) => {
    await open();
    await session.accessToken();
    const guest = JSON.parse(localStorage.getItem(key));
    await session.login(buyer);
    const [customer, token] = [localStorage.getItem(key), await session.accessToken()];
    session.close();

    // Its token has ended, so that a read asks for another.
    guest.guest.access.received -= guest.guest.access.lives;
    const renewed = { token_type: "Bearer", access_token: "renewed", expires_in: 3599, refresh_token: "next", refresh_token_expires_in: 86399, sessionId: guest.sessionId };
    const wait = async (count) => {
      for (let tick = 0; tick < count; tick += 1) await undefined;
    };
    const faults = [];
    const bearers = new Set();
    for (let ticks = -15; ticks <= 90; ticks += 1) {
      let arrive;
      let tell;
      const told = new Promise((resolve) => (tell = resolve));
      let sent;
      const answers = {
        "/shop": async (request) => {
          sent = { isCustomers: request.headers.get("authorization") === `Bearer ${token}`, isKept: request.cache !== "no-store" };
          await told;
          return new Response("goods");
        },
      };
      localStorage.setItem(key, JSON.stringify(guest));
      const asked = new Promise((resolve) => {
        answers["/customerlogin/auth/anonymous/refresh"] = () => {
          const text = () => new Promise((answer) => (resolve(), (arrive = () => answer(JSON.stringify(renewed)))));
          return { status: 200, headers: new Headers(), text };
        };
      });
      await open({ fetch: fetchWith(answers) });
      const read = session.fetch("/shop").then(() => "answered", ({ code }) => code);
      await asked;
      const login = wait(Math.max(0, ticks)).then(() => {
        localStorage.setItem(key, customer);
        channel.onmessage({ data: customer });
        tell();
      });
      await wait(Math.max(0, -ticks));
      arrive();
      await login;
      const outcome = await read;
      const isRight = sent?.isCustomers ? outcome === "answered" && !sent.isKept : outcome === "aborted";
      if (!isRight || (await session.accessToken()) !== token) faults.push([ticks, outcome, sent]);
      bearers.add(sent?.isCustomers);
      session.close();
    }
    return { faults, bearers: [...bearers] };
  }, KEY);
  assert.deepEqual(faults, []);
  assert.ok(bearers.includes(true) && bearers.includes(false), "the read of each was met");
});

test("a guest's reads are answered from the HTTP cache, on the next page too", async () => {
  const { url, asked } = await keepsake("max-age=3600");
  for (let page = 0; page < 2; page += 1) {
    const tab = await storefront.tab();
    await tab.run(reader, [url]);
    for (let times = 0; times < 3; times += 1) assert.equal(await tab.run(() => isOwn()), true);
  }
  assert.equal(asked.length, 1);
});

test("a read that is begun in the turn of the logout is aborted, a write is sent", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.login();
  const [read, write] = await tab.run(async (path) => {
    await session.accessToken();
    const read = failure(session.fetch(path));
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ siteCode: "main", currency: "EUR" });
    const write = session.fetch("/cart/acme/carts", { method: "POST", headers, body });
    const logout = session.logout();
    const outcome = [await read, await write.then(({ status }) => status, ({ code }) => code)];
    await logout;
    return outcome;
  }, PRODUCTS);
  assert.deepEqual([read.code, read.isSessionError], ["aborted", true]);
  // Firefox may send the logout before it: then the platform refuses it, and it is not repeated for a guest.
  assert.ok([201, 401, "aborted"].includes(write), write);
  assert.ok((await sandbox.requests()).some((line) => line.startsWith("POST /cart/carts")));
});

test("a call with a token at hand is sent in the turn in which it is made", async () => {
  const tab = await storefront.tab();
  const sent = await tab.run(async () => {
    const sent = [];
    await open({ fetch: fetchWith({ "/shop": (request) => (sent.push(request.headers.get("authorization")), new Response()) }) });
    const token = await session.accessToken();
    const call = session.fetch("/shop");
    const before = sent.map((bearer) => bearer === `Bearer ${token}`);
    await call;
    return before;
  });
  assert.deepEqual(sent, [true]);
});

// Engines

test("a plain call with a token at hand builds nothing but its headers", async () => {
  const tab = await storefront.session();
  await tab.token();
  const built = await tab.run(async () => {
    const counts = {};
    for (const name of ["Request", "AbortController", "URL", "Headers"]) {
      counts[name] = 0;
      const count = () => void (counts[name] += 1);
      globalThis[name] = class extends globalThis[name] {
        constructor(...given) {
          super(...given);
          count();
        }
      };
    }
    await session.fetch("/site/acme/sites");
    await session.fetch("/site/acme/sites", { method: "GET" });
    return counts;
  });
  assert.deepEqual(built, { Request: 0, AbortController: 0, URL: 0, Headers: 2 });
});

test("a write that nobody may give up gets the engine's own answer, and is listened to by no signal", async () => {
  const tab = await storefront.session();
  await tab.token();
  const seen = await tab.run(async () => {
    const answer = await session.fetch("/cart/acme/carts", { method: "POST", body: "{}" });
    return Object.keys(Object.getOwnPropertyDescriptors(answer));
  });
  assert.deepEqual(seen, []);
});

test("the reasons are ours where the engine rejects with an error of its own", async () => {
  const tab = await storefront.tab();
  const errors = await tab.run(async () => {
    // As WebKit does.
    const own = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("Fetch is aborted", "AbortError"))));
    const late = ({ signal }) => Object.assign(new Response(), { text: () => own({ signal }) });
    await open({ fetch: fetchWith({ "/own": own, "/late": late }) });
    await session.accessToken();
    const errors = [];
    for (const path of ["/own", "/late"]) {
      const controller = new AbortController();
      const call = failure(session.fetch(path, { signal: controller.signal }).then((response) => response.text()));
      await turn();
      controller.abort(new RangeError("enough"));
      errors.push((await call).message);
    }
    const calls = ["/own", "/late"].map((path) => failure(session.fetch(path).then((response) => response.text())));
    await turn();
    await session.login(buyer);
    for (const call of calls) errors.push((await call).code);
    return errors;
  });
  assert.deepEqual(errors, ["enough", "enough", "aborted", "aborted"]);
});

test("a read whose body is still coming is told as overtaken, a clone of it too", async () => {
  const slow = await storefront.serve((request, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*" });
    response.write("the beginning");
  });
  const tab = await storefront.tab();
  const codes = await tab.run(async (slow) => {
    await open({ fetch: fetchWith({ "/shop": ({ signal }) => fetch(slow, { signal }) }) });
    const texts = [];
    for (const copy of [(it) => it, (it) => it.clone()]) texts.push(failure(copy(await session.fetch("/shop")).text()));
    texts.push(failure((await session.fetch("/shop")).json()));
    await session.login(buyer);
    return Promise.all(texts.map(async (text) => (await text).code));
  }, slow);
  assert.deepEqual(codes, Array(3).fill("aborted"));
});

test("the body of a caller's Request is not looked at, and keepalive is told again", async () => {
  const tab = await storefront.tab();
  const [looks, keepalives, status] = await tab.run(async () => {
    let looks = 0;
    // Firefox has no such member.
    const { get } = Object.getOwnPropertyDescriptor(Request.prototype, "body") ?? {};
    Object.defineProperty(Request.prototype, "body", { configurable: true, get() { return (looks += 1), get?.call(this); } });
    const keepalives = [];
    const record = (request, { keepalive }) => {
      keepalives.push(keepalive);
      return new Response("", { status: keepalives.length % 2 ? 401 : 200 });
    };
    await open({ fetch: fetchWith({ "/shop": record }) });
    const form = new FormData();
    form.append("file", new Blob(["0123456789"]), "digits.txt");
    const init = { method: "POST", body: form, keepalive: true };
    await session.fetch(new Request(`${options.apiUrl}/shop`, init));
    const { status } = await session.fetch("/shop", init);
    return [looks, keepalives, status];
  });
  assert.deepEqual([looks, keepalives, status], [0, Array(4).fill(true), 200]);
});

test("nothing is needed that Chrome 100, Firefox 102 and Safari 16 lack", async () => {
  const prepare = () => void delete AbortSignal.any;
  const tab = await storefront.bareTab({ prepare });
  await tab.run(() => load());
  await tab.open();
  const outcome = await tab.run(async (path) => {
    const { signal } = new AbortController();
    return [typeof AbortSignal.any, (await session.fetch(path)).status, (await session.fetch(path, { signal })).status];
  }, PRODUCTS);
  assert.deepEqual(outcome, ["undefined", 200, 200]);
});

test("however many calls are made on one signal, it has one listener, and none when they are done", async () => {
  const tab = await storefront.tab();
  const counts = await tab.run(async (path) => {
    const { signal } = new AbortController();
    const listeners = new Set();
    let most = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (type, listener, ...more) => {
      listeners.add(listener);
      most = Math.max(most, listeners.size);
      addEventListener.call(signal, type, listener, ...more);
    };
    signal.removeEventListener = (type, listener, ...more) => {
      listeners.delete(listener);
      removeEventListener.call(signal, type, listener, ...more);
    };
    await open();
    const fetches = Array.from({ length: 20 }, async () => (await session.fetch(path, { signal })).text());
    const tokens = Array.from({ length: 20 }, () => session.accessToken({ signal }));
    await Promise.all([...fetches, ...tokens]);
    await turn();
    return [most, listeners.size];
  }, PRODUCTS);
  assert.deepEqual(counts, [1, 0]);
});

test("a Request that is given another body keeps its keepalive and where it came from", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const seen = [];
    // Firefox drops keepalive where a Request is made of a Request.
    const Own = Request;
    globalThis.Request = class extends Own {
      #isCopy;
      constructor(input, init) {
        super(input, init);
        this.#isCopy = input instanceof Own && init?.keepalive === undefined;
      }
      get keepalive() {
        return !this.#isCopy && super.keepalive;
      }
    };
    const record = (input, init) => {
      const { keepalive, referrer, referrerPolicy } = new Request(input, init);
      seen.push([keepalive, referrer, referrerPolicy]);
      return new Response("", { status: seen.length === 1 ? 401 : 200 });
    };
    await open({ fetch: (input, init) => (new URL(input.url ?? input).pathname === "/shop" ? record(input, init) : fetch(input, init)) });
    const init = { method: "POST", body: "goods", keepalive: true, referrer: "", referrerPolicy: "no-referrer" };
    await session.fetch(new Request(`${options.apiUrl}/shop`, init), { body: new URLSearchParams("a=1") });
    return seen;
  });
  assert.deepEqual(seen, Array(2).fill([true, "", "no-referrer"]));
});

test("a library's Request with members that are null is sent", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  const status = await tab.run(async (path) => {
    // As whatwg-fetch has them.
    const absent = { mode: null, referrer: null, signal: null, cache: null };
    const request = { ...absent, url: options.apiUrl + path, method: "GET", headers: new Headers(), arrayBuffer: async () => new ArrayBuffer(0) };
    return session.fetch(request).then(({ status }) => status, String);
  }, PRODUCTS);
  assert.equal(status, 200);
  assert.deepEqual(await sandbox.requests(), [GUEST, READ]);
});

test("a body that is a stream of an older make reaches the fetch option as it is", async () => {
  const tab = await storefront.tab();
  const isSame = await tab.run(async () => {
    const body = { pipe: () => {}, on: () => {} };
    let sent;
    await open({
      fetch: async (input, init) => {
        if (!String(input).endsWith("/shop")) return fetch(input, init);
        sent = init;
        return new Response();
      },
    });
    await session.fetch("/shop", { method: "POST", body });
    return sent.body === body;
  });
  assert.equal(isSame, true);
});

test("a test environment's signals, which its fetch refuses, keep no call from being sent or given up", async () => {
  const tab = await storefront.tab();
  const outcome = await tab.run(async (path) => {
    // As Vitest has it: the DOM is jsdom's, fetch and Request are Node's, and Node's take no other signals than Node's.
    const { fetch, Request } = globalThis;
    const check = (init) => {
      if (init?.signal) throw new TypeError("Expected signal to be an instance of AbortSignal");
    };
    globalThis.Request = class extends Request {
      constructor(input, init) {
        check(init);
        super(input, init);
      }
    };
    globalThis.fetch = async (input, init) => {
      check(init);
      return String(input).endsWith("/never") ? new Promise(() => {}) : fetch(input, init);
    };
    await open();
    const statuses = [];
    for (const init of [{}, { method: "POST", body: "{}" }, { signal: new AbortController().signal }])
      statuses.push(await session.fetch(path, init).then(({ status }) => status > 0, String));
    const never = failure(session.fetch("/never"));
    await session.login(buyer);
    return [...statuses, (await never).code];
  }, PRODUCTS);
  assert.deepEqual(outcome, [true, true, true, "aborted"]);
});

test("an engine that does not tell what is collected will do", async () => {
  const tab = await storefront.bareTab({ prepare: () => void delete globalThis.FinalizationRegistry });
  await tab.run(() => load());
  await tab.open();
  assert.equal(await tab.run(async (path) => (await session.fetch(path)).status, PRODUCTS), 200);
});

test("a signal has no listener when the answers are there and have no body", async () => {
  const tab = await storefront.tab();
  const counts = await tab.run(async () => {
    const { signal } = new AbortController();
    const counts = [];
    let count = 0;
    for (const [name, step] of Object.entries({ addEventListener: 1, removeEventListener: -1 })) {
      const own = signal[name];
      const known = new Set();
      signal[name] = (type, listener) => {
        own.call(signal, type, listener);
        known.add(listener);
        count = step > 0 ? known.size : 0;
      };
    }
    const answer = (request) => new Response(null, { status: request.method === "HEAD" ? 200 : 204 });
    await open({ fetch: fetchWith({ "/shop": answer }) });
    for (const method of ["HEAD", "DELETE", "PUT"]) {
      await session.fetch("/shop", { method, signal });
      counts.push(count);
    }
    return counts;
  });
  assert.deepEqual(counts, [0, 0, 0]);
});

test("a session that is closed sends nothing", async () => {
  const tab = await storefront.tab();
  const [codes, sent] = await tab.run(async () => {
    let sent = 0;
    await open({ fetch: async () => ((sent += 1), new Response()) });
    session.close();
    const calls = [["/shop"], ["https://elsewhere.example/"], ["/shop", { headers: { Authorization: "Basic eDp5" } }]];
    const codes = [];
    for (const call of calls) codes.push((await failure(session.fetch(...call))).code);
    return [codes, sent];
  });
  assert.deepEqual([codes, sent], [Array(3).fill("closed"), 0]);
});
