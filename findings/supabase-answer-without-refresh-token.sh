#!/usr/bin/env bash
# @supabase/auth-js 2.109.0, getSession() with an expired session.
# Expected: RFC 6749, section 6: an answer to a refresh MAY carry a new refresh token; where
# it carries none the old one stays valid, so the client keeps it and takes the access token.
# Seen: a 200 with a new access token and no refresh_token removes the whole session, the
# access token included, and announces SIGNED_OUT; the error says "Auth session missing!".
# The same happens where expires_in is absent (only RECOMMENDED there).
# Why it matters: a gateway or a server that does not rotate looks like a logout to the shop.
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
const jwt = (exp) => `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "u", exp })}.${Buffer.from("x").toString("base64url")}`;
const now = Math.floor(Date.now() / 1000);

const scenario = async (name, left) => {
  const map = new Map([["k", JSON.stringify({ access_token: jwt(now - 10), refresh_token: "refresh-0", expires_at: now - 10, expires_in: 3600, token_type: "bearer", user: { id: "u" } })]]);
  const storage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value), removeItem: (key) => void map.delete(key) };
  const events = [];
  const answer = { access_token: jwt(now + 3600), refresh_token: "refresh-1", expires_in: 3600, token_type: "bearer", user: { id: "u" } };
  delete answer[left];
  const fetch = async () => Response.json(answer);
  const client = new GoTrueClient({ url: "http://auth.example", storageKey: "k", storage, fetch, autoRefreshToken: false, persistSession: true, detectSessionInUrl: false, lock: (_name, _wait, work) => work() });
  client.onAuthStateChange((event) => { if (event !== "INITIAL_SESSION") events.push(event); });
  const { data, error } = await client.getSession();
  console.log(`${name}: session ${data.session ? "kept" : "none"}, stored ${map.has("k")}, error ${error?.message ?? "none"}, events ${events.join()}`);
};
await scenario("complete", "none of them");
await scenario("no refresh_token", "refresh_token");
await scenario("no expires_in", "expires_in");
JS

cat >expected <<'TEXT'
complete: session kept, stored true, error none, events TOKEN_REFRESHED
no refresh_token: session none, stored false, error Auth session missing!, events SIGNED_OUT
no expires_in: session none, stored false, error Auth session missing!, events SIGNED_OUT
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: supabase-answer-without-refresh-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
