#!/usr/bin/env bash
# @feathersjs/authentication-client 5.0.50 with @feathersjs/feathers 5.0.50, over REST as it comes.
# Expected: who is signed in and mistypes the password (a confirmation, a second account) is refused, and is
# still who he was; calls that have nothing to do with it go on; a logout leaves no token on the device.
# Seen: a refused authenticate() deletes the stored token of the one who is signed in. Under 429 the token stays
# in storage, and calls are made as anybody from then on all the same. Every call that starts while it is under way
# waits for it, is never sent, and rejects with "Invalid login": a list of products as well. After a logout() that
# the server did not hear the token stays, while the client says that nobody is signed in: the next page is signed
# in again.
# Why it matters: a refusal concerns what was asked with it. And the end that a visitor wants is
# made on his device, whatever the network does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @feathersjs/authentication-client@5.0.50 @feathersjs/feathers@5.0.50 @feathersjs/rest-client@5.0.50 >/dev/null

cat >probe.mjs <<'JS'
import authentication, { MemoryStorage } from "@feathersjs/authentication-client";
import { feathers } from "@feathersjs/feathers";
import rest from "@feathersjs/rest-client";

const invalid = () => Response.json({ name: "NotAuthenticated", message: "Invalid login", code: 401 }, { status: 401 });
const tooMany = () => Response.json({ name: "TooManyRequests", message: "Too many", code: 429 }, { status: 429 });

const open = (storage, answer) => {
  const sent = [];
  const fetch = async (url, init) => {
    const path = new URL(url).pathname;
    const bearer = new Headers(init.headers).get("authorization") ?? "anybody";
    if (path === "/products") {
      sent.push(`products as ${bearer}`);
      return Response.json([]);
    }
    if (init.method === "DELETE") throw new TypeError("fetch failed");
    const body = JSON.parse(init.body);
    if (body.password !== "right" && body.strategy === "local") return answer();
    return Response.json({ accessToken: "token-1", user: { name: "Bea" } }, { status: 201 });
  };
  const app = feathers().configure(rest("https://shop.example").fetch(fetch)).configure(authentication({ storage }));
  app.service("products").hooks({});
  const list = () => app.service("products").find().then(() => "a list", ({ message }) => `"${message}"`);
  return { app, sent, list };
};
const login = (app, password) => app.authenticate({ strategy: "local", email: "bea@shop.example", password });
const stored = async (storage) => (await storage.getItem("feathers-jwt")) ?? "nothing";

for (const [name, answer] of [["401", invalid], ["429", tooMany]]) {
  const storage = new MemoryStorage();
  const { app, sent, list } = open(storage, answer);
  await login(app, "right");
  const before = `stored ${await stored(storage)}`;
  const refused = login(app, "wrong").catch(() => {});
  const meanwhile = await list();
  await refused;
  console.log(`${name}: ${before}, then ${await stored(storage)}; products meanwhile: ${meanwhile}, afterwards: ${await list()}; sent: ${sent.join(", ")}`);
}
const storage = new MemoryStorage();
const { app } = open(storage, invalid);
await login(app, "right");
const end = await app.logout().then(() => "resolves", () => "rejects");
const next = open(storage, invalid);
await next.app.reAuthenticate();
await next.list();
console.log(`a logout without a network ${end}: authenticated ${app.authentication.authenticated}, stored ${await stored(storage)}; the next page: ${next.sent.join(", ")}`);
JS

cat >expected <<'TEXT'
401: stored token-1, then nothing; products meanwhile: "Invalid login", afterwards: a list; sent: products as anybody
429: stored token-1, then token-1; products meanwhile: "Too many", afterwards: a list; sent: products as anybody
a logout without a network rejects: authenticated false, stored token-1; the next page: products as Bearer token-1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: feathers-wrong-password-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
