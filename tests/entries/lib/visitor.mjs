// Sessions in Node against the sandbox, and what it was asked: for the tests of the package's entries.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";

import { SessionError, SessionManager } from "storefront-session";

import { startSandbox } from "../../../tools/lib/sandbox.mjs";
import { Sandbox, buyer } from "../../e2e/lib/storefront.mjs";

export { buyer };

/** Starts the sandbox before the tests of a file and begins each test anew; `open()` gives a session, `openAs()` a customer's. */
export function useSandbox() {
  const open = [];
  const visitor = {
    async open(more) {
      const options = { tenant: "acme", clientId: "storefront", apiUrl: visitor.sandbox.url, storage: "memory" };
      const session = await SessionManager.open({ ...options, ...more });
      open.push(session);
      return session;
    },
    async openAs(credentials = buyer, company) {
      const session = await visitor.open();
      await session.login(credentials);
      if (company) await session.switchLegalEntity(company);
      await visitor.sandbox.requests();
      return session;
    },
    /** The token of the last mail to that address. */
    async mailed(email) {
      const { mails } = await (await fetch(`${visitor.sandbox.url}/_sandbox/state`)).json();
      return mails.findLast(({ to }) => to === email)?.token;
    },
  };
  let server;
  before(async () => {
    server = await startSandbox();
    visitor.sandbox = new Sandbox(server);
  });
  after(() => server?.stop());
  beforeEach(() => visitor.sandbox.control("reset"));
  afterEach(() => open.splice(0).forEach((session) => session.close()));
  return visitor;
}

/** What a promise is rejected with, as "code field status": a SessionError that holds none of these secrets. */
export async function refused(promise, ...secrets) {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.ok(error instanceof SessionError, `${error?.stack ?? error}`);
  assert.equal(error.name, "SessionError");
  const told = JSON.stringify([error.message, error.stack, { ...error }, `${error.cause}`]);
  for (const secret of [buyer.password, buyer.email, ...secrets]) assert.ok(!told.includes(secret), `a secret was told: ${told}`);
  return [error.code, error.field, error.status].filter(Boolean).join(" ");
}
