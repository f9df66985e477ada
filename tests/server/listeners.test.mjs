// Who listens to a session and what it is busy with: the same in a page's session, which Node opens here, and in a visitor's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SessionManager } from "storefront-session";

import { buyer, codeOf, cookieOf, useShop } from "./lib/shop.mjs";

const shop = useShop();

const sessions = {
  "a page's session": (more) => SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: shop.sandbox.url, now: shop.now, ...more }),
  "a visitor's session": async (more) => (await shop.host(more).visit(null)).session,
};

const REFRESH = "/customer/acme/refreshauthtoken";
const hold = (path) => shop.sandbox.fault({ path, kind: "hold", times: 1 });
const release = () => shop.sandbox.release();
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What the session is busy with, as its listeners are told. */
function watch(session) {
  const told = [];
  const end = session.on("busy", (event) => {
    assert.deepEqual([event.reason, event.origin, Object.isFrozen(event)], ["requested", "local", true]);
    told.push(event.snapshot.busy);
  });
  return { told, end };
}

const customerTokens = async () => {
  const session = await sessions["a page's session"]();
  await session.login(buyer);
  const tokens = { accessToken: await session.accessToken(), validate: false };
  session.close();
  return tokens;
};

test("a visitor's session has the members of a page's, and the shared guest refuses each of its methods or has it", async () => {
  const [page, visitor] = await Promise.all(Object.values(sessions).map((open) => open()));
  assert.deepEqual(Object.keys(visitor).sort(), Object.keys(page).sort());
  const methods = Object.keys(page).filter((name) => typeof page[name] === "function");
  const { shared } = shop.host();
  assert.deepEqual(methods.filter((name) => typeof shared[name] !== "function"), []);
  page.close();
});

for (const [name, open] of Object.entries(sessions)) {
  test(`${name} says in the turn of the call what it is busy with, and no more when the call has settled`, async () => {
    const session = await open();
    const { told } = watch(session);
    const adopted = await customerTokens();
    const calls = [
      ["login", () => session.login(buyer)],
      ["switching", () => session.switchLegalEntity("le-north")],
      ["switching", () => session.switchLegalEntity(null)],
      ["logout", () => session.logout()],
      ["login", () => session.adopt(adopted)],
      ["logout", () => session.logout()],
    ];
    for (const [busy, call] of calls) {
      const before = session.getSnapshot();
      assert.ok(!("busy" in before));
      const result = call();
      const during = session.getSnapshot();
      // A page has ended the session by then.
      if (busy === "logout") assert.equal(during.busy, busy);
      else assert.deepEqual(during, { ...before, busy });
      assert.ok(Object.isFrozen(during));
      assert.equal(session.getSnapshot(), during, "the same object until something changes");
      const value = await result;
      assert.ok(!("busy" in session.getSnapshot()), busy);
      if (busy !== "logout") assert.equal(value, session.getSnapshot());
    }
    assert.deepEqual(told, calls.flatMap(([busy]) => [busy, undefined]));
    session.close();
  });

  test(`${name} is not busy with what nobody waits for`, async () => {
    const session = await open();
    const { told } = watch(session);
    await session.accessToken();
    await session.login(buyer);
    told.length = 0;
    const calls = [session.refresh(), session.validate(), session.legalEntities(), session.accessToken(), session.checkoutHeaders(), session.adoptFromUrl("https://shop.example/?a=1")];
    assert.ok(!("busy" in session.getSnapshot()));
    await Promise.all(calls);
    assert.deepEqual(told, []);
    session.close();
  });

  test(`${name} is busy while an address hands tokens over`, async () => {
    const session = await open();
    const { told } = watch(session);
    const { accessToken } = await customerTokens();
    assert.equal(await session.adoptFromUrl(`https://shop.example/?customerToken=${accessToken}&a=1`), "https://shop.example/?a=1");
    assert.deepEqual([told, session.getSnapshot().kind], [["login", undefined], "customer"]);
    session.close();
  });

  test(`${name} is busy until the last of several calls has settled, however each of them ends`, async () => {
    const session = await open();
    const busy = () => session.getSnapshot().busy;
    assert.equal(await codeOf(session.login({ ...buyer, password: "wrong" })), "invalid_credentials");
    assert.equal(await codeOf(session.switchLegalEntity("le-north")), "login_required");
    assert.equal(busy(), undefined);
    await session.login(buyer);
    await hold(REFRESH);
    const choice = session.switchLegalEntity("le-north");
    await shop.sandbox.asked(/refreshauthtoken/);
    assert.equal(await codeOf(session.login({})), "invalid_argument");
    assert.equal(busy(), "switching", "the other one is under way");
    const end = session.logout();
    assert.equal(busy(), "logout", "what was asked for last");
    await release();
    await Promise.all([codeOf(choice), end]);
    assert.equal(busy(), undefined);
    session.close();
  });

  test(`${name} is busy no more when a call's time is over, nor when it is closed`, async () => {
    const session = await open({ timeoutMs: 1_000 });
    await session.login(buyer);
    await hold(REFRESH);
    assert.equal(await codeOf(session.switchLegalEntity("le-north")), "timeout");
    assert.ok(!("busy" in session.getSnapshot()));
    await release();
    const { told } = watch(session);
    const end = session.logout();
    session.close();
    await codeOf(end);
    assert.ok(!("busy" in session.getSnapshot()));
    assert.deepEqual(told, [], "who has closed it hears nothing any more");
  });

  test(`${name} tells a listener of one type of that type only, until it ends`, async () => {
    const session = await open();
    const told = [];
    const ends = ["login", "logout", "login"].map((type) => session.on(type, (event) => told.push(event.type)));
    await session.login(buyer);
    assert.deepEqual(told, ["login", "login"]);
    ends[2]();
    ends[2]();
    await session.logout();
    assert.deepEqual(told, ["login", "login", "logout"]);
    for (const type of ["log", "", "login logout", "toString", undefined, null, 1, {}, ["login"]]) {
      assert.throws(() => session.on(type, () => {}), { name: "SessionError", code: "invalid_argument", field: "type" });
    }
    for (const listener of [undefined, null, {}, "login"]) {
      assert.throws(() => session.on("login", listener), { name: "SessionError", code: "invalid_argument", field: "listener" });
    }
    session.close();
  });

  test(`${name} tells who asks for it what is so at present, once, and nobody else`, async () => {
    const session = await open();
    const told = { initial: [], on: [], usual: [] };
    session.subscribe((event) => told.usual.push(event.type));
    session.subscribe((event) => told.initial.push(event), { initial: true });
    session.on("initial", (event) => told.on.push(event));
    session.subscribe(() => told.usual.push("ended"), { initial: true })();
    session.on("initial", () => told.usual.push("ended"))();
    assert.deepEqual(told, { initial: [], on: [], usual: [] }, "not before the caller has its function");
    const snapshot = session.getSnapshot();
    const login = session.login(buyer);
    await Promise.resolve();
    const [event] = told.on;
    assert.deepEqual(event, { type: "initial", reason: "requested", origin: "local", snapshot, previous: snapshot });
    assert.deepEqual([event.snapshot === snapshot, "busy" in snapshot, Object.isFrozen(event)], [true, false, true]);
    await login;
    await turn();
    assert.deepEqual([told.initial.filter(({ type }) => type === "initial").length, told.on.length], [1, 1]);
    assert.ok(told.initial.some(({ type }) => type === "login"), "then it hears what all hear");
    assert.ok(!told.usual.includes("initial") && !told.usual.includes("ended"));
    session.subscribe(() => told.usual.push("closed"), { initial: true });
    session.close();
    await turn();
    assert.ok(!told.usual.includes("closed"));
  });

  test(`a listener of ${name} that throws harms neither a call nor another listener`, async (context) => {
    const reported = [];
    context.mock.method(console, "error", (error) => reported.push(error.message));
    const session = await open();
    const told = [];
    session.on("busy", () => {
      throw new Error("mine");
    });
    session.on("initial", () => {
      throw new Error("at first");
    });
    session.on("busy", ({ snapshot }) => told.push(snapshot.busy));
    await session.login(buyer);
    assert.deepEqual([told, reported], [["login", undefined], ["at first", "mine", "mine"]]);
    session.close();
  });

  test(`a listener of ${name} whose promise is rejected harms nobody, and is reported`, async (context) => {
    const reported = [];
    context.mock.method(console, "error", (error) => reported.push(error.message));
    const session = await open();
    const told = [];
    session.on("login", async () => {
      await turn();
      throw new Error("mine");
    });
    session.on("login", ({ snapshot }) => told.push(snapshot.kind));
    await session.login(buyer);
    await turn();
    await turn();
    assert.deepEqual([told, reported], [["customer"], ["mine"]]);
    session.close();
  });

  test(`where a listener of ${name} changes something, all hear in the same order, and who was ended hears no more`, async () => {
    const session = await open();
    const told = [[], []];
    let choice;
    // The first listener is told what happened while the session was opened.
    const hear = (nth) => ({ type, snapshot }) => type === "storage" || told[nth].push(`${type} ${snapshot.busy}`);
    session.subscribe(hear(0));
    session.on("login", () => {
      choice = session.switchLegalEntity("le-north");
      end();
    });
    session.subscribe(hear(1));
    const end = session.on("login", () => told[1].push("ended"));
    await session.login(buyer);
    await choice;
    assert.deepEqual(told[1], told[0]);
    assert.ok(told[0].indexOf("login login") < told[0].indexOf("busy switching"));
    session.close();
  });
}

test("whoever listens before the store can say whose session it is hears of no event without a type", async () => {
  const told = [];
  for (const isStored of [true, false]) {
    const known = shop.store();
    const visitor = await shop.host({ store: known }).visit(null);
    await visitor.session.login(buyer);
    const store = isStored ? known : shop.store();
    let isDown = true;
    const get = async (key) => (isDown ? Promise.reject(new Error("down")) : store.get(key));
    const { session } = await shop.host({ store: { ...store, get } }).visit(cookieOf(visitor));
    session.subscribe(({ type, origin }) => told.push([type, origin]));
    isDown = false;
    await session.accessToken();
  }
  assert.deepEqual(told, [["login", "remote"], ["started", "local"]]);
});
