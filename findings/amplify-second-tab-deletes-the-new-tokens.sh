#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2 in two threads that share one storage, as two tabs do,
# against a user pool that rotates refresh tokens without a grace period (RetryGracePeriodSeconds 0, a documented
# value). Both find that the access token has ended.
# Expected: one of them renews, or who is told that his refresh token was used before
# (RefreshTokenReuseException) looks whether the other tab has stored the next one.
# Seen: both send the same refresh token. The second is refused and deletes what is stored, by then the tokens
# that the first has just got and that are good: both tabs are signed out, and no request says so to the
# platform. In one tab calls share a renewal. The refused call rejects; the next one finds nobody.
# Why it matters: tabs wake together. A refusal is about the token that was sent: before anything is deleted
# compare it with the one that is stored, under a lock that all tabs share.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @aws-amplify/core@6.19.2 @aws-amplify/auth@6.21.1 >/dev/null

cat >probe.mjs <<'JS'
import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (age) => {
  const iat = Math.floor(Date.now() / 1000) - age;
  return `${part({ alg: "none" })}.${part({ iat, exp: iat + 3600, username: "customer" })}.x`;
};
const scenario = async (name, tabs) => {
  const key = "CognitoIdentityServiceProvider.client";
  const entries = new Map([[`${key}.LastAuthUser`, "customer"], [`${key}.customer.accessToken`, jwt(7200)], [`${key}.customer.refreshToken`, "refresh-1"], [`${key}.customer.clockDrift`, "0"]]);
  const sent = [];
  let all, stored;
  const asked = new Promise((done) => (all = done));
  const kept = new Promise((done) => (stored = done));
  const server = http.createServer(async (request, response) => {
    const { RefreshToken } = JSON.parse(await text(request));
    sent.push(RefreshToken);
    const first = sent.length === 1;
    if (sent.length === tabs) all();
    await asked;
    if (!first) await kept;
    const [status, body] = first
      ? [200, { AuthenticationResult: { AccessToken: jwt(0), RefreshToken: "refresh-2", ExpiresIn: 3600, TokenType: "Bearer" } }]
      : [400, { __type: "RefreshTokenReuseException", message: "Refresh token has been reused" }];
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const opened = Array.from({ length: tabs }, () => new Worker(new URL("tab.mjs", import.meta.url), { workerData: `http://127.0.0.1:${server.address().port}` }));
  const told = opened.map((tab) => {
    const ends = [];
    let more;
    tab.on("message", ({ id, step, name, value, end }) => {
      if (end) return ends.push(end), more?.();
      if (step === "set") entries.set(name, value);
      if (step === "remove") entries.delete(name);
      tab.postMessage({ id, value: entries.get(name) ?? null });
      if (step === "set" && name.endsWith(".clockDrift")) stored();
    });
    return async () => {
      while (!ends.length) await new Promise((done) => (more = done));
      return ends.shift();
    };
  });
  const calls = await Promise.all(told.map((next) => next()));
  await new Promise((done) => setTimeout(done, 500));
  for (const tab of opened) tab.postMessage({ again: true });
  const later = await Promise.all(told.map((next) => next()));
  console.log(`${name}: sent ${sent.join(", ")}; ${calls.sort().join(", ")}; then ${later.join(", ")}; stored: ${entries.get(`${key}.customer.refreshToken`) ?? "nothing"}`);
  await Promise.all(opened.map((tab) => tab.terminate()));
  server.closeAllConnections();
  server.close();
};
await scenario("one tab, two calls", 1);
await scenario("two tabs", 2);
JS

cat >tab.mjs <<'JS'
import { parentPort, workerData } from "node:worker_threads";
import { Amplify, fetchAuthSession } from "@aws-amplify/core";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";

const waiting = new Map();
parentPort.on("message", async ({ id, value, again }) => {
  if (again) return parentPort.postMessage({ end: await who() });
  waiting.get(id)(value);
  waiting.delete(id);
});
let last = 0;
const ask = (step, name, value) => new Promise((done) => {
  waiting.set((last += 1), done);
  parentPort.postMessage({ id: last, step, name, value });
});
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  getItem: (name) => ask("get", name),
  setItem: (name, value) => ask("set", name, value),
  removeItem: (name) => ask("remove", name),
  clear: async () => {},
});
// What Amplify.configure() of "aws-amplify" does.
const Auth = { Cognito: { userPoolId: "eu-central-1_shop", userPoolClientId: "client", userPoolEndpoint: workerData } };
cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
const who = () => fetchAuthSession().then(({ tokens }) => (tokens ? "signed in" : "nobody"), (error) => error.name);
const both = await Promise.all([who(), who()]);
parentPort.postMessage({ end: both.join(" and ") });
JS

cat >expected <<'TEXT'
one tab, two calls: sent refresh-1; signed in and signed in; then signed in; stored: refresh-2
two tabs: sent refresh-1, refresh-1; RefreshTokenReuseException and RefreshTokenReuseException, signed in and signed in; then nobody, nobody; stored: nothing
TEXT

timeout 60 node probe.mjs 2>/dev/null >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: amplify-second-tab-deletes-the-new-tokens no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
