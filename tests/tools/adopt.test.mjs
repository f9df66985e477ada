// Tokens from somewhere else, as npm/adopt.js reads them: what is checked before any request, and the dashboard's address.

import assert from "node:assert/strict";
import { test } from "node:test";

import { adoption, handedOver } from "../../npm/adopt.js";

const shop = { tenant: "acme" };

test("tokens are put into the spelling of the platform's answers, and the platform is asked unless told otherwise", () => {
  const tokens = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: 60, refreshExpiresIn: 90, sessionId: "id" };
  const [answer, company, isChecked] = adoption(shop, { ...tokens, legalEntityId: "le" });
  const { refreshExpiresIn: refreshTokenExpiresIn, ...rest } = tokens;
  assert.deepEqual(JSON.parse(answer), { ...rest, refreshTokenExpiresIn });
  assert.deepEqual([company, isChecked], ["le", true]);
  assert.deepEqual(adoption(shop, { accessToken: "a", validate: false }), ['{"accessToken":"a"}', undefined, false]);
  assert.deepEqual(adoption(shop, { accessToken: "a", refreshToken: null, validate: undefined })[2], true);
});

test("an answer of the platform's is taken as it is, in any of its spellings", () => {
  const expected = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: 60, refreshTokenExpiresIn: 90 };
  const snake = { token_type: "Bearer", access_token: "a", refresh_token: "r", saas_token: "s", expires_in: "60", refresh_token_expires_in: "90", scope: "x" };
  const camel = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: "60", refreshTokenExpiresIn: 90 };
  for (const answer of [snake, camel, { ...snake, ...camel }]) assert.deepEqual(JSON.parse(adoption(shop, answer)[0]), expected);
  const bare = { access_token: "a", refresh_token: "", expires_in: 0, refresh_token_expires_in: "", session_id: "id" };
  assert.deepEqual(JSON.parse(adoption(shop, bare)[0]), { accessToken: "a", sessionId: "id" });
});

test("what is none is named, without what it is", () => {
  const secret = "s3cr3t with blanks";
  const wrong = {
    accessToken: [undefined, null, "", " ", "undefined", "null", secret, "ü", 7, {}, "a".repeat(8193)],
    refreshToken: ["", "undefined", secret, 7],
    saasToken: ["", "null", secret, true],
    expiresIn: [0, -1, NaN, Infinity, 1e300, 2 ** 53, 60n, "60"],
    refreshExpiresIn: [0, -1, NaN, Infinity, 1e300, 2 ** 53, 60n, "60"],
    legalEntityId: ["", " ", 7, "\ud800", "a".repeat(8193)],
    sessionId: ["", " ", {}, "\ud800", "a".repeat(8193)],
    validate: [0, "false", {}],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const given = { accessToken: "a", [field]: value };
      assert.throws(() => adoption(shop, given), (error) => {
        assert.deepEqual([error.code, error.field], ["invalid_argument", field], `${field} ${value}`);
        return !JSON.stringify(error).includes("s3cr3t");
      });
    }
  }
  for (const nothing of [undefined, null, 7, "token", []]) assert.throws(() => adoption(shop, nothing), { field: "accessToken" });
});

test("what throws when it is read is named, without what it says", () => {
  const throws = () => {
    throw new Error("s3cr3t");
  };
  for (const field of ["accessToken", "refreshToken", "saasToken", "expiresIn", "legalEntityId", "sessionId", "validate"]) {
    const given = Object.defineProperty({ accessToken: "a" }, field, { get: throws, enumerable: true });
    assert.throws(() => adoption(shop, given), (error) => error.field === field && !JSON.stringify(error).includes("s3cr3t"), field);
  }
  const hostile = new Proxy({}, { get: throws, has: throws, ownKeys: throws });
  assert.throws(() => adoption(shop, hostile), { field: "accessToken" });
  for (const url of [undefined, null, 7, true, {}, [], () => "/x", Symbol("s"), hostile, { href: 7 }]) assert.throws(() => handedOver(url), { code: "invalid_argument", field: "url" });
});

test("tokens that say that they are another tenant's are refused, whether the platform is to be asked or not", () => {
  const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
  const ours = ["tenant=acme", "customer.customer_read_own tenant=acme", "x.y_tenant=other", "", undefined, 5];
  const foreign = ["tenant=other", "customer.customer_read_own tenant=other", "tenant=acmeother"];
  for (const validate of [true, false]) {
    for (const [scopes, isOurs] of [[ours, true], [foreign, false]]) {
      for (const scope of scopes) {
        for (const tokens of [
          { access_token: "a", scope, validate },
          { accessToken: "a", scope, validate },
          { accessToken: jwt({ sub: "1", scope }), validate },
          { accessToken: "a", saasToken: jwt({ sub: "ünïcode 1", scope }), validate },
        ]) {
          if (isOurs) adoption(shop, tokens);
          else assert.throws(() => adoption(shop, tokens), { code: "invalid_credentials" }, JSON.stringify(tokens));
        }
      }
    }
    adoption(shop, { accessToken: jwt({ tenant: "acme" }), validate });
    assert.throws(() => adoption(shop, { accessToken: jwt({ tenant: "other" }), validate }), { code: "invalid_credentials" });
    // Most tokens say nothing, and what looks like a JWT may be none.
    for (const saasToken of ["opaque", "a.b.c", "..", "a.e30.c", `a.${btoa("null")}.c`, `a.${btoa("5")}.c`]) adoption(shop, { accessToken: "a", saasToken, validate });
  }
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
