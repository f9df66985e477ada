#!/usr/bin/env bash
# @nanostores/persistent 1.3.5 with nanostores 1.5.5, persistentMap() and `set({})`, the way to empty a map.
# Expected: what the map holds is what the storage holds: after set({}) nothing is left there.
# Seen: a map that nobody listens to has not read its storage yet, and set() removes only keys it has read. On a page
# where nothing shows the session, set({}) at the logout removes nothing; the next component that listens, in this page
# or the next, has the token again. The same for keys that another tab has added since the last listener left.
# A get() before it is enough of a listener, for a second. persistentAtom() is not affected.
# Why it matters: the customer has signed out, and is signed in on the next page. What ends a session must end what is
# stored, not what is known of it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @nanostores/persistent@1.3.5 nanostores@1.5.5 >/dev/null

cat >probe.mjs <<'JS'
import { persistentAtom, persistentMap, setPersistentEngine } from "@nanostores/persistent";

let tell;
const stored = {};
setPersistentEngine(stored, { addEventListener: (_key, listener) => void (tell = listener), removeEventListener: () => void (tell = undefined) });
const anotherTab = (key, newValue) => {
  stored[key] = newValue;
  tell?.({ key, newValue });
};
const wait = (time) => new Promise((done) => setTimeout(done, time));
const show = (name, store) => console.log(`${name}: stored ${JSON.stringify(stored)}, the next page has ${JSON.stringify(store.get())}`);
let count = 0;
const open = () => {
  const prefix = `session${++count}:`;
  for (const key of Object.keys(stored)) delete stored[key];
  stored[`${prefix}token`] = "token";
  return [persistentMap(prefix), () => persistentMap(prefix), prefix];
};

const [shown, nextOfShown] = open();
shown.listen(() => {});
shown.set({});
show("with a listener", nextOfShown());

const [unseen, nextOfUnseen] = open();
unseen.set({});
show("without one", nextOfUnseen());

const [read, nextOfRead] = open();
read.get();
read.set({});
show("after get()", nextOfRead());

const [left, nextOfLeft, prefix] = open();
left.listen(() => {})();
await wait(1500);
anotherTab(`${prefix}refresh`, "refresh");
left.set({});
show("after its listener has left", nextOfLeft());

stored.name = "token";
const atom = persistentAtom("name", undefined);
atom.set(undefined);
console.log("an atom without a listener:", "name" in stored ? "stored" : "removed");
process.exit();
JS

cat >expected <<'TEXT'
with a listener: stored {}, the next page has {}
without one: stored {"session2:token":"token"}, the next page has {"token":"token"}
after get(): stored {}, the next page has {}
after its listener has left: stored {"session4:refresh":"refresh"}, the next page has {"refresh":"refresh"}
an atom without a listener: removed
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: nanostores-sign-out-leaves-the-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
