// What no method of the session takes, of the built package in Node: `invalid_argument` with the field's name, before any request,
// and nothing of what was given is told.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { SessionError, SessionManager } from "storefront-session";

import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { Sandbox, buyer } from "./lib/storefront.mjs";

const secret = "what-nobody-is-to-be-told";
const throws = () => {
  throw new Error(secret);
};
const hostile = new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws });
const throwing = (field, given) => Object.defineProperty({ ...given }, field, { get: throws, enumerable: true });

/** No text that could be sent: half of a character would arrive as another, and no address holds a million. */
const noTexts = [0, NaN, -1, true, 10n, [], ["a"], {}, () => secret, Symbol(secret), hostile, { toString: throws }, "\ud800", "b\udc00@b.example", "x".repeat(1_000_000)];
const blanks = [undefined, null, ""];
const noObjects = [undefined, null, 5, "x", true, [], () => {}, Symbol(secret), hostile];
const noFlags = [null, 0, 1, "", "true", {}, [], NaN, hostile];
const noCounts = [0, -1, 1.5, NaN, Infinity, 2 ** 60, "1", 1n, null, {}, hostile, Symbol(secret)];

let server;
let sandbox;
let session;

before(async () => {
  server = await startSandbox();
  sandbox = new Sandbox(server);
});
after(() => server?.stop());
beforeEach(async () => {
  await sandbox.control("reset");
  session?.close();
  session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: server.url, storage: "memory", company: "restore", mergeCart: true });
});
after(() => session?.close());

/** Which field the call is refused for. */
async function refusedField(call) {
  const error = await Promise.resolve()
    .then(call)
    .then(
      () => assert.fail("it was not refused"),
      (error) => error,
    );
  assert.ok(error instanceof SessionError, `${error?.stack ?? error}`);
  assert.ok(!JSON.stringify([error.message, error.stack, { ...error }, `${error.cause}`]).includes(secret), "it tells what was given");
  assert.equal(error.code, "invalid_argument", error.message);
  return error.field;
}

async function refuses(field, call, values) {
  for (const value of values) assert.equal(await refusedField(() => call(value)), field, `${typeof value} of ${field}`);
}

test("a guest's calls", async () => {
  await session.accessToken();
  await sandbox.requests();
  await refuses("email", session.login, noObjects);
  for (const field of ["email", "password"]) {
    await refuses(field, (value) => session.login({ ...buyer, [field]: value }), [...noTexts, ...blanks]);
    await refuses(field, session.login, [throwing(field, buyer)]);
  }
  await refuses("accessToken", session.adopt, noObjects);
  for (const field of ["accessToken", "refreshToken", "saasToken", "legalEntityId", "sessionId"]) {
    await refuses(field, (value) => session.adopt({ accessToken: "a", [field]: value }), noTexts);
    await refuses(field, session.adopt, [throwing(field, { accessToken: "a" })]);
  }
  for (const field of ["expiresIn", "refreshExpiresIn"]) await refuses(field, (value) => session.adopt({ accessToken: "a", [field]: value }), [0, -1, NaN, Infinity, 1e300, "60", {}, 1n, hostile]);
  await refuses("validate", (validate) => session.adopt({ accessToken: "a", validate }), noFlags.slice(1));
  await refuses("url", session.adoptFromUrl, noObjects.filter((it) => it !== "x"));
  await refuses("customer", (customer) => session.checkoutHeaders({ customer }), noFlags);
  await refuses("customer", session.checkoutHeaders, [hostile]);
  await refuses("signal", (signal) => session.accessToken({ signal }), [0, "x", {}, hostile]);
  await refuses("signal", session.accessToken, [hostile]);
  await refuses("listener", session.subscribe, noObjects.filter((it) => typeof it !== "function"));
  await refuses("scope", session.hasScope, noTexts.filter((it) => typeof it !== "string"));
  assert.deepEqual(await sandbox.requests(), []);
  assert.equal(session.getSnapshot().kind, "anonymous");
});

test("a customer's calls", async () => {
  await session.login(buyer);
  const { identity } = session.getSnapshot();
  await sandbox.requests();
  await refuses("legalEntityId", session.switchLegalEntity, [undefined, "", " ", ...noTexts]);
  await refuses("verify", (verify) => session.switchLegalEntity("le-north", { verify }), noFlags);
  await refuses("verify", (options) => session.switchLegalEntity("le-north", options), [hostile]);
  // What it does take is taken for what it says.
  for (const customer of [undefined, true, false]) assert.ok((await session.checkoutHeaders({ customer }))["saas-token"], `${customer}`);
  for (const field of ["page", "pageSize"]) await refuses(field, (value) => session.legalEntities({ [field]: value }), noCounts);
  await refuses("page", session.legalEntities, [hostile]);
  assert.deepEqual(await sandbox.requests(), []);
  assert.equal(session.getSnapshot().identity, identity);
});

test("the options", async () => {
  const good = { tenant: "acme", clientId: "storefront", apiUrl: server.url, storage: "memory" };
  const open = (more) => SessionManager.open({ ...good, ...more });
  await refuses("options", SessionManager.open, [undefined, null, 5, "x", true, () => {}, Symbol(secret)]);
  await refuses("tenant", SessionManager.open, [hostile]);
  const fields = "tenant clientId apiUrl context storage timeoutMs now fetch wasm mergeCart company";
  for (const field of fields.split(" ")) {
    await refuses(field, SessionManager.open, [throwing(field, good)]);
    await refuses(field, (value) => open({ [field]: value }), field === "wasm" ? [5, true] : [Symbol(secret), 10n, -1]);
  }
  for (const field of ["currency", "siteCode", "language", "targetLocation"]) {
    await refuses(`context.${field}`, (value) => open({ context: { [field]: value } }), [5, true, {}, hostile]);
    await refuses(`context.${field}`, (context) => open({ context }), [throwing(field)]);
  }
  await refuses("clientId", (clientId) => open({ clientId }), noTexts.filter((it) => typeof it !== "string"));
  await refuses("storage", (storage) => open({ storage }), [hostile, {}, []]);
});
