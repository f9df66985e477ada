#!/usr/bin/env bash
# axios-jwt 4.0.3 with axios 1.21.1, applyAuthTokenInterceptor(instance, { getStorage, requestRefresh }) for two
# instances, and clearAuthTokens() at the logout, as its README shows them.
# Expected: an instance of axios has the storage that was given for it; a logout ends the session.
# Seen: the storage is kept once for the whole module, and so is the renewal that is under way: every instance uses the
# storage that was given last, whatever its own. On a server with an instance per visitor the first one's calls are made
# with the second one's token, and in a page a client for the seller's side ends the customer's session. A call that
# starts while another's renewal is under way gets the token that it brings. A logout during a renewal is undone when
# that is answered: isLoggedIn() says false, and then true.
# Why it matters: with one instance nothing is seen. With two, two visitors share a cart, and either renews with the
# other's refresh token. Use it in the browser only, for one instance, and await a call before the logout.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error axios-jwt@4.0.3 axios@1.21.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import axios from "axios";
import axiosJwt from "axios-jwt";

const { applyAuthTokenInterceptor, clearAuthTokens, isLoggedIn, setAuthTokens } = axiosJwt;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const token = (sub, seconds) => ["{}", JSON.stringify({ sub, exp: Math.floor(Date.now() / 1000) + seconds }), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
const server = createServer((request, answer) => {
  const [, claims] = request.headers.authorization?.split(".") ?? [];
  answer.end(claims ? JSON.parse(Buffer.from(claims, "base64url")).sub : "nobody");
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const visitor = async (name, seconds) => {
  const kept = new Map();
  const storage = { get: async (key) => kept.get(key) ?? null, set: async (key, value) => void kept.set(key, value), remove: async (key) => void kept.delete(key) };
  const sent = [];
  const instance = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
  const requestRefresh = async (refreshToken) => {
    sent.push(refreshToken);
    await wait(100);
    return { accessToken: token(`${name}, renewed`, 3600), refreshToken: `the next of ${name}` };
  };
  applyAuthTokenInterceptor(instance, { getStorage: () => storage, requestRefresh });
  await setAuthTokens({ accessToken: token(name, seconds), refreshToken: `that of ${name}` });
  return { call: async () => (await instance.get("/")).data, sent };
};
{
  const first = await visitor("the first", 3600);
  const alone = await first.call();
  const second = await visitor("the second", 3600);
  console.log(`the first alone is ${alone}; with a second instance the first is ${await first.call()}, the second ${await second.call()}`);
}
{
  const first = await visitor("the first", -1);
  const second = await visitor("the second", -1);
  const calls = await Promise.all([first.call(), second.call()]);
  console.log(`both to be renewed: the first is ${calls[0]}, the second ${calls[1]}; the first's renewal sent ${first.sent.join() || "nothing"}, the second's ${second.sent.join() || "nothing"}`);
}
{
  const customer = await visitor("the customer", -1);
  const call = customer.call();
  await wait(50);
  await clearAuthTokens();
  const after = await isLoggedIn();
  await call;
  console.log(`after a logout during the renewal: logged in ${after}, when that has been answered ${await isLoggedIn()}, and calls are made as ${await customer.call()}`);
}
process.exit();
JS

cat >expected <<'TEXT'
the first alone is the first; with a second instance the first is the second, the second the second
both to be renewed: the first is the first, renewed, the second the first, renewed; the first's renewal sent that of the second, the second's nothing
after a logout during the renewal: logged in false, when that has been answered true, and calls are made as the customer, renewed
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axios-jwt-two-clients-have-one-session no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
