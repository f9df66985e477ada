#!/usr/bin/env bash
# jsrsasign 11.1.5, KJUR.jws.JWS.verifyJWT, a token that was issued a second ago by the
# server's clock.
# Expected: "iat" only tells the age of a token (RFC 7519, 4.1.6); no rule refuses one that
# lies in the future, and other libraries (jose 6.2.18, jsonwebtoken 9.0.3) accept it.
# Seen: verifyJWT answers false as soon as iat is later than the verifier's clock, by one
# second already; its documented grace period (gracePeriod) is not applied by default.
# Why it matters: a device or a server whose clock is a little behind refuses each fresh token
# for that long, right after login and after each renewal, and never an old one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error jsrsasign@11.1.5 jose@6.2.18 jsonwebtoken@9.0.3 >/dev/null

cat >probe.mjs <<'JS'
import jsrsasign from "jsrsasign";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";

const { jws } = jsrsasign.KJUR;
const key = "k".repeat(64);
const now = Math.floor(Date.now() / 1000);
for (const early of [-1, 1, 30]) {
  // Seconds that pass while this runs must not matter: the verifier's clock is handed in.
  const token = jws.JWS.sign("HS256", { alg: "HS256", typ: "JWT" }, { sub: "u", iat: now + early, exp: now + 3600 }, { utf8: key });
  const results = {
    jsrsasign: jws.JWS.verifyJWT(token, { utf8: key }, { alg: ["HS256"], verifyAt: now }),
    "jsrsasign with gracePeriod 60": jws.JWS.verifyJWT(token, { utf8: key }, { alg: ["HS256"], verifyAt: now, gracePeriod: 60 }),
    jose: await jose.jwtVerify(token, new TextEncoder().encode(key), { currentDate: new Date(now * 1000) }).then(() => true, () => false),
    jsonwebtoken: Boolean(jsonwebtoken.verify(token, key, { clockTimestamp: now })),
  };
  console.log(`iat ${early} s from now: ${Object.entries(results).map(([name, accepted]) => `${name} ${accepted}`).join(", ")}`);
}
JS

cat >expected <<'TEXT'
iat -1 s from now: jsrsasign true, jsrsasign with gracePeriod 60 true, jose true, jsonwebtoken true
iat 1 s from now: jsrsasign false, jsrsasign with gracePeriod 60 true, jose true, jsonwebtoken true
iat 30 s from now: jsrsasign false, jsrsasign with gracePeriod 60 true, jose true, jsonwebtoken true
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: jsrsasign-refuses-fresh-tokens no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
