#!/usr/bin/env bash
# fetch-mock 12.6.0, a mocked request that is aborted.
# Expected: the promise rejects with the signal's reason, as fetch does: with the caller's
# own error after abort(error), with a TimeoutError after AbortSignal.timeout().
# Seen: every abort is a DOMException AbortError "The operation was aborted."; the reason is
# lost, so a time-out cannot be told from a cancel.
# Why it matters: a session that aborts reads with its own error at login or logout, or tells
# "timeout" from "aborted" by name, passes or fails here for a reason browsers do not know.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error fetch-mock@12.6.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import fetchMock from "fetch-mock";

const slow = http.createServer(() => {});
await new Promise((done) => slow.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${slow.address().port}/`;
const mock = fetchMock.createInstance().route(url, () => new Promise(() => {}));
const signals = {
  "own error": () => { const control = new AbortController(); setTimeout(() => control.abort(new RangeError("signed out")), 1); return control.signal; },
  "own error, before": () => AbortSignal.abort(new RangeError("signed out")),
  "time-out": () => AbortSignal.timeout(1),
};
for (const [name, fetch] of [["fetch", globalThis.fetch], ["fetch-mock", (where, init) => mock.fetchHandler(where, init)]]) {
  for (const [kind, signal] of Object.entries(signals)) {
    console.log(`${name}, ${kind}: ${await fetch(url, { signal: signal() }).then(() => "answered", (error) => error.name)}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
fetch, own error: RangeError
fetch, own error, before: RangeError
fetch, time-out: TimeoutError
fetch-mock, own error: AbortError
fetch-mock, own error, before: AbortError
fetch-mock, time-out: AbortError
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: fetch-mock-abort-reason no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
