// storefront-session/sso: the code flow with PKCE through the sandbox's provider, and the exchange of a provider's token.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as oauth from "oauth4webapi";
import { beginLogin, completeLogin, exchangeToken } from "storefront-session/sso";

import { refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const redirectUri = "https://shop.example/signed-in?via=sso";
const email = "ann.sso@example.com";

const options = (more) => ({ authorizationEndpoint: `${visitor.sandbox.url}/_oidc/authorize`, clientId: "shop", redirectUri, ...more });

/** What the provider leads back to, for a visitor who signs in there. */
async function comeBack(url, hint = email) {
  const asked = new URL(url);
  if (hint) asked.searchParams.set("login_hint", hint);
  else asked.searchParams.set("prompt", "none");
  const answer = await fetch(asked, { redirect: "manual" });
  return answer.headers.get("location");
}

test("the address to go to has what oauth4webapi would ask for", async () => {
  const session = await visitor.open();
  const seen = new Set();
  for (const config of [undefined, "google", "azure-ad"]) {
    const url = new URL(await beginLogin(session, options({ config, scope: "openid email", authorizationEndpoint: "https://idp.example/auth?tenant=a b" })));
    const asked = Object.fromEntries(url.searchParams);
    const { state, code_challenge: challenge, ...rest } = asked;
    assert.equal(url.origin + url.pathname, "https://idp.example/auth");
    assert.deepEqual(rest, {
      tenant: "a b",
      response_type: "code",
      client_id: "shop",
      redirect_uri: redirectUri,
      scope: "openid email",
      code_challenge_method: "S256",
    });
    assert.equal(challenge.length, oauth.generateRandomCodeVerifier().length, "256 bits, base64url");
    assert.match(challenge, /^[\w-]{43}$/);
    const [name, random] = config ? state.split("--") : [undefined, state];
    assert.equal(name, config);
    assert.ok(random.length >= oauth.generateRandomState().length && /^[\w-]+$/.test(random));
    seen.add(random).add(challenge);
    // The state comes back as oauth4webapi checks it.
    const answer = oauth.validateAuthResponse({ issuer: "https://idp.example" }, { client_id: "shop" }, new URL(`${redirectUri}&code=c&state=${state}`), state);
    assert.equal(answer.get("code"), "c");
  }
  assert.equal(seen.size, 6, "nothing comes twice");
});

test("the verifier's challenge is the one that oauth4webapi calculates", async (context) => {
  const kept = new Map();
  const area = new Proxy({}, { set: (_, key, value) => kept.set(key, value), get: (_, key) => kept.get(key), deleteProperty: (_, key) => kept.delete(key) });
  Object.defineProperty(globalThis, "sessionStorage", { value: area, configurable: true });
  context.after(() => delete globalThis.sessionStorage);
  const session = await visitor.open();
  const url = new URL(await beginLogin(session, options()));
  const [verifier] = JSON.parse([...kept.values()][0]);
  assert.match(verifier, /^[\w.~-]{43,128}$/);
  assert.equal(url.searchParams.get("code_challenge"), await oauth.calculatePKCECodeChallenge(verifier));
});

test("a login by the provider goes on with the guest's session, and its address works once", async () => {
  const session = await visitor.open();
  const url = await comeBack(await beginLogin(session, options()));
  const { sessionId } = session.getSnapshot();
  await visitor.sandbox.requests();
  const snapshot = await completeLogin(session, url);
  assert.deepEqual([snapshot.kind, snapshot.sessionId], ["customer", sessionId]);
  assert.ok(session.saasToken());
  assert.equal((await visitor.sandbox.requests())[0], "POST /customer/socialLogin anonymous 200");
  assert.equal(await refused(completeLogin(session, url)), "invalid_state");
  await session.logout();
  assert.equal(await refused(completeLogin(session, url)), "invalid_state");
});

test("who is signed in signs in again: same identity, same session, a saas token; somebody else is refused", async () => {
  const session = await visitor.open();
  await completeLogin(session, await comeBack(await beginLogin(session, options())));
  const before = session.getSnapshot();
  const saas = session.saasToken();
  await visitor.sandbox.advance(5);
  const again = await completeLogin(session, await comeBack(await beginLogin(session, options())));
  assert.deepEqual([again.kind, again.identity], ["customer", before.identity]);
  assert.equal(again.sessionId, before.sessionId, "another guest's lends the bearer, and is not shown");
  assert.equal((await session.refresh()).sessionId, before.sessionId);
  assert.notEqual(session.saasToken(), saas);
  const requests = await visitor.sandbox.requests();
  assert.equal(requests.filter((line) => line === "POST /customer/socialLogin anonymous 200").length, 2);

  const other = await comeBack(await beginLogin(session, options()), "somebody.else@example.com");
  assert.equal(await refused(completeLogin(session, other), "somebody.else@example.com"), "invalid_state");
  assert.equal(await refused(exchangeToken(session, { subjectToken: await providersToken("somebody.else@example.com") })), "invalid_state");
  const exchanged = await exchangeToken(session, { subjectToken: await providersToken() });
  assert.deepEqual([exchanged.identity, exchanged.sessionId], [before.identity, before.sessionId]);
  assert.equal((await session.refresh()).sessionId, before.sessionId);
  assert.equal((await session.fetch("/customer/acme/me")).status, 200, "he stays");
});

test("two logins that were begun in one tab can both be completed", async () => {
  const session = await visitor.open();
  const [first] = [await beginLogin(session, options({ config: "one" })), await beginLogin(session, options({ config: "two" }))];
  assert.equal((await completeLogin(session, await comeBack(first))).kind, "customer");
});

test("what was not begun here is an invalid state, and makes no request", async () => {
  const session = await visitor.open();
  const url = new URL(await comeBack(await beginLogin(session, options())));
  const code = url.searchParams.get("code");
  const other = await visitor.open();
  await other.accessToken();
  await visitor.sandbox.requests();
  const withState = (state) => {
    const changed = new URL(url);
    if (state === undefined) changed.searchParams.delete("state");
    else changed.searchParams.set("state", state);
    return changed;
  };
  const elsewhere = new URL(`https://evil.example/signed-in${url.search}`);
  const otherPath = new URL(`https://shop.example/elsewhere${url.search}`);
  for (const it of [withState("another"), withState(undefined), withState("__proto__"), withState("constructor"), withState(""), elsewhere, otherPath]) {
    assert.equal(await refused(completeLogin(session, it), code), "invalid_state", `${it}`);
  }
  assert.equal(await refused(completeLogin(other, url), code), "invalid_state", "another session's");
  assert.deepEqual(await visitor.sandbox.requests(), []);
  assert.equal(session.getSnapshot().kind, "anonymous");
});

test("a code that is spent or expired costs one request, and the guest stays", async () => {
  const session = await visitor.open();
  const url = await comeBack(await beginLogin(session, options()));
  const code = new URL(url).searchParams.get("code");
  await visitor.sandbox.advance(120);
  const { sessionId } = session.getSnapshot();
  await visitor.sandbox.requests();
  assert.equal(await refused(completeLogin(session, url), code), "invalid_credentials 401");
  assert.deepEqual(await visitor.sandbox.requests(), ["POST /customer/socialLogin anonymous 401"]);
  assert.deepEqual([session.getSnapshot().kind, session.getSnapshot().sessionId], ["anonymous", sessionId]);
});

test("a code that was redeemed elsewhere first is refused, and the guest stays", async (context) => {
  const area = {};
  Object.defineProperty(globalThis, "sessionStorage", { value: area, configurable: true });
  context.after(() => delete globalThis.sessionStorage);
  const session = await visitor.open();
  const url = await comeBack(await beginLogin(session, options()));
  const code = new URL(url).searchParams.get("code");
  const [verifier] = JSON.parse(Object.values(area)[0]);
  assert.equal((await redeemed(code, verifier)).token_type, "Bearer");
  const before = [session.getSnapshot(), await session.accessToken()];
  await visitor.sandbox.requests();
  assert.equal(await refused(completeLogin(session, url), code, verifier), "invalid_credentials 401");
  assert.deepEqual(await visitor.sandbox.requests(), ["POST /customer/socialLogin anonymous 401"]);
  assert.deepEqual([session.getSnapshot(), await session.accessToken()], before);
});

test("where the verifier is not there any more the login is not completed, and no request is made", async (context) => {
  const area = {};
  Object.defineProperty(globalThis, "sessionStorage", { value: area, configurable: true });
  context.after(() => delete globalThis.sessionStorage);
  const session = await visitor.open();
  const url = await comeBack(await beginLogin(session, options()));
  await visitor.sandbox.requests();
  for (const key of Object.keys(area)) delete area[key];
  assert.equal(await refused(completeLogin(session, url), new URL(url).searchParams.get("code")), "invalid_state");
  assert.deepEqual(await visitor.sandbox.requests(), []);
  assert.equal(session.getSnapshot().kind, "anonymous");
});

test("a provider that refuses gives no code", async () => {
  const session = await visitor.open();
  const url = await comeBack(await beginLogin(session, options()), null);
  assert.match(url, /error=login_required/);
  assert.equal(await refused(completeLogin(session, url)), "invalid_credentials");
});

test("a provider's token is exchanged", async () => {
  const session = await visitor.open();
  await session.accessToken();
  const { sessionId } = session.getSnapshot();
  const snapshot = await exchangeToken(session, { subjectToken: await providersToken() });
  assert.deepEqual([snapshot.kind, snapshot.sessionId], ["customer", sessionId]);
});

test("a token or a configuration that the platform does not know is typed, and costs one request", async () => {
  const session = await visitor.open();
  await session.accessToken();
  await visitor.sandbox.requests();
  assert.equal(await refused(exchangeToken(session, { subjectToken: "no-such-token" }), "no-such-token"), "invalid_credentials 401");
  assert.equal(await refused(exchangeToken(session, { subjectToken: await providersToken(), config: "none" })), "invalid_argument config 400");
  assert.deepEqual(await visitor.sandbox.requests(), [401, 400].map((status) => `POST /customer/exchangeauthtoken anonymous ${status}`));
  await visitor.sandbox.fault({ path: "/customer/acme/exchangeauthtoken", times: 1, kind: "status", status: 404 });
  assert.equal(await refused(exchangeToken(session, { subjectToken: "x" })), "invalid_credentials 404", "nobody whom it would register");
});

test("bad input is named before any request", async () => {
  const session = await visitor.open();
  const cases = [
    [beginLogin, undefined, "authorizationEndpoint"],
    [beginLogin, options({ authorizationEndpoint: "/auth" }), "authorizationEndpoint"],
    [beginLogin, options({ authorizationEndpoint: "javascript:alert(1)" }), "authorizationEndpoint"],
    [beginLogin, options({ redirectUri: "" }), "redirectUri"],
    [beginLogin, options({ clientId: " " }), "clientId"],
    [beginLogin, options({ scope: "" }), "scope"],
    [beginLogin, options({ config: "a--b" }), "config"],
    [beginLogin, options({ config: "" }), "config"],
    [completeLogin, "/signed-in?code=c&state=s", "url"],
    [completeLogin, undefined, "url"],
    [exchangeToken, undefined, "subjectToken"],
    [exchangeToken, { subjectToken: "" }, "subjectToken"],
    [exchangeToken, { subjectToken: "t", config: 5 }, "config"],
  ];
  for (const [call, given, field] of cases) assert.equal(await refused(call(session, given)), `invalid_argument ${field}`, `${call.name} ${JSON.stringify(given)}`);
  assert.equal(await refused(beginLogin({}, options())), "invalid_argument session");
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

/** An access token that the provider has given the shop. */
async function providersToken(hint = email) {
  const verifier = oauth.generateRandomCodeVerifier();
  const asked = new URL(options().authorizationEndpoint);
  const query = { response_type: "code", client_id: "shop", redirect_uri: redirectUri, state: "s", code_challenge_method: "S256" };
  query.code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  for (const [name, value] of Object.entries(query)) asked.searchParams.set(name, value);
  const code = new URL(await comeBack(asked, hint)).searchParams.get("code");
  return (await redeemed(code, verifier)).access_token;
}

/** What the provider gives for a code. */
async function redeemed(code, verifier) {
  const body = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirectUri, client_id: "shop", code_verifier: verifier });
  return (await fetch(`${visitor.sandbox.url}/_oidc/token`, { method: "POST", body })).json();
}

test("who logs out while the provider's code or token is exchanged is not signed in", async () => {
  for (const path of ["socialLogin", "exchangeauthtoken"]) {
    const session = await visitor.open();
    const url = await comeBack(await beginLogin(session, options()));
    await visitor.sandbox.fault({ path: `/customer/acme/${path}`, times: 1, kind: "hold" });
    const isCode = path === "socialLogin";
    const subjectToken = await providersToken();
    const signingIn = refused(isCode ? completeLogin(session, url) : exchangeToken(session, { subjectToken }));
    await visitor.sandbox.asked(new RegExp(path));
    await session.logout();
    await visitor.sandbox.release();
    assert.equal(await signingIn, "aborted");
    assert.equal(session.getSnapshot().kind, "anonymous");
  }
});
