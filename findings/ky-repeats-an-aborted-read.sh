#!/usr/bin/env bash
# ky 1.14.3 with a fetch of its own (the option `fetch`), which rejects with an AbortError.
# Expected: an abort is somebody's will: it is passed on at once and nothing is repeated; only
# failures of the network (TypeError) are worth another try.
# Seen: ky makes the GET three times in all, whatever the error is: an AbortError, or an error of
# the shop's own that says "sign in first"; a POST is made once. Only an abort of the signal
# that was given to ky itself ends it at once.
# Why it matters: a session that aborts reads at login or logout, or refuses a call without any
# request, is asked twice more after a second; the repeat runs under the next identity.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ky@1.14.3 >/dev/null

cat >probe.mjs <<'JS'
import ky from "ky";

const scenario = async (name, method, error) => {
  let calls = 0;
  const fetch = async () => { calls += 1; throw error; };
  const end = await ky("https://api.example/", { method, fetch, retry: { delay: () => 1 } }).then(() => "answered", (reason) => (reason === error ? "the same error" : reason.name));
  console.log(`${name}, ${method}: ${calls} call(s), ${end}`);
};
for (const method of ["get", "post"]) {
  await scenario("AbortError", method, new DOMException("signed out", "AbortError"));
  await scenario("own error", method, Object.assign(new Error("sign in first"), { code: "login_required" }));
}
const control = new AbortController();
let calls = 0;
const fetch = async () => { calls += 1; control.abort(); throw control.signal.reason; };
await ky("https://api.example/", { fetch, signal: control.signal, retry: { delay: () => 1 } }).catch(() => {});
console.log(`ky's own signal: ${calls} call(s)`);
JS

cat >expected <<'TEXT'
AbortError, get: 3 call(s), the same error
own error, get: 3 call(s), the same error
AbortError, post: 1 call(s), the same error
own error, post: 1 call(s), the same error
ky's own signal: 1 call(s)
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ky-repeats-an-aborted-read no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
