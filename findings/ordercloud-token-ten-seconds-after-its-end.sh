#!/usr/bin/env bash
# ordercloud-javascript-sdk 12.0.0, any call with a token that nears its end or has ended.
# Expected: the margin of ten seconds that the SDK keeps makes it renew an access token BEFORE it
# ends, and where the answer to a renewal brings another refresh token, that one is used next
# (RFC 6749, section 6).
# Seen: the margin has the wrong sign. A token is sent for ten seconds AFTER its `exp`, so that every
# session has a window in which each call is refused, although a good refresh token is at hand. The
# new refresh token is thrown away; the old one is sent again. A renewal that is refused is swallowed:
# the call goes out with "Authorization: Bearer" and nothing behind it.
# Why it matters: a margin is tested on both of its sides, and what a renewal answers is kept whole.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ordercloud-javascript-sdk@12.0.0 axios@1.13.2 >/dev/null

cat >probe.cjs <<'JS'
const { createServer } = require("node:http");
const { text } = require("node:stream/consumers");
const { Configuration, Me, Tokens } = require("ordercloud-javascript-sdk");

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
let made = 0;
const token = (life) => `${base64url({ alg: "none" })}.${base64url({ cid: "storefront", exp: Math.floor(Date.now() / 1000) + life, n: ++made })}.x`;
let spent;
const sent = [];
const server = createServer(async (request, response) => {
  response.setHeader("content-type", "application/json");
  if (request.url === "/oauth/token") {
    const refresh = new URLSearchParams(await text(request)).get("refresh_token");
    sent.push(`renewal with ${refresh}`);
    if (refresh !== "refresh-1" && refresh !== "refresh-2" || refresh === spent) {
      response.writeHead(400);
      return response.end('{"error":"invalid_grant"}');
    }
    spent = refresh;
    return response.end(JSON.stringify({ access_token: token(600), refresh_token: "refresh-2" }));
  }
  const bearer = request.headers.authorization?.replace(/^Bearer ?/, "") ?? "";
  const name = bearer === "" ? "an empty bearer" : JSON.parse(Buffer.from(bearer.split(".")[1], "base64url")).exp * 1000 < Date.now() ? "an ended token" : "a good token";
  sent.push(`call with ${name}`);
  response.writeHead(name === "a good token" ? 200 : 401);
  response.end("{}");
});

const told = async (name, life) => {
  Tokens.SetAccessToken(token(life));
  const end = await Me.Get().then(() => "answered", (error) => error.status ?? error.message);
  console.log(`${name}: ${sent.splice(0).join(", ")}; ${end}`);
};
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  Configuration.Set({ baseApiUrl: url, clientID: "storefront" });
  Tokens.SetRefreshToken("refresh-1");
  await told("five seconds before its end", 5);
  await told("five seconds after its end", -5);
  await told("a minute after its end", -60);
  console.log(`refresh token that is kept: ${Tokens.GetRefreshToken()}`);
  await told("a minute after the next one's end", -60);
  server.close();
});
JS

cat >expected <<'TEXT'
five seconds before its end: call with a good token; answered
five seconds after its end: call with an ended token; 401
a minute after its end: renewal with refresh-1, call with a good token; answered
refresh token that is kept: refresh-1
a minute after the next one's end: renewal with refresh-1, call with an empty bearer; 401
TEXT

node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ordercloud-token-ten-seconds-after-its-end no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
