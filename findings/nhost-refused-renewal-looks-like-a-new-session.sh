#!/usr/bin/env bash
# @nhost/nhost-js 4.7.0, client.refreshSession(0), which "forces the refresh".
# Expected (its types: "The new session or null if there is currently no session or if refresh fails"):
# a renewal that the platform refuses with 401 gives null and, as without the 0, removes the session.
# Seen: with 0 each failure is taken for one that does not matter. A refused, an unanswered and a broken
# renewal all resolve with the session that was there before, even where its token ended a minute ago,
# and it stays in storage: "renewed" cannot be told from "refused". With any other margin the same
# refusal of an ended session gives null.
# Why it matters: a shop forces a renewal after a 401, and tries again with the same refused token.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @nhost/nhost-js@4.7.0 >/dev/null

cat >probe.mjs <<'JS'
import { createClient } from "@nhost/nhost-js";

console.warn = console.error = () => {};
const scenario = async (name, margin, answer) => {
  let sent = 0;
  globalThis.fetch = async () => {
    sent += 1;
    return answer();
  };
  const ended = Date.now() - 60_000;
  let kept = { accessToken: "ended", accessTokenExpiresIn: 900, refreshToken: "refresh-1", user: { id: "bea" }, decodedToken: { exp: ended } };
  const storage = { get: () => kept, set: (session) => void (kept = session), remove: () => void (kept = null) };
  const session = await createClient({ subdomain: "local", region: "local", storage }).refreshSession(margin);
  console.log(`${name}, margin ${margin}: ${sent} sent; gives ${session ? `the session whose token is "${session.accessToken}"` : "null"}; ${kept ? "kept" : "removed"}`);
};
const refused = () => Response.json({ status: 401, error: "invalid-refresh-token", message: "Invalid or expired refresh token" }, { status: 401 });
await scenario("refused", 60, refused);
await scenario("refused", 0, refused);
await scenario("no network", 60, () => Promise.reject(new TypeError("fetch failed")));
await scenario("no network", 0, () => Promise.reject(new TypeError("fetch failed")));
JS

cat >expected <<'TEXT'
refused, margin 60: 2 sent; gives null; removed
refused, margin 0: 1 sent; gives the session whose token is "ended"; kept
no network, margin 60: 2 sent; gives null; kept
no network, margin 0: 1 sent; gives the session whose token is "ended"; kept
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: nhost-refused-renewal-looks-like-a-new-session no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
