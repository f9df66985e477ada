#!/usr/bin/env bash
# navigator.locks 0.9.1, the polyfill of Web Locks for browsers without them (here in happy-dom 21.0.4).
# Expected: "implement features according to [the] Web Locks API Specification": an exclusive lock is
# granted when nobody holds the name any more, with however many shared locks before it.
# Seen: it is granted as soon as the FIRST of several shared locks ends; the others are still held.
# query() then lists an exclusive and a shared lock of one name as held. Exclusive locks among
# themselves keep their turns.
# Why it matters: "calls hold it shared, a company switch or a logout exclusive" is the natural use of
# the two modes; with two calls under way the switch runs into the slower one, in old browsers only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error navigator.locks@0.9.1 happy-dom@21.0.4 >/dev/null

cat >probe.mjs <<'JS'
import { Window } from "happy-dom";

const page = new Window({ url: "https://shop.example/" });
const globals = { window: page, document: page.document, localStorage: page.localStorage, Event: page.Event, navigator: {} };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
Object.defineProperty(page, "navigator", { value: navigator });
await import("navigator.locks");

const { locks } = navigator;
const gate = () => {
  let open;
  const passed = new Promise((done) => (open = done));
  return { passed, open };
};
// A holder says when it has been granted, and holds until it is let go.
const hold = (name, mode) => {
  const granted = gate(), end = gate();
  const done = locks.request(name, { mode }, () => {
    granted.open();
    return end.passed;
  });
  return { granted: granted.passed, done, letGo: end.open };
};
const settle = () => new Promise((done) => setTimeout(done, 300));
for (const kinds of [["exclusive", "exclusive"], ["shared", "exclusive"], ["shared", "shared", "exclusive"]]) {
  const name = kinds.join(" ");
  const holders = kinds.slice(0, -1).map((mode) => hold(name, mode));
  await holders[0].granted;
  await settle();
  const last = hold(name, kinds.at(-1));
  let isGranted = false;
  last.granted.then(() => (isGranted = true));
  await settle();
  const early = isGranted;
  holders[0].letGo();
  await settle();
  const { held } = await locks.query();
  console.log(`${kinds.join(", then ")}: granted before the first ends ${early}, after it ${isGranted}; held now: ${held.filter((lock) => lock.name === name).map(({ mode }) => mode).sort().join(" and ")}`);
  for (const { letGo } of [...holders, last]) letGo();
  await Promise.all([...holders, last].map(({ done }) => done));
}
process.exit();
JS

cat >expected <<'TEXT'
exclusive, then exclusive: granted before the first ends false, after it true; held now: exclusive
shared, then exclusive: granted before the first ends false, after it true; held now: exclusive
shared, then shared, then exclusive: granted before the first ends false, after it true; held now: exclusive and shared
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: navigator-locks-polyfill-overlaps no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
