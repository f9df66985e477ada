#!/usr/bin/env bash
# feaxios 0.0.23, "a lightweight alternative to Axios, providing the same familiar API", with its interceptors, against
# a local shop.
# Expected: a request interceptor is as with axios: what it returns, or resolves with, is what is sent, and one that
# throws or rejects stops the request, whose caller is told why.
# Seen: it is called, and not waited for. A token that is awaited, because it must be read or renewed first, is not sent
# with the request; a config that is returned in place of the one given is thrown away; one that throws, as nobody is
# signed in, is passed over, and the order is sent without a token; one that rejects does that and is an unhandled
# rejection besides. After eject() every request of the instance rejects with a TypeError.
# Why it matters: it is named as a replacement, and a test with a token in memory is green. In the shop the calls are a
# guest's. Put the token in before the call is made.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error feaxios@0.0.23 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import axios from "feaxios";

const seen = [];
const server = createServer((request, answer) => {
  seen.push(`${request.method} with ${request.headers.authorization ?? "no token"}`);
  answer.end("{}");
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const interceptors = {
  "sets the token": (config) => {
    config.headers.set("Authorization", "Bearer token");
    return config;
  },
  "waits for the token": async (config) => {
    await Promise.resolve();
    await Promise.resolve();
    config.headers.set("Authorization", "Bearer token");
    return config;
  },
  "returns another config": (config) => ({ ...config, headers: new Headers({ Authorization: "Bearer token" }) }),
  "throws, nobody is signed in": () => {
    throw new Error("sign in first");
  },
  "rejects, nobody is signed in": async () => {
    throw new Error("sign in first");
  },
};
process.on("unhandledRejection", ({ message }) => console.log(`  (nobody handles "${message}")`));
for (const [name, interceptor] of Object.entries(interceptors)) {
  const shop = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
  shop.interceptors.request.use(interceptor);
  seen.length = 0;
  const told = await shop.post("/orders", { article: "lamp" }).then(({ status }) => `resolves, ${status}`, (error) => `rejects, ${error.message}`);
  console.log(`one that ${name}: sent ${seen.join() || "nothing"}; ${told}`);
}
{
  const shop = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
  shop.interceptors.request.eject(shop.interceptors.request.use((config) => config));
  console.log(`one that was ejected: ${await shop.get("/cart").then(({ status }) => `resolves, ${status}`, (error) => `rejects, ${error.constructor.name}`)}`);
}
process.exit();
JS

cat >expected <<'TEXT'
one that sets the token: sent POST with Bearer token; resolves, 200
one that waits for the token: sent POST with no token; resolves, 200
one that returns another config: sent POST with no token; resolves, 200
one that throws, nobody is signed in: sent POST with no token; resolves, 200
  (nobody handles "sign in first")
one that rejects, nobody is signed in: sent POST with no token; resolves, 200
one that was ejected: rejects, TypeError
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: feaxios-interceptor-is-not-waited-for no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
