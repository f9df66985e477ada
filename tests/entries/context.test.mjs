// storefront-session/context: what prices depend on, read and changed under a version.

import assert from "node:assert/strict";
import { test } from "node:test";

import { context, updateContext } from "storefront-session/context";

import { refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const path = "/session-context/acme/me/context";
const READ = "GET /session-context/me/context anonymous 200";
const WRITE = "PATCH /session-context/me/context anonymous 204";

test("a change costs two requests and says what must be read anew", async () => {
  const session = await visitor.open();
  const { sessionId } = await context(session);
  assert.equal(sessionId, session.getSnapshot().sessionId);
  const { currency, siteCode, language } = await context(session);
  await visitor.sandbox.requests();
  const other = currency === "USD" ? "EUR" : "USD";
  const cases = [
    [{ currency: other }, true, true],
    [{ currency: other }, false, false],
    [{ language: "de" }, false, false],
    [{ targetLocation: "CH" }, true, false],
    [{ siteCode: "another", currency }, true, true],
    [{ siteCode: "another" }, false, false],
    [{ attributes: { campaign: "spring" } }, false, false],
  ];
  let { version } = (await context(session)).metadata;
  for (const [change, pricesChanged, cartChanged] of cases) {
    await visitor.sandbox.requests();
    assert.deepEqual(await updateContext(session, change), { sessionId, version: version + 1, pricesChanged, cartChanged }, JSON.stringify(change));
    assert.deepEqual(await visitor.sandbox.requests(), [READ, WRITE]);
    const known = await context(session);
    version = known.metadata.version;
    for (const field in change) if (field !== "attributes") assert.equal(known[field], change[field]);
  }
  assert.ok(siteCode && language !== undefined);
});

test("attributes are added to those that are there, and the company is left to the token", async () => {
  const session = await visitor.openAs(undefined, "le-north");
  await updateContext(session, { attributes: { a: "1", b: { c: 2 } } });
  await updateContext(session, { attributes: { a: "2" } });
  assert.deepEqual((await context(session)).context, { a: "2", b: { c: 2 }, legalEntityId: "le-north" });
});

const stale = { 409: undefined, 412: undefined, 400: JSON.stringify({ code: 400, message: "Version outdated: 3" }) };

for (const [status, body] of Object.entries(stale)) {
  test(`a version that is stale with ${status} is read anew and tried once more`, async () => {
    const session = await visitor.open();
    const fault = { path, method: "PATCH", kind: body ? "garbage" : "status", status: Number(status), ...(body && { body }) };
    await session.accessToken();
    await visitor.sandbox.requests();
    await visitor.sandbox.fault({ ...fault, times: 1 });
    assert.equal((await updateContext(session, { currency: "USD" })).cartChanged, true);
    assert.deepEqual(await visitor.sandbox.requests(), [READ, WRITE.replace("204", status), READ, WRITE]);

    await visitor.sandbox.fault({ ...fault, times: 2 });
    assert.equal(await refused(updateContext(session, { currency: "EUR" })), `conflict ${status}`);
    assert.equal((await visitor.sandbox.requests()).length, 4, "twice and no more");
    assert.equal((await context(session)).currency, "USD", "nothing was changed");
  });
}

test("what somebody else changes meanwhile is kept", async () => {
  const session = await visitor.open();
  await session.accessToken();
  await visitor.sandbox.fault({ path, method: "GET", times: 1, kind: "hold" });
  const change = updateContext(session, { currency: "USD" });
  await visitor.sandbox.asked(/^GET \/session-context/);
  await updateContext(session, { language: "de" });
  await visitor.sandbox.release();
  await change;
  const { currency, language } = await context(session);
  assert.deepEqual([currency, language], ["USD", "de"]);
});

test("any other refusal is tried once", async () => {
  const session = await visitor.open();
  await session.accessToken();
  for (const [status, expected] of [[400, "invalid_argument 400"], [403, "forbidden 403"], [503, "server 503"]]) {
    await visitor.sandbox.requests();
    await visitor.sandbox.fault({ path, method: "PATCH", times: 1, kind: "status", status });
    assert.equal(await refused(updateContext(session, { currency: "USD" })), expected);
    assert.equal((await visitor.sandbox.requests()).length, 2);
  }
});

test("before the first cart there may be none", async () => {
  await visitor.sandbox.profile({ contextDocument: "at-cart" });
  const session = await visitor.open();
  assert.equal(await context(session), undefined);
  assert.equal(await refused(updateContext(session, { currency: "USD" })), "invalid_state");
  await session.fetch("/cart/acme/carts?siteCode=main&create=true");
  assert.equal((await updateContext(session, { currency: "USD" })).cartChanged, true);
});

test("bad input is named before any request", async () => {
  const session = await visitor.open();
  const cases = [
    [undefined, "changes"],
    [{}, "changes"],
    ["USD", "changes"],
    [{ currency: "usd" }, "currency"],
    [{ currency: "" }, "currency"],
    [{ siteCode: 5 }, "siteCode"],
    [{ language: " " }, "language"],
    [{ targetLocation: "Germany" }, "targetLocation"],
    [{ attributes: "a" }, "attributes"],
    [{ attributes: { a: 5 } }, "attributes.a"],
  ];
  for (const [given, field] of cases) assert.equal(await refused(updateContext(session, given)), `invalid_argument ${field}`, JSON.stringify(given));
  assert.deepEqual(await visitor.sandbox.requests(), []);
});
