// What the platform says of a customer's token, as npm/validate.js reads it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readInfo, validate } from "../../npm/validate.js";

const now = 1_000_000;
const said = { scope: "customer.customerprofile_view  order.history_view cart.cart_view_own tenant=test", expires_in: 2_591_974, sessionId: "s", email: "c@example.com", legalEntityId: "le" };
const read = (answer) => readInfo(JSON.stringify(answer), now);

test("an answer is read in both spellings, and what it leaves out is not there", () => {
  const info = { scopes: said.scope.split(/ +/), sessionId: "s", email: "c@example.com", legalEntityId: "le", expiresAt: now + 2_591_974_000 };
  assert.deepEqual(read(said), info);
  const { scope, email } = said;
  assert.deepEqual(read({ scope, email, session_id: "s", legal_entity_id: "le", expiresIn: "2591974" }), info);
  assert.deepEqual(read({ scope: " a ", sessionId: "", email: null, legalEntityId: 7 }), { scopes: ["a"] });
});

test("a life that is no number of seconds is none, and one that never ends is ten years", () => {
  for (const expires_in of [0, -5, "", "soon", null, true, {}, [60], "Infinity", 0.5]) assert.deepEqual(read({ scope: "a", expires_in }), { scopes: ["a"] });
  assert.equal(read({ scope: "a", expires_in: "soon", expiresIn: 60.9 }).expiresAt, now + 60_000);
  assert.equal(read({ scope: "a", expires_in: 1e300 }).expiresAt, now + 315_360_000_000);
});

test("what is no answer is none, and a call that gets one fails as protocol", async () => {
  for (const text of ["", "<html>", "null", "[]", "7", `"a"`, "{}", `{"scope":""}`, `{"scope":" "}`, `{"scope":["a"]}`, `{"data":{"scope":"a"}}`]) {
    assert.equal(readInfo(text, now), undefined, text);
    const refused = validate(async () => ({ identity: "1", body: text }), { tenant: "acme" });
    await assert.rejects(refused, { code: "protocol", retryable: true });
  }
});

test("scopes are those of the identity that was asked for, and read and view are one", async () => {
  const asked = [];
  const ask = async (...call) => (asked.push(call), { identity: "1", body: JSON.stringify(said) });
  const { info, has } = await validate(ask, { tenant: "acme", now: () => now });
  assert.deepEqual(asked, [["inquire", ["/customer/acme/validateauthtoken"], "validateauthtoken"]]);
  assert.equal(info.expiresAt, now + 2_591_974_000);
  // The page's own list.
  info.scopes.push("moon.walk");
  for (const scope of ["order.history_view", "order.history_read", "cart.cart_read_own", "tenant=test"]) assert.equal(has(scope, "1"), true, scope);
  for (const scope of ["order.history", "order.history_manage", "cart.cart_read", "moon.walk", ""]) assert.equal(has(scope, "1"), false, scope);
  for (const identity of ["2", undefined]) assert.equal(has("order.history_view", identity), undefined);
});

test("a clock of the page's that fails is replaced by the machine's", async () => {
  for (const clock of [undefined, () => NaN, () => "x", () => { throw new Error(); }]) {
    const before = Date.now();
    const { info } = await validate(async () => ({ body: `{"scope":"a","expires_in":60}` }), { tenant: "acme", now: clock });
    assert.ok(info.expiresAt >= before + 60_000 && info.expiresAt <= Date.now() + 60_000);
  }
});
