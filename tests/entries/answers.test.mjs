// Answers that work and make no sense, as captive portals give them: the platform's fault, which passes, and not the caller's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { confirmOptIn } from "storefront-session/account";
import { companyOrder, companyOrders, roles } from "storefront-session/company";
import { updateContext } from "storefront-session/context";
import { beginLogin, completeLogin, exchangeToken } from "storefront-session/sso";

import { buyer, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();

const garbage = [{}, { login: "required" }, { access_token: "undefined" }, { access_token: 5, refresh_token: 7 }, { accessToken: "" }, [], "sign in"];

async function signInBack(session) {
  const url = new URL(await beginLogin(session, { authorizationEndpoint: "https://idp.example/auth", clientId: "shop", redirectUri: "https://shop.example/back" }));
  return completeLogin(session, `https://shop.example/back?code=c&state=${encodeURIComponent(url.searchParams.get("state"))}`);
}

const calls = {
  exchangeToken: (session) => exchangeToken(session, { subjectToken: "s" }),
  completeLogin: signInBack,
  confirmOptIn: (session) => confirmOptIn(session, "t"),
  updateContext: (session) => updateContext(session, { currency: "USD" }),
  roles,
  rolesOfUser: roles,
  companyOrders: (session) => companyOrders(session, { legalEntityId: "le-north" }),
  companyOrder: (session) => companyOrder(session, "1", { legalEntityId: "le-north" }),
};

/** Those that ask something else first, which is answered well, and what garbage is to them. */
const answersOf = {
  rolesOfUser: { known: /users\/me\/scopes/, given: [{ a: 1 }, [5], [null], "sign in", 7] },
  companyOrders: { given: [{ a: 1 }, [5], [null], "sign in", 7, null] },
  companyOrder: { given: [[], "sign in", 7, null] },
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} tells of an answer that makes no sense as protocol, retryable, and loses nobody`, async () => {
    let answer;
    const { known, given: answers = garbage } = answersOf[name] ?? {};
    const send = (input) => (answer === undefined || known?.test(input.url) ? fetch(input) : Response.json(answer));
    const session = await visitor.open({ fetch: async (...given) => send(new Request(...given)) });
    await session.accessToken();
    if (/roles|company/.test(name)) await session.login(buyer);
    const { identity, sessionId } = session.getSnapshot();
    for (const given of answers) {
      answer = given;
      const error = await call(session).then(() => assert.fail("it worked"), (error) => error);
      assert.deepEqual([error.name, error.code, error.retryable, error.field], ["SessionError", "protocol", true, undefined], JSON.stringify(given));
    }
    const after = session.getSnapshot();
    assert.deepEqual([after.identity, after.sessionId], [identity, sessionId]);
  });
}
