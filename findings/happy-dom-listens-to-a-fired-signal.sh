#!/usr/bin/env bash
# happy-dom 21.0.4, addEventListener with a `signal` that has fired already.
# Expected: the listener is not added (DOM standard, "add an event listener", step 2; so in browsers,
# jsdom and Node).
# Seen: it is added and called, for good: the signal does not fire a second time. A signal that fires
# later takes the listener away, as it should.
# Why it matters: "listen until the session's signal fires" is how listeners end at a logout. What is
# set up late, after an await, with the former session's signal goes on listening in tests only: they
# count events twice, or hide that the real page has no listener there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error happy-dom@21.0.4 jsdom@26.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { Window } from "happy-dom";
import { JSDOM } from "jsdom";

const url = "https://shop.example/";
const places = { "happy-dom": new Window({ url }), jsdom: new JSDOM("", { url }).window, Node: globalThis };
for (const [where, { EventTarget, Event, AbortController }] of Object.entries(places)) {
  const count = (when) => {
    const target = new EventTarget(), control = new AbortController();
    let heard = 0;
    if (when === "before") control.abort();
    target.addEventListener("change", () => (heard += 1), { signal: control.signal });
    if (when === "after") control.abort();
    target.dispatchEvent(new Event("change"));
    control.abort();
    target.dispatchEvent(new Event("change"));
    return heard;
  };
  console.log(`${where}: signal silent until the first event: heard ${count("later")}; fired after adding: ${count("after")}; fired before: ${count("before")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
happy-dom: signal silent until the first event: heard 1; fired after adding: 0; fired before: 2
jsdom: signal silent until the first event: heard 1; fired after adding: 0; fired before: 0
Node: signal silent until the first event: heard 1; fired after adding: 0; fired before: 0
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: happy-dom-listens-to-a-fired-signal no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
