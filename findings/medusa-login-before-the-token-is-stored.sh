#!/usr/bin/env bash
# @medusajs/js-sdk 2.21.2, auth.login() and auth.logout() with a storage of one's own (jwtTokenStorageMethod
# "custom"), whose functions may return promises by their types, as those of AsyncStorage do.
# Expected: `await sdk.auth.login(…)` has stored the token, `await sdk.auth.logout()` has removed it: the
# call that follows is the customer's, or nobody's; where the storage refuses, login() rejects.
# Seen: both resolve while the storage is still at work. The call after a login goes out without a token, or
# with the token of the customer before; the one after a logout with the token of who has just signed
# out. A storage that refuses is an unhandled rejection, and login() a success. setToken() waits.
# Why it matters: an encrypted store in an app takes tens of milliseconds: "my account" right after the
# login is empty, or another's. Whoever keeps a token has to wait until it is kept.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @medusajs/js-sdk@2.21.2 >/dev/null

cat >probe.mjs <<'JS'
import sdk from "@medusajs/js-sdk";

const Medusa = sdk.default ?? sdk;
let unhandled = 0;
process.on("unhandledRejection", () => (unhandled += 1));
const work = () => new Promise((done) => setTimeout(done, 50));
const start = (stored, refuse) => {
  const entries = new Map(stored ? [["medusa_auth_token", stored]] : []);
  const storage = {
    getItem: async (key) => entries.get(key) ?? null,
    setItem: async (key, value) => {
      await work();
      if (refuse) throw new Error("storage is full");
      entries.set(key, value);
    },
    removeItem: async (key) => {
      await work();
      entries.delete(key);
    },
  };
  const sent = [];
  globalThis.fetch = async (url, init) => {
    if (String(url).endsWith("/emailpass")) return Response.json({ token: "new" });
    sent.push(init.headers.get("authorization") ?? "no token");
    return Response.json({ customer: {} });
  };
  const medusa = new Medusa({ baseUrl: "https://shop.example", auth: { type: "jwt", jwtTokenStorageMethod: "custom", storage } });
  return { medusa, sent };
};
const scenario = async (name, stored, step, refuse = false) => {
  const { medusa, sent } = start(stored, refuse);
  unhandled = 0;
  const end = await step(medusa).then(() => "resolved", () => "rejected");
  await medusa.store.customer.retrieve();
  await new Promise((done) => setTimeout(done, 200));
  await medusa.store.customer.retrieve();
  console.log(`${name}: ${end}; the next call is sent with ${sent[0]}, a later one with ${sent[1]}; unhandled rejections ${unhandled}`);
};
const login = (medusa) => medusa.auth.login("customer", "emailpass", { email: "name@shop.example", password: "word" });
await scenario("login", undefined, login);
await scenario("login of another", "old", login);
await scenario("logout", "old", (medusa) => medusa.auth.logout());
await scenario("login, storage refuses", undefined, login, true);
await scenario("setToken", "old", (medusa) => medusa.client.setToken("new"));
JS

cat >expected <<'TEXT'
login: resolved; the next call is sent with no token, a later one with Bearer new; unhandled rejections 0
login of another: resolved; the next call is sent with Bearer old, a later one with Bearer new; unhandled rejections 0
logout: resolved; the next call is sent with Bearer old, a later one with no token; unhandled rejections 0
login, storage refuses: resolved; the next call is sent with no token, a later one with no token; unhandled rejections 1
setToken: resolved; the next call is sent with Bearer new, a later one with Bearer new; unhandled rejections 0
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: medusa-login-before-the-token-is-stored no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
