// storefront-session/account: sign-up, mailed tokens, passwords, profile and addresses.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addAddress,
  addresses,
  changeEmail,
  changePassword,
  confirmEmail,
  confirmOptIn,
  profile,
  removeAddress,
  requestPasswordReset,
  resendOptIn,
  resetPassword,
  signUp,
  updateAddress,
  updateProfile,
} from "storefront-session/account";

import { buyer, refused, useSandbox } from "./lib/visitor.mjs";

const visitor = useSandbox();
const password = "a-new-password";

for (const email of ["ann+shop@example.com", "Ann.Lee@Example.COM", "ann@bücher.example", "ann@xn--bcher-kva.example"]) {
  test(`sign-up, opt-in by mail and a login, as ${email}`, async () => {
    const session = await visitor.open();
    const { id } = await signUp(session, { email, password, customerDetails: { firstName: "Ann", lastName: "Lee" } });
    assert.match(id, /^\d+$/);
    assert.equal(session.getSnapshot().kind, "anonymous", "nobody is signed in by it");
    const { sessionId } = session.getSnapshot();
    const snapshot = await confirmOptIn(session, await visitor.mailed(email));
    assert.equal(snapshot.kind, "customer");
    assert.equal(snapshot.sessionId, sessionId, "the guest's session goes on");
    assert.equal((await profile(session)).firstName, "Ann");
    await session.logout();
    await session.login({ email, password });
  });
}

for (const fieldStyle of ["snake", "camel", "both"]) {
  for (const expiresInType of ["number", "string"]) {
    test(`opt-in answers in style ${fieldStyle} with lives as ${expiresInType}`, async () => {
      await visitor.sandbox.profile({ fieldStyle, expiresInType });
      const session = await visitor.open();
      const email = "ann@example.com";
      await signUp(session, { email, password });
      const { kind, renewable, expiresAt } = await confirmOptIn(session, { token: await visitor.mailed(email) });
      assert.deepEqual([kind, renewable], ["customer", true]);
      assert.ok(Math.abs(expiresAt - Date.now() - 2_592_000_000) < 60_000, "as long as the platform says");
      assert.ok(session.saasToken());
    });
  }
}

test("a mailed token works once, and another can be had", async () => {
  const session = await visitor.open();
  const email = "ann@example.com";
  await signUp(session, { email, password });
  const first = await visitor.mailed(email);
  await resendOptIn(session, email);
  const { sessionId } = session.getSnapshot();
  await visitor.sandbox.requests();
  assert.equal(await refused(confirmOptIn(session, first), first), "invalid_argument token 400");
  assert.deepEqual(await visitor.sandbox.requests(), [`GET /customer/signup/optin/${await fingerprintOf(first)} anonymous 400`]);
  assert.deepEqual([session.getSnapshot().kind, session.getSnapshot().sessionId], ["anonymous", sessionId], "nothing is lost");
  await confirmOptIn(session, await visitor.mailed(email));
  await session.logout();
  assert.match(await refused(confirmOptIn(session, await visitor.mailed(email))), /^invalid_argument token 400$/);
});

test("a mailed token that has expired is told as what proves nobody, and the guest stays", async () => {
  const session = await visitor.open();
  const email = "ann@example.com";
  await signUp(session, { email, password });
  const token = await visitor.mailed(email);
  const before = [session.getSnapshot(), await session.accessToken()];
  await visitor.sandbox.requests();
  const body = JSON.stringify({ status: 401, type: "unauthorized", message: `The token ${token} has expired`, details: [] });
  await visitor.sandbox.fault({ path: "/customer/acme/signup/optin/*", times: 1, kind: "garbage", status: 401, body });
  assert.equal(await refused(confirmOptIn(session, token), token, before[1]), "invalid_credentials 401");
  assert.equal((await visitor.sandbox.requests()).length, 1);
  assert.deepEqual([session.getSnapshot(), await session.accessToken()], before);
});

test("who has signed in before the mail came confirms it and stays", async () => {
  const session = await visitor.open();
  const email = "ann@example.com";
  await signUp(session, { email, password });
  await session.login({ email, password });
  const { identity, sessionId } = session.getSnapshot();
  const confirmed = await confirmOptIn(session, await visitor.mailed(email));
  assert.deepEqual([confirmed.identity, confirmed.sessionId], [identity, sessionId]);
  assert.equal((await session.refresh()).sessionId, sessionId);
  assert.equal((await profile(session)).contactEmail, email);
});

test("a known address is a conflict, and the answer's words are not told", async () => {
  const session = await visitor.open();
  assert.equal(await refused(signUp(session, { email: buyer.email, password })), "conflict 409");
  assert.equal(session.getSnapshot().kind, "anonymous");
});

test("a forgotten password is replaced once, by what was mailed", async () => {
  const session = await visitor.open();
  assert.equal(await requestPasswordReset(session, { email: buyer.email, site: "main" }), undefined);
  await requestPasswordReset(session, "nobody@example.com");
  const token = await visitor.mailed(buyer.email);
  assert.equal(await resetPassword(session, { token, password }), undefined);
  assert.equal(await refused(resetPassword(session, { token, password }), token, password), "invalid_argument token 400");
  await session.login({ email: buyer.email, password });
});

test("a wrong current password costs one request, and the session lives on", async () => {
  const session = await visitor.openAs();
  const wrong = { currentPassword: "not-my-password", newPassword: password };
  assert.equal(await refused(changePassword(session, wrong), ...Object.values(wrong)), "invalid_credentials 401");
  assert.deepEqual(await visitor.sandbox.requests(), ["POST /customer/password/change customer 401"]);
  await changePassword(session, { currentPassword: buyer.password, newPassword: password });
  assert.equal(session.getSnapshot().kind, "customer");
});

test("a bearer that the platform has ended is renewed, and the write is sent once more", async () => {
  const session = await visitor.openAs();
  await visitor.sandbox.control("revoke", { kind: "access", identity: "customer", sessionId: session.getSnapshot().sessionId });
  await updateProfile(session, { firstName: "Ann" });
  assert.equal((await profile(session)).firstName, "Ann");
  const writes = (await visitor.sandbox.rows()).filter(({ method }) => method === "PATCH").map(({ status }) => status);
  assert.deepEqual(writes.at(-1), 200);
  assert.equal(writes.filter((status) => status === 200).length, 1);
});

test("an e-mail address is changed by a customer and confirmed under his own session", async () => {
  const session = await visitor.openAs();
  const newEmail = "New+Buyer@Example.com";
  const change = { email: buyer.email, password: "not-my-password", newEmail };
  assert.equal(await refused(changeEmail(session, change), change.password), "invalid_credentials 401");
  assert.equal((await visitor.sandbox.requests()).length, 1);
  await changeEmail(session, { ...change, password: buyer.password, syncContactEmail: true });
  const before = session.getSnapshot();
  // The endpoint takes a guest's bearer and no other.
  await confirmEmail(session, await visitor.mailed(newEmail));
  assert.deepEqual(session.getSnapshot(), before, "the customer stays");
  await session.logout();
  await session.login({ email: newEmail, password: buyer.password });
});

test("profile and addresses are read and changed", async () => {
  const session = await visitor.openAs();
  const version = (await profile(session)).metadata.version;
  assert.equal(await updateProfile(session, { lastName: "Lee", metadata: { version } }), undefined);
  assert.equal(await refused(updateProfile(session, { lastName: "Lea", metadata: { version } })), "conflict 409");
  assert.equal((await profile(session, { expand: "addresses" })).lastName, "Lee");

  const { id } = await addAddress(session, { contactName: "Ann Lee", city: "Berlin", country: "DE", tags: ["BILLING"] });
  await updateAddress(session, id, { city: "Hamburg" });
  const mine = (await addresses(session)).find((address) => address.id === id);
  assert.deepEqual([mine.city, mine.country, mine.tags], ["Hamburg", "DE", ["BILLING"]]);
  await removeAddress(session, id);
  assert.equal(await refused(removeAddress(session, id)), "invalid_argument 404");
  assert.ok((await addresses(session)).every((address) => address.id !== id));
});

test("bad input is named before any request", async () => {
  const session = await visitor.openAs();
  const email = "ann@example.com";
  const cases = [
    [signUp, undefined, "email"],
    [signUp, { email: "ann", password }, "email"],
    [signUp, { email: "ann @example.com", password }, "email"],
    [signUp, { email }, "password"],
    [signUp, { email, password: "" }, "password"],
    [signUp, { email, password: "12345" }, "password"],
    [signUp, { email, password: 123456 }, "password"],
    [confirmOptIn, undefined, "token"],
    [confirmOptIn, "", "token"],
    [confirmOptIn, "..", "token"],
    [confirmOptIn, { token: 5 }, "token"],
    [resendOptIn, {}, "email"],
    [requestPasswordReset, { email: "" }, "email"],
    [resetPassword, { token: "t" }, "password"],
    [resetPassword, { password }, "token"],
    [changePassword, { currentPassword: "", newPassword: password }, "currentPassword"],
    [changePassword, { currentPassword: "x", newPassword: "short" }, "newPassword"],
    [changeEmail, { email, password, newEmail: "x" }, "newEmail"],
    [changeEmail, { password, newEmail: email }, "email"],
    [confirmEmail, " ", "token"],
    [updateProfile, undefined, "changes"],
    [updateProfile, "name", "changes"],
    [addAddress, null, "changes"],
    [updateAddress, "", "id"],
    [removeAddress, "..", "id"],
  ];
  for (const [call, given, field] of cases) {
    assert.equal(await refused(call(session, given), "12345", "short"), `invalid_argument ${field}`, `${call.name} ${JSON.stringify(given)}`);
  }
  assert.equal(await refused(signUp(undefined, { email, password })), "invalid_argument session");
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

test("an id leads nowhere else", async () => {
  const session = await visitor.openAs();
  for (const id of ["../../login", "a/b?c#d", "%2e%2e"]) {
    await refused(removeAddress(session, id));
    const [request] = await visitor.sandbox.requests();
    assert.match(request, /^DELETE \/customer\/me\/addresses\/[^/?#]+ /, id);
  }
});

test("a guest is told to sign in, without a request", async () => {
  const session = await visitor.open();
  const calls = [
    changePassword(session, { currentPassword: "x", newPassword: password }),
    changeEmail(session, { email: "a@example.com", password, newEmail: "b@example.com" }),
    profile(session),
    updateProfile(session, {}),
    addresses(session),
    addAddress(session, {}),
    removeAddress(session, "1"),
  ];
  for (const call of calls) assert.equal(await refused(call), "login_required");
  assert.deepEqual(await visitor.sandbox.requests(), []);
});

test("what goes wrong between here and the platform passes, and is typed", async () => {
  const session = await visitor.openAs();
  const path = "/customer/acme/me";
  const cases = [
    [{ kind: "status", status: 429, retryAfter: 7 }, "rate_limited 429"],
    [{ kind: "status", status: 503 }, "server 503"],
    [{ kind: "status", status: 403 }, "forbidden 403"],
    [{ kind: "garbage" }, "server 200"],
    [{ kind: "garbage", status: 400 }, "server 400"],
    [{ kind: "drop" }, "network"],
  ];
  for (const method of ["GET", "PATCH"]) {
    for (const [fault, expected] of cases) {
      await visitor.sandbox.control("faults", {}, "DELETE");
      await visitor.sandbox.fault({ path, method, times: 1, ...fault });
      const error = await (method === "GET" ? profile(session) : updateProfile(session, {})).catch((error) => error);
      assert.equal([error.code, error.status].filter(Boolean).join(" "), expected, `${method} ${JSON.stringify(fault)}`);
      assert.equal(error.retryable, error.code !== "forbidden");
      assert.equal(error.retryAfterMs, fault.retryAfter && 7_000);
    }
  }
});

test("nothing waits for ever", async () => {
  const session = await visitor.open({ timeoutMs: 300 });
  await session.accessToken();
  await visitor.sandbox.fault({ path: "/customer/acme/password/reset", times: 1, kind: "hold" });
  const error = await requestPasswordReset(session, "ann@example.com").catch((error) => error);
  assert.deepEqual([error.code, error.retryable], ["timeout", true]);
  await visitor.sandbox.release();
});

async function fingerprintOf(token) {
  const { path } = (await visitor.sandbox.rows()).find(({ path }) => path.includes("/optin/") && !path.endsWith("refresh_token"));
  assert.ok(!path.includes(token));
  return path.split("/").at(-1);
}
