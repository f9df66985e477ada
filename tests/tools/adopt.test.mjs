// Tokens from somewhere else, as npm/adopt.js reads them: what is checked before any request, and the dashboard's address.

import assert from "node:assert/strict";
import { test } from "node:test";

import { adoption, handedOver } from "../../npm/adopt.js";

test("tokens are put into the spelling of the platform's answers, and the platform is asked unless told otherwise", () => {
  const tokens = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: 60, refreshExpiresIn: 90, sessionId: "id" };
  const [answer, company, isChecked] = adoption({ ...tokens, legalEntityId: "le" });
  const { refreshExpiresIn: refreshTokenExpiresIn, ...rest } = tokens;
  assert.deepEqual(JSON.parse(answer), { ...rest, refreshTokenExpiresIn });
  assert.deepEqual([company, isChecked], ["le", true]);
  assert.deepEqual(adoption({ accessToken: "a", validate: false }), ['{"accessToken":"a"}', undefined, false]);
  assert.deepEqual(adoption({ accessToken: "a", refreshToken: null, validate: undefined })[2], true);
});

test("an answer of the platform's is taken as it is, in any of its spellings", () => {
  const expected = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: 60, refreshTokenExpiresIn: 90 };
  const snake = { token_type: "Bearer", access_token: "a", refresh_token: "r", saas_token: "s", expires_in: "60", refresh_token_expires_in: "90", scope: "x" };
  const camel = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: "60", refreshTokenExpiresIn: 90 };
  for (const answer of [snake, camel, { ...snake, ...camel }]) assert.deepEqual(JSON.parse(adoption(answer)[0]), expected);
  const bare = { access_token: "a", refresh_token: "", expires_in: 0, refresh_token_expires_in: "", session_id: "id" };
  assert.deepEqual(JSON.parse(adoption(bare)[0]), { accessToken: "a", sessionId: "id" });
});

test("what is none is named, without what it is", () => {
  const secret = "s3cr3t with blanks";
  const wrong = {
    accessToken: [undefined, null, "", " ", "undefined", "null", secret, "ü", 7, {}, "a".repeat(8193)],
    refreshToken: ["", "undefined", secret, 7],
    saasToken: ["", "null", secret, true],
    expiresIn: [0, -1, NaN, Infinity, "60"],
    refreshExpiresIn: [0, -1, NaN, Infinity, "60"],
    legalEntityId: ["", " ", 7],
    sessionId: ["", " ", {}],
    validate: [0, "false", {}],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const given = { accessToken: "a", [field]: value };
      assert.throws(() => adoption(given), (error) => {
        assert.deepEqual([error.code, error.field], ["invalid_argument", field], `${field} ${value}`);
        return !JSON.stringify(error).includes("s3cr3t");
      });
    }
  }
  for (const nothing of [undefined, null, 7, "token", []]) assert.throws(() => adoption(nothing), { field: "accessToken" });
});

test("an address hands over what the dashboard writes, and keeps all else as it is spelled", () => {
  const five = "customerToken=a%2Bb&customerTokenExpiresIn=3600&refreshToken=r&refreshTokenExpiresIn=86400&saasToken=s.t.u";
  const tokens = { accessToken: "a+b", expiresIn: 3600, refreshToken: "r", refreshExpiresIn: 86400, saasToken: "s.t.u" };
  for (const [given, left] of [
    [`https://shop.example/x?${five}`, "https://shop.example/x"],
    [new URL(`https://shop.example/x?${five}`), "https://shop.example/x"],
    [`https://shop.example/x?q=a%20b+c&${five}&&empty=&flag#top?no=1`, "https://shop.example/x?q=a%20b+c&&empty=&flag#top?no=1"],
    [`/x?${five}#a`, "/x#a"],
    [`?${five}`, ""],
    [`/x?%63ustomerToken=old&${five}`, "/x"],
  ]) {
    const found = handedOver(given);
    assert.equal(found.address, left);
    if (!`${given}`.includes("old")) assert.deepEqual(found.tokens, tokens);
  }
});

test("what a careless sender writes for nothing is nothing", () => {
  const query = "customerToken=a&customerTokenExpiresIn=undefined&refreshToken=null&refreshTokenExpiresIn=-1&saasToken=";
  assert.deepEqual(handedOver(`/x?${query}`), { tokens: { accessToken: "a" }, address: "/x" });
});

test("without a customer's token nothing is read and nothing is taken away", () => {
  for (const address of ["/x", "", "/x?refreshToken=r&saasToken=s", "/x?customerToken=#customerToken=a", "/x#?customerToken=a"]) {
    assert.deepEqual(handedOver(address), { address });
  }
});
