// What a session does for its customer beside tokens, over HTTP: companies, the one to begin with, and the guest's cart.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { SessionError, SessionManager } from "storefront-session";
import { context, updateContext } from "storefront-session/context";

import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { LOGIN, REFRESH, Sandbox, buyer } from "./lib/storefront.mjs";

const single = { email: "single@example.com", password: buyer.password };
const solo = { email: "solo@example.com", password: buyer.password };

let server;
let sandbox;
const open = [];

before(async () => {
  server = await startSandbox();
  sandbox = new Sandbox(server);
});

after(() => server?.stop());

beforeEach(() => sandbox.control("reset"));

afterEach(() => open.splice(0).forEach((session) => session.close()));

/** A visitor's own storage, as an adapter. */
class Storage {
  texts = new Map();
  getItem = (key) => this.texts.get(key) ?? null;
  setItem = (key, text) => void this.texts.set(key, text);
  removeItem = (key) => void this.texts.delete(key);
}

async function openSession(more) {
  const options = { tenant: "acme", clientId: "storefront", apiUrl: server.url, storage: new Storage() };
  const session = await SessionManager.open({ ...options, ...more });
  open.push(session);
  const heard = [];
  session.subscribe((event) => heard.push(event));
  return { session, heard };
}

const failure = (promise) => promise.then(() => assert.fail("it should have been rejected"), (error) => error);
const told = (heard, type) => heard.filter((event) => event.type === type).map(({ reason }) => reason);

/** Puts something into the visitor's cart, as a storefront does; gives its id. */
async function fillCart(session, siteCode = "main") {
  const { legalEntityId = "" } = session.getSnapshot();
  const query = new URLSearchParams({ siteCode, create: "true", ...(legalEntityId && { legalEntityId }) });
  const { id } = await (await session.fetch(`/cart/acme/carts?${query}`)).json();
  const [product] = await (await session.fetch("/product/acme/products")).json();
  const added = await session.fetch(`/cart/acme/carts/${id}/items`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      itemYrn: `urn:yaas:saasag:caasproduct:product:acme;${product.id}`,
      price: {
        priceId: product.price.priceId,
        originalAmount: product.price.effectiveAmount,
        effectiveAmount: product.price.effectiveAmount,
        currency: product.price.currency,
      },
      quantity: 1,
    }),
  });
  assert.equal(added.status, 201, await added.text());
  return id;
}

/** How many things are in a cart; nothing where it is none of the visitor's any more. */
async function countIn(session, id) {
  const answer = await session.fetch(`/cart/acme/carts/${id}`);
  if (answer.status !== 200) return;
  return (await answer.json()).items.reduce((sum, { quantity }) => sum + quantity, 0);
}

test("companies come in pages, once for each identity", async () => {
  const { session } = await openSession();
  await session.login(buyer);
  await sandbox.requests();
  const all = await session.legalEntities();
  assert.deepEqual(all.map(({ id, type, roles }) => [id, type, roles]), [
    ["le-north", "COMPANY", []],
    ["le-south", "COMPANY", []],
  ]);
  assert.equal(typeof all[0].name, "string");
  // What a caller does to the list is his own affair.
  all[0].roles.push("x");
  all.pop();
  const [again, same] = await Promise.all([session.legalEntities(), session.legalEntities({})]);
  assert.deepEqual([again.length, again[0].roles, same.length], [2, [], 2]);
  const [first, second, third] = await Promise.all([1, 2, 3].map((page) => session.legalEntities({ page, pageSize: 1 })));
  assert.deepEqual([first, second, third].map((page) => page.map(({ id }) => id)), [["le-north"], ["le-south"], []]);
  await session.legalEntities({ page: 2, pageSize: 1 });
  const count = async () => (await sandbox.requests()).filter((line) => line.includes("/legal-entities ")).length;
  assert.equal(await count(), 4);
  await session.switchLegalEntity("le-south");
  await session.legalEntities();
  assert.equal(await count(), 1);
});

test("all companies are found where the platform's pages are smaller than what is asked for, or name one without an id", async () => {
  let pages;
  const asked = [];
  const fetch = async (request, init) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!/\/legal-entities$/.test(pathname)) return globalThis.fetch(request, init);
    asked.push(searchParams.get("pageNumber"));
    return Response.json(pages[searchParams.get("pageNumber") - 1] ?? []);
  };
  const { session } = await openSession({ fetch });
  await session.login(buyer);
  const page = (name, size) => Array.from({ length: size }, (_, index) => ({ id: `${name}${index}` }));
  const company = ["le-north", "le-south", null];
  const cases = [
    [[page("a", 60), page("b", 60), page("c", 5)], 125, 3],
    [[[...page("a", 99), { name: "no id" }], page("b", 5)], 104, 2],
    [[page("a", 16)], 16, 2],
    [[page("a", 15)], 15, 1],
    [[page("a", 60), page("b", 30)], 90, 2],
  ];
  for (const [given, count, requests] of cases) {
    pages = given;
    asked.length = 0;
    const found = await session.legalEntities();
    assert.deepEqual([new Set(found.map(({ id }) => id)).size, asked.length], [count, requests]);
    // Another company is another identity, for which all is asked anew.
    await session.switchLegalEntity(company[0]);
    company.push(company.shift());
  }
});

test("roles are those of the platform's groups, and a token without the scope lists by its profile", async () => {
  let answer;
  const fetch = async (request, init) => {
    const isList = /\/legal-entities\?/.test(request.url);
    return (isList && answer?.()) || globalThis.fetch(request, init);
  };
  const { session } = await openSession({ fetch });
  await session.login(buyer);
  const list = (value, status = 200) => () => Response.json(value, { status });
  const group = (role) => ({ id: "1", name: { en: "x" }, role });
  answer = list([{ id: "a", name: "A", type: "SUBSIDIARY", customerGroups: [group("ADMIN"), group("BUYER"), group("ADMIN"), null, {}] }, { name: "no id" }, null]);
  assert.deepEqual(await session.legalEntities(), [{ id: "a", name: "A", type: "SUBSIDIARY", roles: ["ADMIN", "BUYER"] }]);
  await session.switchLegalEntity("le-north");
  answer = list({ code: 403, status: "FORBIDDEN", message: "no" }, 403);
  assert.deepEqual((await session.legalEntities()).map(({ id, roles }) => [id, roles]), [["le-north", []], ["le-south", []]]);
  assert.deepEqual((await session.legalEntities({ page: 2, pageSize: 1 })).map(({ id }) => id), ["le-south"]);
  await session.switchLegalEntity("le-south");
  // A platform that gives the same page for ever.
  const full = Array.from({ length: 100 }, (_, index) => ({ id: `c${index}` }));
  answer = list(full);
  assert.equal((await session.legalEntities()).length, 100);
  await session.switchLegalEntity(null);
  for (const nonsense of [{}, "x", null, 1]) {
    answer = list(nonsense);
    assert.equal((await failure(session.legalEntities())).code, "protocol");
  }
  // What failed is not kept.
  answer = undefined;
  assert.equal((await session.legalEntities()).length, 2);
});

test("bad input is named before any request", async () => {
  const { session } = await openSession();
  await session.login(buyer);
  await sandbox.requests();
  for (const value of [0, -1, 1.5, "1", NaN, Infinity, null, {}, 2 ** 60])
    for (const field of ["page", "pageSize"]) {
      const error = await failure(session.legalEntities({ [field]: value }));
      assert.ok(error instanceof SessionError);
      assert.deepEqual([error.code, error.field], ["invalid_argument", field], `${field} ${value}`);
    }
  for (const verify of [1, "yes", {}, null]) {
    const error = await failure(session.switchLegalEntity("le-north", { verify }));
    assert.deepEqual([error.code, error.field], ["invalid_argument", "verify"]);
  }
  assert.deepEqual(await sandbox.requests(), []);
  for (const [field, values] of Object.entries({ mergeCart: [1, "true", {}], company: ["last", true, 1, ""] }))
    for (const value of values) {
      const error = await failure(openSession({ [field]: value }));
      assert.deepEqual([error.code, error.field], ["invalid_argument", field]);
    }
  const { session: guest } = await openSession();
  assert.equal((await failure(guest.legalEntities())).code, "login_required");
});

test("a verified switch asks whom the token speaks for", async () => {
  const { session } = await openSession();
  await session.login(buyer);
  await sandbox.requests();
  const snapshot = await session.switchLegalEntity("le-south", { verify: true });
  assert.equal(snapshot.legalEntityId, "le-south");
  assert.deepEqual(await sandbox.requests(), [REFRESH, "GET /customer/validateauthtoken customer 200"]);
});

test("the last company is restored, the only one chosen, and else one is needed", async () => {
  const storage = new Storage();
  const restore = () => openSession({ storage, company: "restore" });
  let { session, heard } = await restore();
  assert.equal(session.getSnapshot().needsLegalEntity, false);
  await session.login(buyer);
  assert.equal(session.getSnapshot().needsLegalEntity, true);
  assert.deepEqual(told(heard, "company"), ["needed"]);
  await session.switchLegalEntity("le-south");
  assert.equal(session.getSnapshot().needsLegalEntity, false);
  await session.logout();
  const left = [...storage.texts].join();
  assert.ok(!left.includes("le-south"), left);
  session.close();

  ({ session, heard } = await restore());
  const snapshot = await session.login(buyer);
  assert.deepEqual([snapshot.legalEntityId, snapshot.needsLegalEntity], ["le-south", false]);
  assert.deepEqual(heard.map(({ type }) => type).filter((type) => !/storage|busy/.test(type)), ["started", "login", "switched"]);
  // B2C is a choice as well.
  await session.switchLegalEntity(null);
  await session.logout();
  await session.login(buyer);
  assert.deepEqual([session.getSnapshot().legalEntityId, session.getSnapshot().needsLegalEntity], [undefined, true]);
  await session.switchLegalEntity(null);
  assert.equal(session.getSnapshot().needsLegalEntity, false);
  await session.logout();

  // Who is not assigned to it gets what is his.
  await session.login(buyer);
  await session.switchLegalEntity("le-south");
  await session.logout();
  await session.login(single);
  assert.equal(session.getSnapshot().legalEntityId, "le-north");
  await session.logout();
  await session.login(solo);
  assert.deepEqual([session.getSnapshot().legalEntityId, session.getSnapshot().needsLegalEntity], [undefined, false]);
});

test("what never answers keeps no choice of a company waiting", async () => {
  const silent = () => new Promise(() => {});
  const real = crypto.subtle.importKey;
  crypto.subtle.importKey = silent;
  try {
    const { session } = await openSession({ company: "restore", timeoutMs: 6_000 });
    await session.login(buyer);
    const { legalEntityId } = await session.switchLegalEntity("le-south");
    assert.equal(legalEntityId, "le-south");
  } finally {
    crypto.subtle.importKey = real;
  }
  const storage = { getItem: silent, setItem: silent, removeItem: silent };
  const { session } = await openSession({ company: "restore", storage, timeoutMs: 6_000 });
  await session.login(buyer);
  assert.equal((await session.switchLegalEntity("le-south")).legalEntityId, "le-south");
});

test("the only company is chosen, and none is remembered", async () => {
  const storage = new Storage();
  const { session } = await openSession({ storage, company: "only" });
  await session.login(single);
  assert.equal(session.getSnapshot().legalEntityId, "le-north");
  await session.logout();
  await session.login(buyer);
  await session.switchLegalEntity("le-south");
  await session.logout();
  assert.equal(storage.texts.size, 1);
  await session.login(buyer);
  assert.deepEqual([session.getSnapshot().legalEntityId, session.getSnapshot().needsLegalEntity], [undefined, true]);
});

/** Tokens that another page has got for this customer. */
async function tokensOf(credentials, more) {
  const guest = await (await fetch(`${server.url}/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront`)).json();
  const headers = { "content-type": "application/json", authorization: `Bearer ${more?.bearer ?? guest.access_token}` };
  const answer = await fetch(`${server.url}/customer/acme/login`, { method: "POST", headers, body: JSON.stringify(credentials) });
  return answer.json();
}

test("who comes with tokens from elsewhere finds company and cart as after a login", async () => {
  for (const company of ["restore", "only"]) {
    await sandbox.control("reset");
    const storage = new Storage();
    const { session, heard } = await openSession({ storage, mergeCart: true, company });
    await session.login(buyer);
    await session.switchLegalEntity("le-south");
    await session.logout();
    const guests = await fillCart(session);
    const { sessionId } = session.getSnapshot();
    heard.splice(0);
    // Got with the bearer of this session, as a single sign-on does it.
    const tokens = await tokensOf(company === "restore" ? buyer : single, { bearer: await session.accessToken() });
    const snapshot = await session.adopt(tokens);
    assert.equal(snapshot.sessionId, sessionId);
    assert.equal(snapshot.legalEntityId, company === "restore" ? "le-south" : "le-north");
    assert.deepEqual(told(heard, "cart"), ["found", "merged"], company);
    assert.equal(await countIn(session, snapshot.cartId), 1);
    assert.equal(await countIn(session, guests), undefined);

    // Who is signed in already is signed in again, and no more.
    await sandbox.requests();
    await session.adopt({ ...(await tokensOf(company === "restore" ? buyer : single)), sessionId });
    const asked = (await sandbox.requests()).filter((line) => /\/cart\/|legal-entities/.test(line));
    assert.deepEqual(asked, []);
    assert.equal(session.getSnapshot().identity, snapshot.identity);
    assert.equal(session.getSnapshot().sessionId, sessionId, "the session that is named");
    await session.logout();
  }
});

test("tokens for a company are for that one, and a company that is named comes before the last one", async () => {
  const storage = new Storage();
  const { session, heard } = await openSession({ storage, company: "restore" });
  await session.login(buyer);
  await session.switchLegalEntity("le-south");
  await session.logout();
  const named = { ...(await tokensOf(buyer)), legalEntityId: "le-north" };
  assert.equal((await session.adopt(named)).legalEntityId, "le-north", "the platform names none");
  assert.equal((await session.validate()).legalEntityId, "le-north");
  await session.logout();
  assert.equal((await session.adopt({ ...(await tokensOf(buyer)), legalEntityId: "le-north", validate: false })).legalEntityId, "le-north");
  await session.logout();
  heard.splice(0);
  // One that is not his is refused, and he is asked.
  const none = await session.adopt({ ...(await tokensOf(single)), legalEntityId: "le-south" });
  assert.deepEqual([none.legalEntityId, none.needsLegalEntity], [undefined, true]);
  assert.deepEqual(told(heard, "company"), ["needed"]);
  await session.logout();
  assert.equal((await session.adopt(await tokensOf(buyer))).legalEntityId, "le-south");
});

test("tokens of another session bring their own, and the guest's cart is not taken for merged", async () => {
  const { session, heard } = await openSession({ mergeCart: true });
  const guests = await fillCart(session);
  const { sessionId } = session.getSnapshot();
  const snapshot = await session.adopt(await tokensOf(buyer));
  assert.notEqual(snapshot.sessionId, sessionId);
  assert.equal(snapshot.cartId, guests);
  assert.deepEqual(told(heard, "cart"), ["found", "merge_failed"]);
  // It cannot be had any more, and is known until there is something better to say.
  await session.switchLegalEntity("le-north");
  assert.equal(session.getSnapshot().cartId, guests);
});

test("tokens that are refused leave the guest and his cart as they are", async () => {
  const { session, heard } = await openSession({ mergeCart: true, company: "restore" });
  const guests = await fillCart(session);
  assert.equal((await failure(session.adopt({ accessToken: "no-such-token" }))).code, "invalid_credentials");
  assert.deepEqual([session.getSnapshot().kind, session.getSnapshot().cartId], ["anonymous", guests]);
  await session.login(buyer);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
});

test("companies that cannot be had block no login", async () => {
  for (const fault of [{ kind: "status", status: 503 }, { kind: "drop" }, { kind: "garbage" }, { kind: "hold" }]) {
    await sandbox.control("reset");
    const { session, heard } = await openSession({ company: "restore", timeoutMs: 2_000 });
    await sandbox.control("faults", [{ path: "/customer-management/acme/legal-entities", times: 5, ...fault }]);
    const snapshot = await session.login(buyer);
    assert.equal(snapshot.kind, "customer", fault.kind);
    if (fault.kind !== "hold") assert.deepEqual(told(heard, "company"), ["needed"], fault.kind);
    await sandbox.control("release");
    await session.accessToken();
  }
});

test("each option costs what README says, and the rest nothing", async () => {
  const open = async (options) => {
    const { session } = await openSession(options);
    await session.accessToken();
    await sandbox.requests();
    return session;
  };
  const costs = async (work) => {
    await work();
    return (await sandbox.requests()).map((line) => line.replace(/carts\/\w+\/merge/, "carts/…/merge"));
  };
  const VALIDATE = "GET /customer/validateauthtoken customer 200";
  const COMPANIES = "GET /customer-management/legal-entities customer 200";

  let session = await open({});
  assert.deepEqual(await costs(() => session.login(buyer)), [LOGIN]);
  assert.deepEqual(await costs(() => session.switchLegalEntity("le-north")), [REFRESH]);
  assert.deepEqual(await costs(() => session.switchLegalEntity("le-south", { verify: true })), [REFRESH, VALIDATE]);
  assert.deepEqual(await costs(() => session.checkoutHeaders({ customer: true })), []);
  await session.logout();
  const [bare, checked] = [await tokensOf(buyer), await tokensOf(buyer)];
  await sandbox.requests();
  assert.deepEqual(await costs(() => session.adopt({ ...bare, validate: false })), []);
  assert.deepEqual(await costs(() => session.adopt(checked)), [VALIDATE, VALIDATE], "whose they are, and who is signed in");

  session = await open({ mergeCart: true });
  await fillCart(session);
  await sandbox.requests();
  const found = ["GET /cart/carts anonymous 200", LOGIN, "GET /cart/carts customer 200", "POST /cart/carts/…/merge customer 200"];
  assert.deepEqual(await costs(() => session.login(buyer)), found);
  assert.deepEqual(await costs(() => session.switchLegalEntity("le-north")), [REFRESH, "GET /cart/carts customer 404"]);

  session = await open({ company: "only" });
  assert.deepEqual(await costs(() => session.login(single)), [LOGIN, COMPANIES, REFRESH]);
  session = await open({ company: "only" });
  assert.deepEqual(await costs(() => session.login(buyer)), [LOGIN, COMPANIES]);
  assert.deepEqual(await costs(() => session.legalEntities()), []);
});

test("with the options off a login asks for nothing more", async () => {
  const { session, heard } = await openSession({ mergeCart: false, company: "none" });
  await fillCart(session);
  await sandbox.requests();
  await session.login(buyer);
  await session.switchLegalEntity("le-north");
  assert.deepEqual(await sandbox.requests(), [LOGIN, REFRESH]);
  assert.deepEqual([...told(heard, "cart"), ...told(heard, "company")], []);
  assert.equal(session.getSnapshot().cartId, undefined);
});

test("the guest's cart is merged into the customer's", async () => {
  const { session: other } = await openSession();
  await other.login(buyer);
  const own = await fillCart(other);
  const { session, heard } = await openSession({ mergeCart: true, context: { siteCode: "main" } });
  const guests = await fillCart(session);
  await session.login(buyer);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
  assert.equal(session.getSnapshot().cartId, own);
  assert.equal(await countIn(session, own), 2);
  assert.equal(await countIn(session, guests), undefined);
  const merges = (await sandbox.requests()).filter((line) => line.includes("/merge "));
  assert.deepEqual(merges, [`POST /cart/carts/${own}/merge customer 200`]);
});

test("who has put nothing in has nothing merged, and no cart made", async () => {
  const { session, heard } = await openSession({ mergeCart: true });
  await session.accessToken();
  await session.login(solo);
  assert.equal(session.getSnapshot().cartId, undefined);
  assert.deepEqual(told(heard, "cart"), []);
  const carts = (await sandbox.requests()).filter((line) => line.includes("/cart/"));
  assert.deepEqual(carts, ["GET /cart/carts anonymous 404", "GET /cart/carts customer 404"]);
});

test("a merge that fails blocks no login, and the guest's cart is known and merged later", async () => {
  for (const fault of [
    { path: "/merge", kind: "status", status: 500 },
    { path: "/merge", kind: "status", status: 409 },
    { path: "/merge", kind: "status", status: 403 },
    { path: "/merge", kind: "status", status: 404 },
    { path: "/merge", kind: "drop" },
    { path: "/merge", kind: "hold" },
  ]) {
    await sandbox.control("reset");
    const { session, heard } = await openSession({ mergeCart: true, timeoutMs: 2_000 });
    const guests = await fillCart(session);
    const { session: other } = await openSession();
    await other.login(buyer);
    const own = await fillCart(other);
    await sandbox.control("faults", [{ times: 9, ...fault, path: `/cart/acme/carts/${own}${fault.path}` }]);
    const snapshot = await session.login(buyer);
    assert.equal(snapshot.kind, "customer");
    assert.equal(snapshot.cartId, guests, JSON.stringify(fault));
    if (fault.kind !== "hold") assert.deepEqual(told(heard, "cart"), ["found", "merge_failed"]);
    await sandbox.control("faults", []);
    await sandbox.control("release");
    assert.equal(await countIn(session, guests), fault.kind === "hold" ? undefined : 1);
    if (fault.kind === "hold") continue;
    await session.switchLegalEntity("le-north");
    const { cartId } = session.getSnapshot();
    assert.notEqual(cartId, guests);
    assert.equal(told(heard, "cart").at(-1), "merged");
    assert.equal(await countIn(session, cartId), 1);
  }
});

test("a merge whose answer is lost is seen to have taken place", async () => {
  const { session, heard } = await openSession({ mergeCart: true });
  await fillCart(session);
  await sandbox.control("faults", [{ path: "/cart/acme/carts/", method: "POST", kind: "lost-answer", times: 1 }]);
  await session.login(buyer);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
  assert.equal(await countIn(session, session.getSnapshot().cartId), 1);
});

test("carts that nobody can be asked for block no login", async () => {
  for (const fault of [{ kind: "status", status: 500 }, { kind: "status", status: 401 }, { kind: "drop" }, { kind: "garbage" }, { kind: "hold" }]) {
    await sandbox.control("reset");
    const { session, heard } = await openSession({ mergeCart: true, timeoutMs: 2_000 });
    await fillCart(session);
    await sandbox.control("faults", [{ path: "/cart/acme/carts", times: 50, ...fault }]);
    const snapshot = await session.login(buyer);
    assert.equal(snapshot.kind, "customer", fault.kind);
    if (fault.kind !== "hold") assert.deepEqual(told(heard, "cart"), ["merge_failed"], JSON.stringify(fault));
    await sandbox.control("faults", []);
    await sandbox.control("release");
  }
});

test("a wrong password costs one login, and the guest's cart stays", async () => {
  const { session, heard } = await openSession({ mergeCart: true, company: "restore" });
  const guests = await fillCart(session);
  const error = await failure(session.login({ ...buyer, password: "wrong-pass" }));
  assert.equal(error.code, "invalid_credentials");
  assert.equal(session.getSnapshot().cartId, guests);
  assert.equal((await sandbox.requests()).filter((line) => line.includes("/customer/login ")).length, 1);
  await session.login(buyer);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
});

test("a company's cart takes the guest's, and each company has its own", async () => {
  const { session, heard } = await openSession({ mergeCart: true, company: "restore" });
  await fillCart(session);
  await session.login(single);
  const { legalEntityId, cartId: norths } = session.getSnapshot();
  assert.equal(legalEntityId, "le-north");
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
  assert.equal(await countIn(session, norths), 1);
  await session.switchLegalEntity(null);
  assert.equal(session.getSnapshot().cartId, undefined);
  await session.switchLegalEntity("le-north");
  assert.equal(session.getSnapshot().cartId, norths);
});

test("another site has another cart", async () => {
  const { session } = await openSession({ mergeCart: true, context: { siteCode: "main" } });
  const found = (id) =>
    new Promise((resolve) => {
      const end = session.subscribe(({ type, reason, snapshot }) => {
        if (type !== "cart" || snapshot.cartId !== id || reason === "requested") return;
        end();
        resolve(snapshot.cartId);
      });
    });
  await session.login(solo);
  const mains = await fillCart(session, "main");
  const outlets = await fillCart(session, "outlet");
  const patch = async (siteCode) => {
    const context = await (await session.fetch("/session-context/acme/me/context")).json();
    const answer = await session.fetch("/session-context/acme/me/context", {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ siteCode, metadata: context.metadata }),
    });
    assert.equal(answer.status, 204);
  };
  for (const [siteCode, id] of [["outlet", outlets], ["main", mains]]) {
    const seen = found(id);
    await patch(siteCode);
    assert.equal(await seen, id);
    assert.equal(session.getSnapshot().cartId, id);
  }
});

test("a guest who goes to another site has his cart there merged at the login", async () => {
  const { session, heard } = await openSession({ mergeCart: true, context: { siteCode: "main" } });
  await session.accessToken();
  await updateContext(session, { siteCode: "outlet" });
  const guests = await fillCart(session, "outlet");
  await session.login(solo);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
  assert.equal(await countIn(session, session.getSnapshot().cartId), 1);
  assert.equal(await countIn(session, guests), undefined);
});

test("another site is heard of however the session's context is changed", async () => {
  const path = "/session-context/acme/me/context";
  const ways = {
    "an address and init": (address, change) => [path, change],
    "a query": (address, change) => [`${path}?x=1`, change],
    "a URL": (address, change) => [new URL(address), change],
    "a Request": (address, change) => [new Request(address, change)],
    "a Request and init": (address, change) => [new Request(address, change), { headers: change.headers }],
    "a Request that init makes a PATCH of": (address, change) => [new Request(address), change],
  };
  for (const [name, way] of Object.entries(ways)) {
    const { session } = await openSession({ mergeCart: true });
    await session.accessToken();
    const { metadata } = await context(session);
    const change = { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify({ siteCode: "outlet", metadata }) };
    assert.equal((await session.fetch(...way(server.url + path, change))).status, 204, name);
    const guests = await fillCart(session, "outlet");
    await session.login(solo);
    assert.equal(await countIn(session, guests), undefined, name);
    await session.logout();
  }
});

test("a guest who goes to another site costs one request more at the next login, and none before", async () => {
  const { session } = await openSession({ mergeCart: true });
  await session.accessToken();
  await updateContext(session, { siteCode: "outlet" });
  await sandbox.requests();
  await session.login(solo);
  const asked = (await sandbox.requests()).map((line) => line.split(" ")[1]);
  assert.deepEqual(asked, ["/session-context/me/context", "/cart/carts", "/customer/login", "/cart/carts"]);
});

test("who begins anew after a logout begins at the first site again", async () => {
  const { session, heard } = await openSession({ mergeCart: true, context: { siteCode: "main" } });
  await session.accessToken();
  await updateContext(session, { siteCode: "outlet" });
  await session.login(solo);
  await session.logout();
  const guests = await fillCart(session, "main");
  await session.login(solo);
  assert.deepEqual(told(heard, "cart"), ["found", "merged"]);
  assert.equal(await countIn(session, guests), undefined);
});

test("where the site cannot be had before the login it is asked for after it", async () => {
  const { session, heard } = await openSession({ mergeCart: true });
  await session.accessToken();
  await updateContext(session, { siteCode: "outlet" });
  await fillCart(session, "outlet");
  await sandbox.fault({ path: "/session-context/*", times: 1, kind: "status", status: 503 });
  await session.login(solo);
  assert.deepEqual(told(heard, "cart"), ["merged"]);
  assert.equal(await countIn(session, session.getSnapshot().cartId), 1);
});

test("a password that somebody else has set is told until a login says otherwise", async () => {
  let initialPassword = true;
  const fetch = async (request, init) => {
    const answer = await globalThis.fetch(request, init);
    if (!/\/customer\/acme\/login$/.test(request.url)) return answer;
    return Response.json({ ...(await answer.json()), initialPassword });
  };
  const { session } = await openSession({ fetch });
  assert.equal(session.getSnapshot().needsPasswordChange, false);
  assert.equal((await session.login(buyer)).needsPasswordChange, true);
  assert.equal((await session.refresh()).needsPasswordChange, true);
  await session.logout();
  assert.equal(session.getSnapshot().needsPasswordChange, false);
  initialPassword = "false";
  assert.equal((await session.login(buyer)).needsPasswordChange, false);
});

test("who is asked to sign in and then to log out is signed out, whatever is waited for", async () => {
  const tokens = { ...(await tokensOf(buyer)), validate: false };
  const address = `https://shop.example/in?${new URLSearchParams({ customerToken: tokens.access_token })}`;
  const ways = {
    login: (session) => session.login(buyer),
    adopt: (session) => session.adopt(tokens),
    adoptFromUrl: (session) => session.adoptFromUrl(address),
  };
  for (const [name, signIn] of Object.entries(ways)) {
    for (const more of [{}, { mergeCart: true, company: "restore" }]) {
      for (const isGuest of [false, true]) {
        const { session, heard } = await openSession(more);
        if (isGuest) await fillCart(session);
        const signingIn = failure(signIn(session));
        await session.logout();
        const what = `${name}, a guest: ${isGuest}, ${JSON.stringify(more)}`;
        assert.equal((await signingIn).code, "aborted", what);
        assert.equal(session.getSnapshot().kind, "anonymous", what);
        assert.deepEqual(told(heard, "login"), [], what);
        // Who comes after that is signed in.
        assert.equal((await session.login(buyer)).kind, "customer", what);
      }
    }
  }
  // Whoever is asked to sign in after a logout is not meant by it, though that has to look at storage first.
  for (const storage of ["memory", new Storage()]) {
    const { session } = await openSession({ storage });
    const leaving = session.logout();
    assert.equal((await session.login(buyer)).kind, "customer");
    await leaving;
    assert.equal(session.getSnapshot().kind, "customer");
  }
  // While the guest's cart is looked for.
  const { session } = await openSession({ mergeCart: true });
  await session.accessToken();
  await sandbox.fault({ path: "/cart/acme/carts", times: 1, kind: "hold" });
  const signingIn = failure(session.login(buyer));
  await sandbox.asked(/cart/);
  await session.logout();
  await sandbox.release();
  assert.equal((await signingIn).code, "aborted");
  assert.equal(session.getSnapshot().kind, "anonymous");
});
