#!/usr/bin/env bash
# fast-jwt 6.3.6, createVerifier({ key, cache: true }), which its README recommends for speed.
# Expected: each call of the verifier gives what the token says, with and without the cache.
# Seen: the cache hands the same object to every caller. What a request writes into it, as frameworks and shops do with
# request.user, is in what the next request of that token gets, and is there as long as the token is cached: a seller
# who acts for a customer in one request does so in all, a deleted claim stays away, and a cart that is put there is an
# old one in the next request. Without the cache, and with a token that is not cached yet, all is right.
# Why it matters: the cache looks like a switch for speed only, and a test uses a token once. Freeze or copy what the
# verifier gives.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fast-jwt@6.3.6 >/dev/null

cat >probe.mjs <<'JS'
import { createSigner, createVerifier } from "fast-jwt";

const key = "a secret that is long enough for a signature";
const token = createSigner({ key, expiresIn: 3_600_000 })({ sub: "seller", groups: ["staff"] });
for (const cache of [false, true]) {
  const verify = createVerifier({ key, cache });
  const show = () => {
    const { sub, groups, cart } = verify(token);
    return `${sub} of ${groups?.join() ?? "no group"}, cart ${cart?.join() ?? "none"}`;
  };
  const told = [show()];
  const user = verify(token);
  user.sub = "buyer";
  user.cart = ["lamp"];
  delete user.groups;
  told.push(show());
  console.log(`cache: ${cache}, the token says ${told[0]}; after a request that acts for a buyer ${told[1]}`);
}
JS

cat >expected <<'TEXT'
cache: false, the token says seller of staff, cart none; after a request that acts for a buyer seller of staff, cart none
cache: true, the token says seller of staff, cart none; after a request that acts for a buyer buyer of no group, cart lamp
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fast-jwt-cache-keeps-what-a-request-changed no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
