#!/usr/bin/env bash
# memoizee 0.4.17, fast-memoize 2.5.2, @formatjs/fast-memoize 3.1.7 and nano-memoize 3.0.16; micro-memoize 5.2.0 and
# moize 6.1.7 beside them. One function of two arguments, read(path, who), with and without a value by default for the
# second.
# Expected: a function that remembers does as the one it was made of: other arguments, another call. A default changes
# what is done where nothing is given.
# Seen: the number of arguments is taken from the function's length, which counts up to the first default only. With who
# = "a guest" memoizee looks at the path alone, and the second customer gets the first one's cart; the three others do
# not even hand the second argument on, and every customer gets the guest's. With (...all) memoizee has one answer for
# all. The two beside them are right.
# Why it matters: who adds a default to a parameter, or a compiler that does, changes whose cart is shown, and neither
# types nor a test with one visitor see it. Give length: false to memoizee, strategies.variadic to fast-memoize, or one
# object by a key.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error memoizee@0.4.17 fast-memoize@2.5.2 @formatjs/fast-memoize@3.1.7 nano-memoize@3.0.16 micro-memoize@5.2.0 moize@6.1.7 >/dev/null

cat >probe.mjs <<'JS'
import * as formatjs from "@formatjs/fast-memoize";
import fastMemoize from "fast-memoize";
import memoizee from "memoizee";
import * as micro from "micro-memoize";
import moize from "moize";
import nano from "nano-memoize";

const ways = {
  memoizee: (read) => memoizee(read, { promise: true }),
  "fast-memoize": (read) => fastMemoize(read),
  "@formatjs/fast-memoize": (read) => (formatjs.memoize ?? formatjs.default)(read),
  "nano-memoize": (read) => (nano.nanomemoize ?? nano)(read),
  "micro-memoize": (read) => (micro.memoize ?? micro.default.memoize ?? micro.default)(read),
  moize: (read) => (moize.default ?? moize)(read, { maxSize: 10 }),
};
const functions = {
  "(path, who)": async (path, who) => `the ${path} of ${who}`,
  '(path, who = "a guest")': async (path, who = "a guest") => `the ${path} of ${who}`,
  "(...all)": async (...all) => `the ${all.join(" of ")}`,
};
for (const [name, remember] of Object.entries(ways)) {
  for (const [parameters, read] of Object.entries(functions)) {
    const remembered = remember(read);
    const seen = [];
    for (const who of ["the first", "the second"]) seen.push(`${who} sees ${await remembered("cart", who)}`);
    console.log(`${name}, ${parameters}: ${seen.join(", ")}`);
  }
}
JS

cat >expected <<'TEXT'
memoizee, (path, who): the first sees the cart of the first, the second sees the cart of the second
memoizee, (path, who = "a guest"): the first sees the cart of the first, the second sees the cart of the first
memoizee, (...all): the first sees the cart of the first, the second sees the cart of the first
fast-memoize, (path, who): the first sees the cart of the first, the second sees the cart of the second
fast-memoize, (path, who = "a guest"): the first sees the cart of a guest, the second sees the cart of a guest
fast-memoize, (...all): the first sees the cart of the first, the second sees the cart of the second
@formatjs/fast-memoize, (path, who): the first sees the cart of the first, the second sees the cart of the second
@formatjs/fast-memoize, (path, who = "a guest"): the first sees the cart of a guest, the second sees the cart of a guest
@formatjs/fast-memoize, (...all): the first sees the cart of the first, the second sees the cart of the second
nano-memoize, (path, who): the first sees the cart of the first, the second sees the cart of the second
nano-memoize, (path, who = "a guest"): the first sees the cart of a guest, the second sees the cart of a guest
nano-memoize, (...all): the first sees the cart of the first, the second sees the cart of the second
micro-memoize, (path, who): the first sees the cart of the first, the second sees the cart of the second
micro-memoize, (path, who = "a guest"): the first sees the cart of the first, the second sees the cart of the second
micro-memoize, (...all): the first sees the cart of the first, the second sees the cart of the second
moize, (path, who): the first sees the cart of the first, the second sees the cart of the second
moize, (path, who = "a guest"): the first sees the cart of the first, the second sees the cart of the second
moize, (...all): the first sees the cart of the first, the second sees the cart of the second
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: a-default-value-takes-the-visitor-out-of-the-key no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
