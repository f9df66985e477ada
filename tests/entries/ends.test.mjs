// No answer, in a process that waits for nothing else: every call of the entries settles with a typed error all the same, whether who
// sends it hears its signal or not, and the process ends then.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { root } from "../../tools/lib/run.mjs";

const source = `
  import { SessionError, SessionManager } from "storefront-session";
  import * as account from "storefront-session/account";
  import * as company from "storefront-session/company";
  import * as context from "storefront-session/context";
  import { ServiceToken } from "storefront-session/service";
  import * as sso from "storefront-session/sso";

  const silent = process.argv[1];
  const never = () => new Promise(() => {});
  const bodyless = () => new ReadableStream({ pull: never });
  /** Who never answers: deaf to the signal, listening to it, with no end of the body, and a server that is really asked, whose connection is left. */
  const kinds = {
    deaf: never,
    listening: (request, init) => new Promise((_, reject) => (init?.signal ?? request.signal).addEventListener("abort", () => reject(new TypeError("ended")))),
    "no end": async () => new Response(bodyless()),
    "no text": async () => Object.assign(new Response(), { text: never }),
    server: (request, init) => fetch(request.url ? new Request(silent, request) : silent, init),
  };
  const grant = { access_token: "a", refresh_token: "r", expires_in: 3600, refresh_token_expires_in: 86400, sessionId: "s" };
  let kind = "deaf";
  let isSilent = false;
  const send = (...call) => (isSilent ? kinds[kind](...call) : Promise.resolve(Response.json(grant)));
  const open = async () => {
    const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: "https://api.example.test", fetch: send, timeoutMs: 60_000 });
    await session.accessToken();
    // What is to be given up is the entry's own request.
    return Object.assign(Object.create(session), { timeoutMs: 20 });
  };
  const guest = await open();
  const customer = await open();
  await customer.login({ email: "somebody@example.com", password: "p" });
  const service = () => new ServiceToken({ tenant: "acme", clientId: "backend", clientSecret: "s", apiUrl: "https://api.example.test", fetch: send, timeoutMs: 20 });

  const begun = await sso.beginLogin(guest, { authorizationEndpoint: "https://provider.example/auth", redirectUri: "https://shop.example/in", clientId: "shop" });
  const back = "https://shop.example/in?code=c&state=" + new URL(begun).searchParams.get("state");
  const email = "ann@example.com";
  const password = "long-enough";
  const calls = {
    exchangeToken: () => sso.exchangeToken(guest, { subjectToken: "t" }),
    "exchangeToken of a customer": () => sso.exchangeToken(customer, { subjectToken: "t" }),
    completeLogin: () => sso.completeLogin(guest, back),
    signUp: () => account.signUp(guest, { email, password }),
    "signUp beside a customer": () => account.signUp(customer, { email, password }),
    confirmOptIn: () => account.confirmOptIn(guest, "t"),
    changePassword: () => account.changePassword(customer, { currentPassword: password, newPassword: password }),
    profile: () => account.profile(customer),
    updateProfile: () => account.updateProfile(customer, { a: 1 }),
    addresses: () => account.addresses(customer),
    context: () => context.context(guest),
    updateContext: () => context.updateContext(guest, { currency: "EUR" }),
    roles: () => company.roles(customer),
    companyOrders: () => company.companyOrders(customer, { legalEntityId: "l" }),
    "ServiceToken.accessToken": () => service().accessToken(),
    "ServiceToken.fetch": () => service().fetch("/x"),
  };
  const told = async (name) => {
    const outcome = await calls[name]().then(() => "done", (error) => (error instanceof SessionError && error.retryable ? error.code : error));
    console.log(name + ", " + kind + ": " + outcome);
  };
  isSilent = true;
  for (const name in calls) await told(name);
  for (kind of Object.keys(kinds).slice(1)) for (const name of ["exchangeToken", "addresses", "ServiceToken.accessToken"]) await told(name);`;

test("calls settle in a process that waits for nothing else, which ends then", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  // The time is for one that never ends.
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source, `http://127.0.0.1:${silent.address().port}`], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  const [status] = await once(child, "close");
  silent.closeAllConnections();
  silent.close();
  const outcomes = printed.trim().split("\n");
  assert.deepEqual([status, outcomes.filter((line) => !line.endsWith(": timeout")), outcomes.length], [0, [], 28]);
});
