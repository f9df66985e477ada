#!/usr/bin/env bash
# oidc-client-ts 3.5.0, UserManager with refresh tokens; removeUser() while a renewal is under way.
# Expected: removeUser() removes "from any storage the currently authenticated user"; the answer to a
# renewal that was asked for before it belongs to nobody any more and is dropped.
# Seen: the late answer stores the user again, with fresh tokens, and tells userLoaded to the page: the
# one who signed out is signed in. The same with another user who has signed in meanwhile: he is
# replaced by the former one. And renewals are not joined: three calls of signinSilent() send the same
# refresh token three times.
# Why it matters: on a slow line the sign-out is undone for as long as the refresh token lives, on a
# shared machine for the next person. What a renewal began with must still be what is stored.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error oidc-client-ts@3.5.0 >/dev/null

cat >probe.mjs <<'JS'
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from "oidc-client-ts";

globalThis.localStorage = globalThis.sessionStorage = new InMemoryWebStorage();
const open = [];
globalThis.fetch = (_url, init) => new Promise((done) => open.push({ sent: new URLSearchParams(String(init.body)).get("refresh_token"), done }));
const answer = () => open.splice(0).forEach(({ done }) => done(Response.json({ access_token: "access-2", refresh_token: "refresh-2", token_type: "Bearer", expires_in: 3600, scope: "shop" })));
const turn = () => new Promise((done) => setImmediate(done));
const person = (sub, refresh_token) => new User({ access_token: "access-1", refresh_token, token_type: "Bearer", scope: "shop", profile: { sub }, expires_at: 1 });
const start = async () => {
  const endpoints = { issuer: "https://auth.example", token_endpoint: "https://auth.example/token", authorization_endpoint: "https://auth.example/authorize" };
  const manager = new UserManager({
    authority: "https://auth.example", client_id: "shop", redirect_uri: "https://shop.example/", metadata: endpoints,
    automaticSilentRenew: false, userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  });
  await manager.storeUser(person("first", "refresh-1"));
  return manager;
};
const who = async (manager) => {
  const user = await manager.getUser();
  return user ? `${user.profile.sub} with ${user.refresh_token}` : "nobody";
};

for (const [name, meanwhile] of [["removed", (manager) => manager.removeUser()], ["another signs in", (manager) => manager.storeUser(person("second", "refresh-of-second"))]]) {
  const manager = await start();
  const told = [];
  manager.events.addUserLoaded((user) => told.push(user.profile.sub));
  const renewal = manager.signinSilent();
  await turn();
  await meanwhile(manager);
  const between = await who(manager);
  told.length = 0;
  answer();
  await renewal;
  console.log(`${name}: ${between}; after the late answer: ${await who(manager)}, userLoaded told ${told.join(", ")}`);
}
const manager = await start();
const renewals = [manager.signinSilent(), manager.signinSilent(), manager.signinSilent()];
await turn();
console.log(`three at once: sent ${open.map(({ sent }) => sent).join(", ")}`);
answer();
await Promise.all(renewals);
process.exit();
JS

cat >expected <<'TEXT'
removed: nobody; after the late answer: first with refresh-2, userLoaded told first
another signs in: second with refresh-of-second; after the late answer: first with refresh-2, userLoaded told first
three at once: sent refresh-1, refresh-1, refresh-1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: oidc-client-ts-removed-user-returns no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
