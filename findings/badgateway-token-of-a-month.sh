#!/usr/bin/env bash
# @badgateway/oauth2-client 3.3.1, OAuth2Fetch with its own scheduleRefresh (on by default).
# Expected: an access token of 30 days (expires_in 2592000, as Emporix issues to customers)
# is renewed in 30 days, or when it is used afterwards.
# Seen: it is renewed at once, and again, and again: the wait goes to setTimeout unchanged,
# timers hold no more than 2^31 - 1 ms (24.8 days) and fire after 1 ms beyond it, each answer
# schedules the next. A token of 20 days is left alone.
# This probe stops the server after five renewals.
# Why it matters: with rotating refresh tokens and billed calls the page renews as fast as the
# network allows, unnoticed, because every renewal works.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @badgateway/oauth2-client@3.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";

const scenario = async (days) => {
  let renewals = 0, enough;
  const five = new Promise((done) => { enough = done; });
  const fetch = () => {
    renewals += 1;
    if (renewals === 5) { enough(); return new Promise(() => {}); }
    return Promise.resolve(Response.json({ access_token: `access-${renewals}`, refresh_token: `refresh-${renewals}`, token_type: "Bearer", expires_in: days * 86_400 }));
  };
  const client = new OAuth2Client({ server: "https://auth.example", clientId: "shop", tokenEndpoint: "/token", fetch });
  const tokens = new OAuth2Fetch({ client, getStoredToken: () => ({ accessToken: "access-0", refreshToken: "refresh-0", expiresAt: 0 }), getNewToken: () => null });
  await tokens.getAccessToken();
  // As many turns of the timers as a loop of 1 ms timers needs for five renewals, many times over.
  let turns = 200;
  const over = (async () => { while (turns-- > 0) await new Promise((done) => setTimeout(done, 1)); })();
  await Promise.race([five, over]);
  console.log(`a token of ${days} days, nobody asks again: ${renewals} renewal(s)`);
};
await scenario(20);
await scenario(30);
process.exit();
JS

cat >expected <<'TEXT'
a token of 20 days, nobody asks again: 1 renewal(s)
a token of 30 days, nobody asks again: 5 renewal(s)
TEXT

node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: badgateway-token-of-a-month no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
