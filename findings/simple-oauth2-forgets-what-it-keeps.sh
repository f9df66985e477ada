#!/usr/bin/env bash
# simple-oauth2 5.1.0, AccessToken.refresh() when the answer brings no new refresh token.
# Expected: the answer may leave it out, and the client goes on with the one it has (RFC 6749, 6).
# The library means to: where the answer has none, refresh() fills in the former one.
# Seen: it is read from the wrong place (the object, not its `token`), so the new AccessToken has
# refresh_token: undefined, as a key that hides the former one from whoever merges the two. The next
# refresh sends refresh_token= with nothing behind it, and is refused by a real server.
# Why it matters: everything works for one lifetime of an access token, in tests too; the session
# ends with the second. Servers that do not rotate refresh tokens are the common ones.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error simple-oauth2@5.1.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { ResourceOwnerPassword } from "simple-oauth2";

const sent = [];
const server = http.createServer(async (request, answer) => {
  let body = "";
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  const isLogin = form.get("grant_type") === "password";
  sent.push(isLogin ? "login" : `refresh with "${form.get("refresh_token")}"`);
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify({ access_token: `access-${sent.length}`, token_type: "Bearer", expires_in: 3600, ...(isLogin && { refresh_token: "refresh-1" }) }));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const client = new ResourceOwnerPassword({ client: { id: "shop", secret: "not-a-secret" }, auth: { tokenHost: `http://127.0.0.1:${server.address().port}` } });
let token = await client.getToken({ username: "name", password: "word" });
for (const step of ["after the login", "after the first refresh", "after the second"]) {
  console.log(`${step}: holds ${token.token.refresh_token}, the key is there: ${"refresh_token" in token.token}`);
  token = await token.refresh();
}
console.log(`sent: ${sent.join(", ")}`);
process.exit();
JS

cat >expected <<'TEXT'
after the login: holds refresh-1, the key is there: true
after the first refresh: holds undefined, the key is there: true
after the second: holds undefined, the key is there: true
sent: login, refresh with "refresh-1", refresh with "", refresh with ""
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: simple-oauth2-forgets-what-it-keeps no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
