// What no function of the entries takes: each is `invalid_argument` with the field's name, before any request, and tells nothing of
// what was given.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as account from "storefront-session/account";
import * as company from "storefront-session/company";
import * as context from "storefront-session/context";
import { ServiceToken } from "storefront-session/service";
import * as sso from "storefront-session/sso";

import { refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const secret = "what-nobody-is-to-be-told";
const throws = () => {
  throw new Error(secret);
};
const hostile = new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws });

/** No text that could be sent. Half of a character would arrive as another, and no address holds a million. */
const noTexts = [0, NaN, -1, Infinity, true, 10n, [], ["a@b.example"], {}, () => secret, Symbol(secret), hostile, { toString: throws }, "\ud800", "long-enough\udc00@b.example", `${"x".repeat(1_000_000)}@b.example`];
const noObjects = [5, true, Symbol(secret), hostile];
const isNothing = [undefined, null, "", " "];

const texts = { email: "ann@example.com", password: "long-enough", newEmail: "lee@example.com", token: "a-token", currentPassword: "long-enough", newPassword: "also-long-enough" };
const login = { authorizationEndpoint: "https://provider.example/auth", redirectUri: "https://shop.example/in", clientId: "shop" };
const key = { tenant: "acme", clientId: "backend", clientSecret: "backend-secret" };
const pick = (names) => Object.fromEntries(names.split(" ").map((name) => [name, { ...texts, ...login, subjectToken: "t" }[name]]));

/** Functions that are given an object: as whom, what they need, and what they may be given beside it. */
const functions = [
  [account.signUp, "guest", pick("email password")],
  [account.resendOptIn, "guest", pick("email")],
  [account.requestPasswordReset, "guest", pick("email")],
  [account.resetPassword, "guest", pick("token password")],
  [account.confirmEmail, "guest", pick("token")],
  [account.confirmOptIn, "guest", pick("token")],
  [account.changePassword, "customer", pick("currentPassword newPassword")],
  [account.changeEmail, "customer", pick("email password newEmail")],
  [sso.beginLogin, "guest", login, "scope config"],
  [sso.exchangeToken, "guest", pick("subjectToken"), "config"],
  [context.updateContext, "customer", {}, "currency siteCode language targetLocation"],
  [company.companyOrders, "customer", {}, "legalEntityId page pageSize sort q"],
  [async (_, given) => new ServiceToken(given), "guest", key, "scopes apiUrl timeoutMs fetch now"],
];

/** A field of an object that throws when it is read. */
const throwing = (field, given) => Object.defineProperty({ ...given }, field, { get: throws, enumerable: true });

test("what is no text is named, for every field of every function", async () => {
  const visitors = { guest: await visitor.open(), customer: await visitor.openAs(undefined, "le-north") };
  await visitors.guest.accessToken();
  await visitor.sandbox.requests();
  for (const [call, who, needed, more = ""] of functions) {
    const session = visitors[who];
    for (const field of [...Object.keys(needed), ...more.split(" ").filter(Boolean)]) {
      const isNumber = /^page|timeout/.test(field);
      const isFunction = /^(fetch|now)$/.test(field);
      const values = [...noTexts, ...(field in needed ? isNothing : [])].filter((it) => !(isFunction && typeof it === "function") && !(field === "scopes" && Array.isArray(it)));
      for (const value of [...values, ...(isNumber ? [0.5, 0, "5", 2 ** 60] : [])]) {
        const told = await refused(call(session, { ...needed, [field]: value }), secret);
        assert.equal(told, `invalid_argument ${field}`, `${call.name} ${typeof value} ${field}`);
      }
      assert.equal(await refused(call(session, throwing(field, needed)), secret), `invalid_argument ${field}`, `${call.name} ${field} throws`);
    }
    const [first] = Object.keys(needed);
    for (const given of first ? [...noObjects, [], () => {}, ""] : [hostile]) assert.match(await refused(call(session, given), secret), /^invalid_argument \w+$/, call.name);
  }
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

test("ids, changes, queries and addresses are checked as well", async () => {
  const session = await visitor.openAs(undefined, "le-north");
  const told = async (promise) => assert.match(await refused(promise, secret), /^invalid_argument (id|orderId|url|changes|query|body|attributes(\.a)?)$/);
  for (const id of [...noTexts, ...isNothing, ".", ".."]) {
    await told(account.updateAddress(session, id, { street: "x" }));
    await told(account.removeAddress(session, id));
    await told(company.companyOrder(session, id));
  }
  const circular = {};
  circular.me = circular;
  for (const changes of [undefined, null, "x", [], () => {}, ...noObjects, circular, { a: 10n }, throwing("street", {})]) {
    await told(account.updateProfile(session, changes));
    await told(account.addAddress(session, changes));
    await told(account.updateAddress(session, "a", changes));
  }
  for (const customerDetails of [circular, { a: 10n }, hostile]) await told(account.signUp(session, { ...texts, customerDetails }));
  await told(account.signUp(session, throwing("customerDetails", texts)));
  for (const query of [5, "expand=x", [], () => {}, hostile]) await told(account.profile(session, query));
  for (const url of [...noTexts, "/in?code=c", "ftp://shop.example/in"]) await told(sso.completeLogin(session, url));
  for (const attributes of [5, "x", [], () => {}, hostile, throwing("a", {}), { a: 10n }, { a: [] }, { a: 5 }, { a: "" }, { a: "\ud800" }]) await told(context.updateContext(session, { attributes }));
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

test("what is no session is none", async () => {
  const calls = [...functions.slice(0, -1).map(([call, , needed]) => [call, needed]), [account.profile], [account.addresses], [context.context], [company.myScopes], [company.roles], [company.companyOrder, "o"], [sso.completeLogin, "https://shop.example/in?code=c&state=s"]];
  for (const session of [undefined, null, {}, 5, "x", [], hostile, { tenant: "acme" }]) {
    for (const [call, given] of calls) {
      const filled = call === context.updateContext ? { currency: "EUR" } : given;
      assert.equal(await refused(call(session, filled), secret), "invalid_argument session", `${call.name} ${typeof session}`);
    }
  }
});
