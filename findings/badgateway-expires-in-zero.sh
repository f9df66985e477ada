#!/usr/bin/env bash
# @badgateway/oauth2-client 3.3.1, refreshToken() and OAuth2Fetch.
# Expected: a token with expires_in: 0 (valid by RFC 6749: a lifetime in seconds) has expired
# on arrival, so the next call renews; at the least it is not treated better than 1.
# Seen: expiresAt becomes null, which this library uses for "does not expire": getToken()
# hands the dead token out for ever, without another request. With 1 it is renewed.
# Why it matters: some servers round a token's remaining life down to 0; `expires_in ? a : b`
# takes zero for absent. The same slip awaits whoever decodes lifetimes by truth.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @badgateway/oauth2-client@3.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";

const scenario = async (life) => {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return Response.json({ access_token: `access-${requests}`, refresh_token: `refresh-${requests}`, token_type: "Bearer", expires_in: life });
  };
  const client = new OAuth2Client({ server: "https://auth.example", clientId: "shop", tokenEndpoint: "/token", fetch });
  const first = await client.refreshToken({ accessToken: "access-0", refreshToken: "refresh-0", expiresAt: 0 });
  const tokens = new OAuth2Fetch({ client, getStoredToken: () => first, getNewToken: () => null, scheduleRefresh: false });
  const now = Date.now;
  Date.now = () => now() + 5000;
  await tokens.getAccessToken();
  Date.now = now;
  console.log(`expires_in ${life}: expiresAt ${first.expiresAt === null ? "null" : "a time"}, renewals five seconds later ${requests - 1}`);
};
await scenario(0);
await scenario(1);
JS

cat >expected <<'TEXT'
expires_in 0: expiresAt null, renewals five seconds later 0
expires_in 1: expiresAt a time, renewals five seconds later 1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: badgateway-expires-in-zero no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
