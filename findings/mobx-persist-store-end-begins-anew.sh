#!/usr/bin/env bash
# mobx-persist-store 1.1.8 with mobx 7.1.3, makePersistable() with expireIn as its README shows it.
# Expected: expireIn, "a value in milliseconds to determine when the data in storage should not be retrieved", runs from
# the change that was stored: a token that was stored for a day is gone after a day.
# Seen: every page stores all that it has just read once more, unchanged, with an end that begins anew: who looks in
# every twenty hours has the token for ever. With fireImmediately: false, which two of the README's examples have and
# the others do not, it ends after a day; but then any change to another property of the store moves the end of all.
# Why it matters: a token, or a price that is to be read again after an hour, is taken for good long after its end.
# Store the end as a value of one's own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error mobx-persist-store@1.1.8 mobx@7.1.3 >/dev/null

cat >probe.mjs <<'JS'
import * as mobx from "mobx";
import { makePersistable, stopPersisting } from "mobx-persist-store";

const HOUR = 3_600_000;
const clock = Date;
let now = clock.UTC(2026, 0, 1);
globalThis.Date = class extends clock {
  constructor(...parts) {
    if (parts.length > 0) super(...parts);
    else super(now);
  }
  static now = () => now;
};
const stored = new Map();
const storage = { getItem: async (key) => stored.get(key) ?? null, setItem: async (key, value) => void stored.set(key, value), removeItem: async (key) => void stored.delete(key) };
class Session {
  token = "";
  currency = "EUR";
  constructor(reaction) {
    mobx.makeAutoObservable(this);
    this.ready = makePersistable(this, { name: "session", properties: ["token", "currency"], storage, expireIn: 24 * HOUR }, reaction);
  }
  set(values) {
    Object.assign(this, values);
  }
}
const turn = () => new Promise((done) => setImmediate(done));
for (const [name, reaction, change] of [["as it is"], ["fireImmediately: false", { fireImmediately: false }], ["fireImmediately: false, another currency on each page", { fireImmediately: false }, true]]) {
  stored.clear();
  const told = [];
  for (let page = 0; page < 5; page += 1) {
    const session = new Session(reaction);
    await session.ready;
    if (page === 0) session.set({ token: "of the sign-in" });
    else told.push(`after ${page * 20} hours ${session.token || "none"}`);
    if (change) session.set({ currency: `of page ${page}` });
    await turn();
    stopPersisting(session);
    now += 20 * HOUR;
  }
  console.log(`${name}, a token for 24 hours: ${told.join(", ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
as it is, a token for 24 hours: after 20 hours of the sign-in, after 40 hours of the sign-in, after 60 hours of the sign-in, after 80 hours of the sign-in
fireImmediately: false, a token for 24 hours: after 20 hours of the sign-in, after 40 hours none, after 60 hours none, after 80 hours none
fireImmediately: false, another currency on each page, a token for 24 hours: after 20 hours of the sign-in, after 40 hours of the sign-in, after 60 hours of the sign-in, after 80 hours of the sign-in
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: mobx-persist-store-end-begins-anew no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
