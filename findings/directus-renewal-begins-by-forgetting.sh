#!/usr/bin/env bash
# @directus/sdk 18.0.3, authentication("json") as it comes: the tokens in memory, or in a storage of one's own.
# Expected: a renewal that fails in transit leaves the tokens, to be tried again; a wrong password is refused and
# changes nothing for who is signed in; two who ask for a renewal get one; after logout() nobody is signed in.
# Seen: refresh() and login() empty the storage before they send anything. After one 503 or one lost
# connection the refresh token is gone and every later call is anonymous, without an error: getToken() gives
# null. A wrong password ends the session that was there. Two who call refresh() together send one refresh token
# twice. logout() during a renewal cannot name the session it ends, and when the renewal is answered its tokens are
# stored: the one who signed out is signed in.
# Why it matters: a renewal runs by a timer at any moment, so that a crash of the tab in it loses the
# session as well. What is stored is replaced by what is new, and not removed before that.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @directus/sdk@18.0.3 >/dev/null

cat >probe.mjs <<'JS'
import { authentication, createDirectus, readItems, rest } from "@directus/sdk";

const good = (number) => Response.json({ data: { access_token: `access-${number}`, refresh_token: `refresh-${number}`, expires: 900_000 } });
const refused = (status) => Response.json({ errors: [{ message: "refused" }] }, { status });
const turn = () => new Promise((done) => setImmediate(done));

const start = async (renew) => {
  const sent = [];
  let held;
  const waits = new Promise((done) => (held = done));
  const fetch = async (url, init) => {
    const path = new URL(url).pathname;
    const body = init.body ? JSON.parse(init.body) : {};
    if (path === "/auth/login") return body.password === "right" ? good(1) : refused(401);
    if (path === "/items/orders") {
      sent.push(`orders as ${new Headers(init.headers).get("authorization") ?? "anybody"}`);
      return Response.json({ data: [] });
    }
    sent.push(`${path} with ${body.refresh_token ?? "no token"}`);
    if (path === "/auth/logout") return new Response(null, { status: 204 });
    await waits;
    return body.refresh_token ? renew() : refused(400);
  };
  const stored = { value: null, get: () => stored.value, set: (value) => void (stored.value = value) };
  const shop = createDirectus("https://shop.example", { globals: { fetch } }).with(rest()).with(authentication("json", { storage: stored }));
  await shop.login("bea@shop.example", "right");
  return { shop, sent, stored, answer: held };
};
const show = async (name, { shop, sent, stored }) => {
  const token = await shop.getToken();
  await shop.request(readItems("orders"));
  console.log(`${name}: stored ${stored.value?.refresh_token ?? "nothing"}, token ${token}; sent: ${sent.join(", ")}`);
  shop.stopRefreshing();
};
for (const [name, renew] of [
  ["a renewal that works", () => good(2)],
  ["a renewal answered with 503", () => refused(503)],
  ["a renewal whose connection is lost", () => Promise.reject(new TypeError("fetch failed"))],
]) {
  const it = await start(renew);
  it.answer();
  await it.shop.refresh().catch(() => {});
  await show(name, it);
}
{
  const it = await start(() => good(2));
  await it.shop.login("bea@shop.example", "wrong").catch(() => {});
  await show("a wrong password", it);
}
{
  const it = await start(() => good(2));
  const both = [it.shop.refresh(), it.shop.refresh()];
  await turn();
  it.answer();
  const ends = (await Promise.allSettled(both)).map(({ status }) => status);
  await show(`two renewals, ${ends.join(" and ")}`, it);
}
{
  const it = await start(() => good(2));
  const renewal = it.shop.refresh();
  await turn();
  await it.shop.logout();
  it.answer();
  await renewal;
  await show("a logout during a renewal", it);
}
process.exit();
JS

cat >expected <<'TEXT'
a renewal that works: stored refresh-2, token access-2; sent: /auth/refresh with refresh-1, orders as Bearer access-2
a renewal answered with 503: stored nothing, token null; sent: /auth/refresh with refresh-1, orders as anybody
a renewal whose connection is lost: stored nothing, token null; sent: /auth/refresh with refresh-1, orders as anybody
a wrong password: stored nothing, token null; sent: orders as anybody
two renewals, fulfilled and fulfilled: stored refresh-2, token access-2; sent: /auth/refresh with refresh-1, /auth/refresh with refresh-1, orders as Bearer access-2
a logout during a renewal: stored refresh-2, token access-2; sent: /auth/refresh with refresh-1, /auth/logout with no token, orders as Bearer access-2
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: directus-renewal-begins-by-forgetting no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
