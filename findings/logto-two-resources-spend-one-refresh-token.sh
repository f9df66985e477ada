#!/usr/bin/env bash
# @logto/client 3.1.9, getAccessToken() for two resources (or a resource and an organization) at once.
# Expected: calls that find their tokens expired together wait for each other, because the refresh
# token is one for all of them and is replaced by each renewal (the SDK's own rule: equal calls share
# one request).
# Seen: only calls with equal arguments share. Two resources send the same refresh token at the same
# time; a platform that takes each one once refuses the second ("invalid_grant"), and one that detects
# reuse ends the session. Asked one after the other both succeed.
# Why it matters: what must be shared is named by what is spent (the refresh token), not by what is
# asked for. A storefront that shows prices for a company and an account at once meets it at every expiry.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @logto/client@3.1.9 >/dev/null

cat >probe.mjs <<'JS'
import LogtoClient from "@logto/client";

const scenario = async (name, ask) => {
  const sent = [];
  let current = 1;
  const requester = async (url, init) => {
    if (String(url).endsWith("openid-configuration")) return { issuer: "https://id.example/oidc", token_endpoint: "https://id.example/oidc/token", jwks_uri: "https://id.example/oidc/jwks" };
    const form = new URLSearchParams(init.body);
    const refresh = form.get("refresh_token");
    sent.push(refresh);
    await new Promise((done) => setImmediate(done));
    if (refresh !== `refresh-${current}`) throw Object.assign(new Error("invalid_grant"), { code: "invalid_grant" });
    current += 1;
    return { access_token: `access to ${form.get("resource")}`, refresh_token: `refresh-${current}`, scope: "", expires_in: 3600 };
  };
  const entries = new Map([["idToken", "kept"], ["refreshToken", "refresh-1"]]);
  const storage = {
    getItem: async (key) => entries.get(key) ?? null,
    setItem: async (key, value) => void entries.set(key, value),
    removeItem: async (key) => void entries.delete(key),
  };
  const adapter = { requester, storage, navigate() {}, generateState: () => "s", generateCodeVerifier: () => "v", generateCodeChallenge: async () => "c" };
  const client = new LogtoClient({ endpoint: "https://id.example/", appId: "storefront", resources: ["prices", "orders"] }, adapter);
  const ends = await ask((resource) => client.getAccessToken(resource).catch((error) => error.code ?? error.message));
  console.log(`${name}: sent ${sent.join(", ")}; ${ends.join(", ")}`);
};
await scenario("the same resource twice at once", (token) => Promise.all([token("prices"), token("prices")]));
await scenario("two resources at once", (token) => Promise.all([token("prices"), token("orders")]));
await scenario("one after the other", async (token) => [await token("prices"), await token("orders")]);
JS

cat >expected <<'TEXT'
the same resource twice at once: sent refresh-1; access to prices, access to prices
two resources at once: sent refresh-1, refresh-1; access to prices, invalid_grant
one after the other: sent refresh-1, refresh-2; access to prices, access to orders
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: logto-two-resources-spend-one-refresh-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
