#!/usr/bin/env bash
# @supabase/auth-js 2.109.0, getSession() with an expired session whose renewal fails.
# Expected: 429 is "later", and an HTML page under 400 or 401 (a preview's password page,
# a company gateway) is no answer of the auth server, so the session stays stored, as it
# does when the network fails or a 502 comes.
# Seen: 429 with the server's JSON, 429, 401 and 400 with HTML each remove the session
# from storage and announce SIGNED_OUT after one request; 502 keeps it (its retries are
# cut short here by a fetch that never answers again).
# Why it matters: one rate limit at the moment of renewal signs the visitor out; a test that
# only tries "server down" does not find it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @supabase/auth-js@2.109.0 >/dev/null

cat >probe.mjs <<'JS'
import { GoTrueClient } from "@supabase/auth-js";

console.error = () => {};
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const past = Math.floor(Date.now() / 1000) - 10;
const token = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "u", exp: past })}.${Buffer.from("x").toString("base64url")}`;

const scenario = async (name, status, type, body) => {
  const map = new Map([["k", JSON.stringify({ access_token: token, refresh_token: "refresh-0", expires_at: past, expires_in: 3600, token_type: "bearer", user: { id: "u" } })]]);
  const storage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value), removeItem: (key) => void map.delete(key) };
  const events = [];
  let requests = 0, first;
  const answered = new Promise((done) => { first = done; });
  const fetch = () => {
    requests += 1;
    if (requests > 1) { first(); return new Promise(() => {}); }
    return Promise.resolve(new Response(body, { status, headers: { "content-type": type } }));
  };
  const client = new GoTrueClient({ url: "http://auth.example", storageKey: "k", storage, fetch, autoRefreshToken: false, persistSession: true, detectSessionInUrl: false, lock: (_name, _wait, work) => work() });
  client.onAuthStateChange((event) => { if (event !== "INITIAL_SESSION") events.push(event); });
  await Promise.race([client.getSession(), answered]);
  await new Promise((done) => setImmediate(done));
  console.log(`${name}: stored ${map.has("k")}, events ${events.join() || "none"}, tried again ${requests > 1}`);
};
await scenario("502 HTML", 502, "text/html", "<h1>Bad gateway</h1>");
await scenario("429 JSON", 429, "application/json", '{"code":429,"error_code":"over_request_rate_limit","msg":"Request rate limit reached"}');
await scenario("429 HTML", 429, "text/html", "<h1>Too many requests</h1>");
await scenario("401 HTML", 401, "text/html", "<h1>Password needed</h1>");
await scenario("400 HTML", 400, "text/html", "<h1>Bad request</h1>");
process.exit();
JS

cat >expected <<'TEXT'
502 HTML: stored true, events none, tried again true
429 JSON: stored false, events SIGNED_OUT, tried again false
429 HTML: stored false, events SIGNED_OUT, tried again false
401 HTML: stored false, events SIGNED_OUT, tried again false
400 HTML: stored false, events SIGNED_OUT, tried again false
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: supabase-429-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
