#!/usr/bin/env bash
# ngrx-store-localstorage 20.1.0, localStorageSync() with `rehydrate: true` and a reload.
# Expected: a state that is made of numbers, texts, true and null comes back as it was; `restoreDates` "restores
# serialized date objects".
# Seen: a slice that is a number comes back as a text, and one that is the text "true" or "null" as true or null. And every
# text, at any depth, that begins like a date becomes a Date, be there more behind it: a note "2026-11-29T10:00:00, ring
# twice" is an invalid Date, and is stored as null at the next action.
# Why it matters: the second article makes a number of 1 into "11"; what a customer wrote is lost by a reload. Text from a
# storage may be taken for nothing but what was stored as such.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error ngrx-store-localstorage@20.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { localStorageSync } from "ngrx-store-localstorage";

const entries = new Map();
const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value), removeItem: (key) => void entries.delete(key) };
const say = (value) => (value instanceof Date ? `a Date, ${Number.isNaN(value.getTime()) ? "invalid" : "valid"}` : typeof value === "object" && value ? `{ ${Object.entries(value).map(([key, one]) => `${key}: ${say(one)}`).join(", ")} }` : `${typeof value} ${JSON.stringify(value)}`);
// A page: the reducer of one slice that takes what an action brings, under the package's meta-reducer.
const open = (first) => {
  const reducer = localStorageSync({ keys: ["slice"], rehydrate: true, storage })((state = { slice: first }, action) => ("value" in action ? { slice: action.value } : state));
  let state = reducer(undefined, { type: "@ngrx/store/init" });
  return { state: () => state.slice, dispatch: (action) => (state = reducer(state, { type: "any", ...action })) };
};
for (const [first, value] of [[0, 1], ["", "a name"], ["", "true"], ["", "null"], [{}, { order: "2026-11-29T10:00:00Z" }], [{}, { note: "2026-11-29T10:00:00, ring twice" }]]) {
  entries.clear();
  open(first).dispatch({ value });
  const stored = entries.get("slice");
  const page = open(first);
  const read = say(page.state());
  page.dispatch({});
  console.log(`${say(value)} is stored as ${stored}, read as ${read}, and stored again as ${entries.get("slice")}`);
}
entries.clear();
open(0).dispatch({ value: 1 });
const page = open(0);
page.dispatch({ value: page.state() + 1 });
console.log("one article and another:", say(page.state()));
JS

cat >expected <<'TEXT'
number 1 is stored as 1, read as string "1", and stored again as 1
string "a name" is stored as a name, read as string "a name", and stored again as a name
string "true" is stored as true, read as boolean true, and stored again as true
string "null" is stored as null, read as object null, and stored again as null
{ order: string "2026-11-29T10:00:00Z" } is stored as {"order":"2026-11-29T10:00:00Z"}, read as { order: a Date, valid }, and stored again as {"order":"2026-11-29T10:00:00.000Z"}
{ note: string "2026-11-29T10:00:00, ring twice" } is stored as {"note":"2026-11-29T10:00:00, ring twice"}, read as { note: a Date, invalid }, and stored again as {"note":null}
one article and another: string "11"
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ngrx-store-localstorage-changes-numbers-and-texts no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
