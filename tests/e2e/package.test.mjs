// The npm package in a real browser, over HTTP and CORS: what only JavaScript can see.

import assert from "node:assert/strict";
import { test } from "node:test";

import { build } from "esbuild";

import { root } from "../../tools/lib/run.mjs";
import { GUEST, GUEST_REFRESH, KEY, LOGIN, LOGOUT, REFRESH, useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();

test("one sessionId from the first token to logout, and not one request too many", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  assert.deepEqual(await sandbox.requests(), [], "open makes no request");

  await tab.token();
  assert.deepEqual(await sandbox.requests(), [GUEST]);
  const { sessionId } = await tab.snapshot();

  const guestCart = await tab.run(async () => {
    const body = JSON.stringify({ siteCode: "main", currency: "EUR" });
    const headers = { "Content-Type": "application/json" };
    const { cartId } = await (await session.fetch("/cart/acme/carts", { method: "POST", headers, body })).json();
    const [{ yrn, price }] = await (await session.fetch("/product/acme/products")).json();
    const item = JSON.stringify({ itemYrn: yrn, price, quantity: 2 });
    await session.fetch(`/cart/acme/carts/${cartId}/items?siteCode=main`, { method: "POST", headers, body: item });
    return cartId;
  });
  await sandbox.requests();

  await tab.login();
  assert.deepEqual(await sandbox.requests(), [LOGIN]);
  const saas = await tab.run(() => session.saasToken());
  assert.ok(saas);

  const quantity = await tab.run(async (guestCart) => {
    const { id } = await (await session.fetch("/cart/acme/carts?siteCode=main&create=true")).json();
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ carts: [guestCart] });
    await session.fetch(`/cart/acme/carts/${id}/merge`, { method: "POST", headers, body });
    const items = await (await session.fetch(`/cart/acme/carts/${id}/items?siteCode=main`)).json();
    return items[0].quantity;
  }, guestCart);
  assert.equal(quantity, 2, "the guest's cart is the customer's");
  await sandbox.requests();

  for (const company of ["le-north", "le-south", null]) {
    await tab.run((company) => session.switchLegalEntity(company), company);
    const [renewal, ...more] = await sandbox.requests();
    assert.equal(renewal, REFRESH);
    const confirmation = company === null ? ["GET /customer/validateauthtoken customer 200"] : [];
    assert.deepEqual(more, confirmation);
    assert.equal((await tab.snapshot()).legalEntityId, company ?? undefined);
  }
  await tab.run(() => session.switchLegalEntity("le-north"));
  await tab.run(() => session.refresh());
  assert.deepEqual(await sandbox.requests(), [REFRESH, REFRESH]);
  assert.equal(await tab.run(() => session.saasToken()), saas, "carried across refreshes");

  const before = [await tab.token(), await tab.snapshot()];
  await tab.page.reload();
  await tab.run(() => load());
  await tab.open();
  assert.deepEqual([await tab.token(), await tab.snapshot()], before, "a reload goes on");
  const other = await storefront.session();
  assert.deepEqual([await other.token(), await other.snapshot()], before, "so does a second tab");
  assert.deepEqual(await sandbox.requests(), []);
  assert.equal(before[1].sessionId, sessionId);

  await tab.run(() => session.logout());
  assert.deepEqual(await sandbox.requests(), [LOGOUT]);
  const stored = await tab.stored();
  for (const secret of [...tab.secrets, sessionId]) assert.ok(!stored.includes(secret), "a secret is still stored");
});

test("the package has what its types promise, and every function is bound", async () => {
  const tab = await storefront.session();
  const members = await tab.run(() => {
    const names = [
      ..."getSnapshot subscribe on signal accessToken fetch login refresh switchLegalEntity legalEntities".split(" "),
      ..."validate hasScope saasToken checkoutHeaders adopt adoptFromUrl logout close".split(" "),
    ];
    return names.filter((name) => typeof session[name] !== (name === "signal" ? "object" : "function"));
  });
  assert.deepEqual(members, []);

  await tab.run(async () => {
    const { getSnapshot, subscribe, accessToken, fetch, login, refresh, switchLegalEntity } = session;
    const { legalEntities, validate, hasScope, saasToken, checkoutHeaders, logout, close } = session;
    const check = (what, ok) => {
      if (!ok) throw new Error(what);
    };
    check("getSnapshot", getSnapshot().kind === "anonymous");
    subscribe(() => {})();
    check("accessToken", typeof (await accessToken()) === "string");
    check("fetch", (await fetch("/product/acme/products")).ok);
    check("login", (await login(buyer)) === getSnapshot());
    check("refresh", (await refresh()) === getSnapshot());
    check("switch", (await switchLegalEntity("le-north")) === getSnapshot());
    check("entities", (await legalEntities()).map(({ id }) => id).join() === "le-north,le-south");
    check("scope before", hasScope("order.history_view") === undefined);
    const info = await validate();
    check("company", info.legalEntityId === "le-north" && info.sessionId === getSnapshot().sessionId);
    check("scope after", hasScope("order.history_view") === true && hasScope("order.history_read") === true);
    check("no scope", hasScope("moon.walk") === false);
    check("saas", saasToken().split(".").length === 3);
    check("checkout", (await checkoutHeaders({ customer: true }))["saas-token"] === saasToken());
    check("logout", (await logout()) === undefined && saasToken() === undefined);
    check("scopes of nobody", hasScope("order.history_view") === undefined);
    close();
  });
});

test("the snapshot is one frozen object until something changes, and holds no secret", async () => {
  const tab = await storefront.session();
  const seen = await tab.run(async () => {
    const steps = { open: () => {}, token: session.accessToken, cached: session.accessToken };
    steps.login = () => session.login(buyer);
    steps.validate = session.validate;
    steps.refresh = session.refresh;
    steps.company = () => session.switchLegalEntity("le-south");
    steps.same = () => session.switchLegalEntity("le-south");
    steps.refused = () => session.switchLegalEntity("le-nobody").catch(() => {});
    steps.logout = session.logout;
    const rows = {};
    let last = session.getSnapshot();
    let wasBusy;
    session.subscribe(({ type }) => (wasBusy ||= type === "busy"));
    for (const step in steps) {
      wasBusy = false;
      await steps[step]();
      const now = session.getSnapshot();
      const isKept = now === session.getSnapshot();
      rows[step] = { isKept, isFrozen: Object.isFrozen(now), isNew: now !== last };
      // What a person waits for is shown in between.
      rows[step].isOther = wasBusy || JSON.stringify(now) !== JSON.stringify(last);
      told.push(now);
      last = now;
    }
    return rows;
  });
  for (const [step, { isKept, isFrozen, isNew, isOther }] of Object.entries(seen)) {
    assert.ok(isKept && isFrozen, step);
    assert.equal(isNew, isOther, `${step}: a new object exactly where something is new`);
  }
  const changes = Object.keys(seen).filter((step) => seen[step].isNew);
  for (const step of ["token", "login", "company", "logout"]) assert.ok(changes.includes(step), step);
  for (const step of ["open", "cached", "validate"]) assert.ok(!changes.includes(step), step);
});

test("events come with type, reason, origin and both snapshots, after the snapshot was replaced", async () => {
  const tab = await storefront.session();
  const rows = await tab.run(async () => {
    const rows = [];
    const end = session.subscribe((event) => {
      const { type, reason, origin, snapshot, previous } = event;
      rows.push({
        what: `${type} ${reason} ${origin}`,
        isCurrent: session.getSnapshot() === snapshot,
        isFollowed: rows.length === 0 || rows.at(-1).snapshot === previous,
        isFrozen: [event, snapshot, previous].every(Object.isFrozen),
        keys: Object.keys(event).sort().join(),
        snapshot,
      });
    });
    await session.accessToken();
    await session.login(buyer);
    await session.switchLegalEntity("le-north");
    await session.refresh();
    await session.logout();
    end();
    await session.accessToken();
    return rows.map(({ snapshot, ...row }) => row);
  });
  assert.deepEqual(
    rows.map(({ what }) => what),
    [
      "started needed local",
      "busy requested local",
      "login requested local",
      "busy requested local",
      "busy requested local",
      "switched requested local",
      "busy requested local",
      "renewed requested local",
      "busy requested local",
      "logout requested local",
      "revocation requested local",
      "busy requested local",
    ],
  );
  for (const { what, isCurrent, isFollowed, isFrozen, keys } of rows) {
    // A logout is in force before anybody hears that the page is busy with it.
    assert.ok(isCurrent || what.startsWith("busy"), `${what}: getSnapshot() is the event's`);
    assert.ok(isFollowed, `${what}: previous is what was before`);
    assert.ok(isFrozen, `${what}: frozen`);
    const remote = what.startsWith("revocation") ? ["remote"] : [];
    assert.equal(keys, ["origin", "previous", "reason", ...remote, "snapshot", "type"].join());
  }
});

test("a listener that throws harms nobody, and is reported", async () => {
  const tab = await storefront.session();
  const heard = await tab.run(async () => {
    const heard = [];
    const reported = [];
    addEventListener("error", (event) => reported.push(event.error.message));
    session.subscribe(() => {
      throw new Error("from a listener");
    });
    session.subscribe(({ type }) => heard.push(type));
    await session.accessToken();
    return [heard, reported];
  });
  assert.deepEqual(heard, [["started"], ["from a listener"]]);
});

test("a listener whose promise is rejected harms nobody, and is reported", async () => {
  const tab = await storefront.session();
  const reported = await tab.run(async () => {
    const reported = new Promise((resolve) => addEventListener("error", (event) => resolve(event.error.message)));
    session.subscribe(async () => {
      throw new Error("from a listener");
    });
    await session.accessToken();
    return reported;
  });
  assert.equal(reported, "from a listener");
});

test("where a listener changes something, all hear in the same order, and who was ended hears no more", async () => {
  const tab = await storefront.session();
  const heard = await tab.run(async () => {
    const heard = [];
    const hear = (name) => session.subscribe(({ type, previous, snapshot }) => heard.push([name, type, previous.kind, snapshot.kind].join(" ")));
    let done;
    session.subscribe(({ type }) => {
      if (type !== "login") return;
      endSecond();
      done = session.logout();
    });
    const endSecond = hear("second");
    hear("third");
    await session.accessToken();
    await session.login(buyer);
    await done;
    return heard;
  });
  const third = ["started anonymous anonymous", "busy anonymous anonymous", "login anonymous customer", "busy customer customer"];
  assert.deepEqual(
    heard.filter((line) => line.startsWith("second")),
    third.slice(0, 2).map((line) => `second ${line}`),
  );
  assert.deepEqual(
    heard.filter((line) => line.startsWith("third")).slice(0, third.length + 1),
    [...third, "logout customer anonymous"].map((line) => `third ${line}`),
  );
});

test("a listener heard twice is ended one at a time, and may end itself while it is told", async () => {
  const tab = await storefront.session();
  const calls = await tab.run(async () => {
    const calls = [];
    const twice = () => calls.push("twice");
    const ends = [session.subscribe(twice), session.subscribe(twice)];
    const endOnce = session.subscribe(() => {
      calls.push("once");
      endOnce();
      session.subscribe(() => calls.push("late"));
    });
    await session.accessToken();
    ends[0]();
    ends[0]();
    await session.refresh();
    return calls;
  });
  assert.deepEqual(
    calls.filter((call) => call !== "late"),
    ["twice", "twice", "once", "twice"],
  );
});

test("a listener may call the session", async () => {
  const tab = await storefront.session();
  await tab.token();
  const [saas, scope, isNew] = await tab.run(async () => {
    const former = await session.accessToken();
    const heard = new Promise((resolve) => {
      session.on("login", () => resolve([session.saasToken(), session.hasScope("x"), session.accessToken()]));
    });
    await session.login(buyer);
    const [saas, scope, token] = await heard;
    return [typeof saas, typeof scope, (await token) !== former];
  });
  assert.deepEqual([saas, scope, isNew], ["string", "undefined", true]);
});

test("the signal fires and the identity changes at login, switch and logout, never at a renewal", async () => {
  const tab = await storefront.session();
  const rows = await tab.run(async () => {
    const steps = {
      token: session.accessToken,
      renewal: session.refresh,
      login: () => session.login(buyer),
      customerRenewal: session.refresh,
      company: () => session.switchLegalEntity("le-north"),
      sameCompany: () => session.switchLegalEntity("le-north"),
      refusedCompany: () => failure(session.switchLegalEntity("le-nobody")),
      noCompany: () => session.switchLegalEntity(null),
      logout: session.logout,
      logoutAgain: session.logout,
    };
    const rows = {};
    for (const step in steps) {
      const { signal } = session;
      const { identity } = session.getSnapshot();
      await steps[step]();
      rows[step] = [signal.aborted, signal !== session.signal, identity !== session.getSnapshot().identity];
      if (session.signal.aborted) throw new Error("the signal in force has fired");
    }
    return rows;
  });
  const fired = ["login", "company", "noCompany", "logout"];
  for (const step in rows) assert.deepEqual(rows[step], Array(3).fill(fired.includes(step)), step);
});

test("the signal's listeners see the new snapshot", async () => {
  const tab = await storefront.session();
  const kind = await tab.run(async () => {
    const kind = new Promise((resolve) => {
      session.signal.addEventListener("abort", () => resolve(session.getSnapshot().kind));
    });
    await session.login(buyer);
    return kind;
  });
  assert.equal(kind, "customer");
});

test("the same options give the same object, counted; after the last close it opens anew", async () => {
  const tab = await storefront.tab();
  const seen = await tab.run(async () => {
    const [one, two] = await Promise.all([SessionManager.open(options), SessionManager.open({ ...options })]);
    const three = await SessionManager.open(options);
    const others = await Promise.all(
      [{ clientId: "other" }, { storage: "memory" }, { storage: "session" }, { timeoutMs: 9 }, { now: () => 0 }].map(
        (more) => SessionManager.open({ ...options, ...more }),
      ),
    );
    const token = await one.accessToken();
    one.close();
    two[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
    const stillOpen = (await three.accessToken()) === token;
    three.close();
    const closed = await failure(three.accessToken());
    const again = await SessionManager.open(options);
    return {
      isSame: one === two && two === three,
      areOthers: new Set([one, ...others]).size === 6,
      stillOpen,
      closed: closed.code,
      isNew: again !== one,
      sameToken: (await again.accessToken()) === token,
      sameSession: again.getSnapshot().sessionId === one.getSnapshot().sessionId,
    };
  });
  assert.deepEqual(seen, {
    isSame: true,
    areOthers: true,
    stillOpen: true,
    closed: "closed",
    isNew: true,
    sameToken: true,
    sameSession: true,
  });
  assert.deepEqual(await storefront.sandbox.requests(), [GUEST]);
});

test("an address may be a URL object, and then it is the same session", async () => {
  const tab = await storefront.tab();
  const isSame = await tab.run(async () => {
    const apiUrl = new URL(options.apiUrl);
    const [one, two] = await Promise.all([1, 2].map(() => SessionManager.open({ ...options, apiUrl })));
    await one.accessToken();
    const text = await SessionManager.open(options);
    return one === two && (await text.accessToken()) === (await one.accessToken());
  });
  assert.ok(isSame);
  assert.deepEqual(await storefront.sandbox.requests(), [GUEST]);
});

test("an address is the same session in each of its spellings", async () => {
  const tab = await storefront.tab();
  const count = await tab.run(async () => {
    const { host, port } = new URL(options.apiUrl);
    const spellings = [`http://${host}/`, `HTTP://${host}//`, `http://127.1:${port}`, `http://${host}/a/../.`, `http://127.0.0.1.:${port}`];
    const frame = document.documentElement.appendChild(document.createElementNS("http://www.w3.org/1999/xhtml", "iframe"));
    const others = [new URL(options.apiUrl), new frame.contentWindow.URL(options.apiUrl)];
    const sessions = [await SessionManager.open(options)];
    for (const apiUrl of [...spellings, ...others]) sessions.push(await SessionManager.open({ ...options, apiUrl }));
    await sessions.at(-1).accessToken();
    return new Set(sessions).size;
  });
  assert.equal(count, 1);
  assert.deepEqual(await storefront.sandbox.requests(), [GUEST]);
});

test("options that mean the same are the same", async () => {
  const tab = await storefront.tab();
  const isSame = await tab.run(async () => {
    const spelled = { ...options, storage: "local", timeoutMs: 15_000, context: {}, now: undefined, fetch: null, wasm: null, place: "server" };
    const context = Object.create({ currency: undefined, language: null });
    return new Set(await Promise.all([options, spelled, { ...options, context }].map((it) => SessionManager.open(it)))).size === 1;
  });
  assert.ok(isSame);
});

test("an open that is late leaves no instance behind that listens or goes on", async () => {
  const tab = await storefront.bareTab();
  await tab.run(() => {
    globalThis.channels = new Set();
    globalThis.opened = new Promise((resolve) => {
      globalThis.BroadcastChannel = class extends BroadcastChannel {
        constructor(name) {
          super(name);
          channels.add(this);
          resolve();
        }
        close() {
          super.close();
          channels.delete(this);
        }
      };
    });
    return load();
  });
  const [code, left] = await tab.run(async () => {
    let arrive;
    const wasm = new Promise((resolve) => (arrive = resolve));
    const { code } = await failure(SessionManager.open({ ...options, wasm, timeoutMs: 1 }));
    arrive("/storefront-session/storefront_session_bg.wasm");
    await opened;
    // What was begun first is through when the second is.
    (await SessionManager.open(options)).close();
    return [code, channels.size];
  });
  assert.deepEqual([code, left], ["timeout", 0]);
});

test("a failed open leaves nothing behind: the next one with the same options fails or works for itself", async () => {
  const tab = await storefront.tab();
  const codes = await tab.run(async () => {
    const bad = { ...options, tenant: "Acme" };
    const errors = await Promise.all([1, 2].map(() => failure(SessionManager.open(bad))));
    errors.push(await failure(SessionManager.open(bad)));
    await open();
    return errors.map(({ code }) => code);
  });
  assert.deepEqual(codes, Array(3).fill("invalid_argument"));
});

test("close rejects calls under way with closed, and every later one; what was granted is stored", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "hold" });
  await tab.run(() => {
    globalThis.underWay = [
      failure(session.accessToken()),
      failure(session.fetch("/product/acme/products")),
      failure(session.login(buyer)),
      failure(session.refresh()),
    ];
  });
  await sandbox.asked(/anonymous\/login/);
  const codes = await tab.run(async () => {
    session.close();
    const { accessToken, fetch, login, refresh, logout, validate, legalEntities, switchLegalEntity } = session;
    const later = [
      accessToken(),
      fetch("/product/acme/products"),
      login(buyer),
      refresh(),
      logout(),
      validate(),
      legalEntities(),
      switchLegalEntity(null),
    ];
    const errors = await Promise.all([...underWay, ...later.map(failure)]);
    session.close();
    session.hasScope("x");
    session.saasToken();
    session.getSnapshot();
    return errors.map(({ code, isSessionError }) => isSessionError && code);
  });
  assert.deepEqual(codes, Array(12).fill("closed"));

  await sandbox.release();
  await tab.page.waitForFunction((key) => localStorage.getItem(key)?.includes('"token"'), KEY);
  await sandbox.requests();
  await tab.open();
  await tab.token();
  assert.deepEqual(await sandbox.requests(), [], "the answer that came after close was kept");
  assert.deepEqual(tab.troubles, []);
});

test("close rejects an API call that is under way with closed", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.fault({ path: "/product/acme/products", times: 1, kind: "hold" });
  await tab.run(() => {
    const code = ({ status, code }) => code ?? status;
    globalThis.read = session.fetch("/product/acme/products").then(code, code);
  });
  await sandbox.asked(/products/);
  await tab.run(() => session.close());
  await sandbox.release();
  assert.equal(await tab.run(() => read), "closed");
});

test("each bad option is named before any request, in an error of the package's own", async () => {
  const tab = await storefront.tab();
  const cases = await tab.run(async () => {
    const bad = {
      "tenant 1": { tenant: undefined },
      "tenant 2": { tenant: "Acme Corp" },
      "tenant 3": { tenant: Symbol("acme") },
      "clientId 1": { clientId: "" },
      "clientId 2": { clientId: 7 },
      "apiUrl 1": { apiUrl: "api.example.com" },
      "apiUrl 2": { apiUrl: new URL("ftp://example.com") },
      "apiUrl 3": { apiUrl: {} },
      "context 1": { context: "EUR" },
      "context.language 1": { context: { language: {} } },
      "storage 1": { storage: "cookie" },
      "storage 2": { storage: { getItem() {} } },
      "timeoutMs 1": { timeoutMs: -1 },
      "timeoutMs 2": { timeoutMs: Infinity },
      "now 1": { now: 1 },
      "fetch 1": { fetch: "fetch" },
    };
    const rows = [];
    for (const name in bad) {
      const error = await failure(() => SessionManager.open({ ...options, ...bad[name] }));
      rows.push({ ...error, name, ownName: error.name });
    }
    return rows;
  });
  for (const { name, code, field, ownName, isError, isSessionError, message, retryable } of cases) {
    assert.equal(code, "invalid_argument", `${name}: ${message}`);
    assert.equal(field, name.split(" ")[0]);
    assert.equal(ownName, "SessionError");
    assert.ok(isError && isSessionError && message.includes(field), name);
    assert.equal(retryable, false);
  }
  assert.deepEqual(await storefront.sandbox.requests(), []);
});

test("options that are no object are named as well", async () => {
  const tab = await storefront.tab();
  const errors = await tab.run(() =>
    Promise.all([undefined, null, 7, "acme", true].map((it) => failure(() => SessionManager.open(it)))),
  );
  for (const { code, field, message } of errors)
    assert.deepEqual([code, field], ["invalid_argument", "options"], message);
});

test("options of a wrong type are named, whatever the type", async () => {
  const tab = await storefront.tab();
  const errors = await tab.run(async () => {
    const circular = {};
    circular.self = circular;
    const bad = [{ timeoutMs: 10n }, { timeoutMs: "soon" }, { timeoutMs: Symbol("soon") }, { tenant: circular }];
    return Promise.all(bad.map((more) => failure(() => SessionManager.open({ ...options, ...more }))));
  });
  const fields = errors.map(({ field }) => field);
  assert.deepEqual(fields, ["timeoutMs", "timeoutMs", "timeoutMs", "tenant"], JSON.stringify(errors));
  assert.deepEqual(tab.troubles, []);
});

test("a bad option is no less bad when the same storefront is open already", async () => {
  const tab = await storefront.session();
  const fields = await tab.run(async () => {
    const bad = [{ context: "EUR" }, { timeoutMs: NaN }, { timeoutMs: Infinity }];
    const errors = await Promise.all(bad.map((more) => failure(() => SessionManager.open({ ...options, ...more }))));
    return errors.map(({ field }) => field);
  });
  assert.deepEqual(fields, ["context", "timeoutMs", "timeoutMs"]);
});

test("every time-out that open takes works", async () => {
  const tab = await storefront.tab();
  const types = await tab.run(async () => {
    const types = [];
    for (const timeoutMs of [15_000.5, 86_400_000, 300_000_000, 2_147_483_647]) {
      const session = await SessionManager.open({ ...options, timeoutMs });
      types.push(typeof (await session.accessToken({ signal: new AbortController().signal })));
      await session.refresh();
    }
    return types;
  });
  assert.deepEqual(types, Array(4).fill("string"));
});

test("each bad argument is named before any request", async () => {
  const tab = await storefront.session();
  const errors = await tab.run(async () => {
    const calls = {
      "email 1": () => session.login(),
      "email 2": () => session.login({ password: "x" }),
      "email 3": () => session.login({ email: 7, password: "x" }),
      "password 1": () => session.login({ email: "a@example.com" }),
      "password 2": () => session.login({ email: "a@example.com", password: "" }),
      "legalEntityId 1": () => session.switchLegalEntity(),
      "legalEntityId 2": () => session.switchLegalEntity(7),
      "legalEntityId 3": () => session.switchLegalEntity(" "),
      "listener 1": () => session.subscribe(),
      "listener 2": () => session.subscribe({ handleEvent() {} }),
      "scope 1": () => session.hasScope(),
    };
    const rows = [];
    for (const name in calls) rows.push([name, await failure(calls[name])]);
    return rows;
  });
  for (const [name, { code, field, isSessionError }] of errors) {
    assert.deepEqual([code, field, isSessionError], ["invalid_argument", name.split(" ")[0], true], name);
  }
  assert.deepEqual(await storefront.sandbox.requests(), []);
});

test("what is for customers only says so without a request, and a second login as well", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  const codes = await tab.run(async () => {
    const calls = [session.switchLegalEntity("le-north"), session.legalEntities(), session.validate()];
    return (await Promise.all(calls.map(failure))).map(({ code }) => code);
  });
  assert.deepEqual(codes, Array(3).fill("login_required"));
  assert.deepEqual(await sandbox.requests(), []);
  await tab.login();
  await sandbox.requests();
  const error = await tab.run(() => failure(session.login({ ...buyer, email: "solo@example.com" })));
  assert.equal(error.code, "invalid_state");
  assert.deepEqual(await sandbox.requests(), []);
});

test("errors say what the platform answered, and whether to try again", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await tab.token();
  await sandbox.requests();
  const wrong = await tab.run(() =>
    failure(session.login({ email: "buyer@example.com", password: "not-the-password" })),
  );
  assert.deepEqual([wrong.code, wrong.status, wrong.retryable], ["invalid_credentials", 401, false]);
  assert.deepEqual(await sandbox.requests(), ["POST /customer/login anonymous 401"]);
  await sandbox.fault({ path: "/customer/acme/login", times: 1, kind: "status", status: 429, retryAfter: 7 });
  const limited = await tab.run(() => failure(session.login(buyer)));
  assert.deepEqual(
    [limited.code, limited.status, limited.retryable, limited.retryAfterMs],
    ["rate_limited", 429, true, 7_000],
  );
  await tab.login();
  const refused = await tab.run(() => failure(session.switchLegalEntity("le-nobody")));
  assert.deepEqual([refused.code, refused.retryable], ["legal_entity_refused", false]);
  assert.ok([wrong, limited, refused].every(({ isSessionError, name }) => isSessionError && name === "SessionError"));
});

test("a hundred cold callers cost one request, and afterwards none", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  const count = await tab.run(async () => {
    const tokens = await Promise.all(Array.from({ length: 100 }, () => session.accessToken()));
    for (let i = 0; i < 100; i += 1) tokens.push(await session.accessToken());
    return new Set(tokens).size;
  });
  assert.equal(count, 1);
  assert.deepEqual(await sandbox.requests(), [GUEST]);
});

test("a caller that gives up is alone in it: the request completes and its answer is stored", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 1, kind: "hold" });
  await tab.run(() => {
    globalThis.controller = new AbortController();
    globalThis.impatient = failure(session.accessToken({ signal: controller.signal }));
    globalThis.patient = session.accessToken();
  });
  await sandbox.asked(/anonymous\/login/);
  const error = await tab.run(() => {
    controller.abort();
    return impatient;
  });
  assert.deepEqual([error.code, error.isSessionError], ["aborted", true]);
  await sandbox.release();
  const tokens = await tab.run(async () => [await patient, await session.accessToken()]);
  assert.equal(tokens[0], tokens[1]);
  await tab.page.reload();
  await tab.run(() => load());
  await tab.open();
  assert.equal(await tab.token(), tokens[0]);
  assert.deepEqual(await sandbox.requests(), [GUEST]);
});

test("a caller that has given up beforehand makes no request", async () => {
  const tab = await storefront.session();
  const errors = await tab.run(async () => {
    const signal = AbortSignal.abort();
    return [
      await failure(session.accessToken({ signal })),
      await failure(session.fetch("/product/acme/products", { signal })),
    ];
  });
  assert.equal(errors[0].code, "aborted");
  assert.equal(errors[1].name, "AbortError");
  await tab.run(() => failure(session.validate()));
  assert.deepEqual(await storefront.sandbox.requests(), []);
});

test("a caller that has given up leaves no rejection that nobody handles", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.session();
  await sandbox.fault({ path: "/customerlogin/auth/anonymous/login", times: 9, kind: "status", status: 503 });
  const unhandled = await tab.run(async () => {
    const unhandled = [];
    // Told in order, so a last one of the test's own says that no more are to come.
    const last = new Promise((resolve) => {
      addEventListener("unhandledrejection", ({ reason }) => (reason === "last" ? resolve() : unhandled.push(reason.code)));
    });
    const signal = AbortSignal.abort();
    await failure(session.accessToken({ signal }));
    await failure(session.fetch("/product/acme/products", { signal }));
    await failure(session.accessToken());
    Promise.reject("last");
    await last;
    return unhandled;
  });
  assert.deepEqual(unhandled, []);
});

test("a signal that is none is a bad argument", async () => {
  const tab = await storefront.session();
  const error = await tab.run(() => failure(() => session.accessToken({ signal: {} })));
  assert.deepEqual([error.isSessionError, error.code], [true, "invalid_argument"], error.message);
});

test("the token at hand is dropped at the very moment of a login", async () => {
  const tab = await storefront.tab();
  const stale = await tab.run(async () => {
    // The login's answer is read in the test's own time, so that a call for the token can meet it at every tick.
    let arrive;
    const arrived = new Promise((resolve) => (arrive = resolve));
    let answer = arrived;
    const held = async (request) => {
      const response = await fetch(request);
      const body = await response.text();
      response.text = () => new Promise((resolve) => answer({ resolve: () => resolve(body) }));
      return response;
    };
    const stale = [];
    for (let ticks = -15; ticks <= 15; ticks += 1) {
      let arrived;
      const reading = new Promise((resolve) => (answer = resolve));
      const session = await SessionManager.open({
        ...options,
        storage: "memory",
        fetch: fetchWith({ "/customer/acme/login": held }),
        context: { language: `l${ticks + 99}` },
      });
      const { signal } = new AbortController();
      const former = await session.accessToken();
      const login = session.login(buyer);
      arrived = await reading;
      const wait = async (count) => {
        for (let i = 0; i < count; i += 1) await undefined;
      };
      const asking = wait(Math.max(0, ticks)).then(() => session.accessToken({ signal }));
      await wait(Math.max(0, -ticks));
      arrived.resolve();
      await Promise.all([asking, login]);
      if ((await session.accessToken()) === former) stale.push(ticks);
      session.close();
    }
    return stale;
  });
  assert.deepEqual(stale, []);
});

test("after expiry of both clocks a guest is renewed with one refresh, and keeps the session", async () => {
  const { sandbox } = storefront;
  const tab = await storefront.tab();
  await tab.run(async () => {
    globalThis.offset = 0;
    await open({ now: () => Date.now() + offset });
    await session.accessToken();
  });
  const { sessionId } = await tab.snapshot();
  await sandbox.requests();
  await sandbox.advance(3700);
  await tab.run(async () => {
    offset = 3_700_000;
    await Promise.all(Array.from({ length: 20 }, () => session.accessToken()));
  });
  assert.deepEqual(await sandbox.requests(), [GUEST_REFRESH]);
  assert.equal((await tab.snapshot()).sessionId, sessionId);
});

test("the saas token ends by its own clock", async () => {
  const tab = await storefront.tab();
  const [before, ends, after] = await tab.run(async () => {
    globalThis.offset = 0;
    await open({ now: () => Date.now() + offset });
    await session.login(buyer);
    const before = typeof session.saasToken();
    const ends = session.getSnapshot().saasExpiresAt;
    offset = ends - Date.now() + 1_000;
    return [before, typeof ends, typeof session.saasToken()];
  });
  assert.deepEqual([before, ends, after], ["string", "number", "undefined"]);
});

// Clocks of tests

async function useEverything() {
  await session.accessToken();
  await session.accessToken({ signal: session.signal });
  await session.login(buyer);
  await (await session.fetch("/product/acme/products")).json();
  localStorage.clear();
  await session.accessToken();
  await session.refresh();
  await session.switchLegalEntity("le-north");
  await session.legalEntities();
  await session.validate();
  await session.logout();
  await session.accessToken();
  session.close();
  // The database knows of a record that the next session waits for, by a clock that stands still.
  localStorage.clear();
  await open();
  await session.accessToken();
  session.close();
  return events.map(({ type }) => type).filter((type) => type !== "busy").join();
}

const EVERYTHING = "started,login,storage,renewed,switched,logout,revocation,started,started";

for (const when of ["before", "after"]) {
  test(`under sinon's clock, set ${when} the import, open and every call that is answered settle`, async () => {
    const source = `import { install } from "@sinonjs/fake-timers"; globalThis.setClock = () => install({ now: 0 });`;
    const stdin = { contents: source, resolveDir: root };
    const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", external: ["util", "timers*"] });
    const tab = await storefront.bareTab();
    await tab.page.evaluate(outputFiles[0].text);
    if (when === "before") await tab.run(() => void setClock());
    await tab.run(() => load());
    if (when === "after") await tab.run(() => void setClock());
    await tab.run(() => open());
    assert.equal(await tab.run(useEverything), EVERYTHING);
  });
}

test("under Playwright's clock, paused, open and every call that is answered settle", async () => {
  const tab = await storefront.bareTab();
  await tab.page.clock.install({ time: 1_000 });
  await tab.page.clock.pauseAt(2_000);
  await tab.run(() => load());
  await tab.run(() => open());
  assert.equal(await tab.run(useEverything), EVERYTHING);
});

test("a timer that is no object and never rings is in nobody's way", async () => {
  const tab = await storefront.bareTab();
  await tab.run(() => {
    globalThis.setTimeout = globalThis.clearTimeout = globalThis.queueMicrotask = () => {};
    return load();
  });
  await tab.run(() => open());
  assert.equal(await tab.run(useEverything), EVERYTHING);
});
