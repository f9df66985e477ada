#!/usr/bin/env bash
# proper-lockfile 4.1.2; three that want one lock: the first stands still for longer than `stale` with the lock in hand.
# Expected: the second takes the stale lock, which is what `stale` is for. release() of the first, when it goes on, finds
# that the lock is not its own any more, says so (ECOMPROMISED), and leaves it alone.
# Seen: release() removes the lock of the second, and resolves. The third gets it at once: two have it. The second hears of
# it a moment later by onCompromised, the first never: its timer that would have noticed was due and is taken away.
# Why it matters: a process stands still for seconds in a suspended container, a long collection of garbage or a
# synchronous job. A lock is given back by a value that only its holder knows.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error proper-lockfile@4.1.2 >/dev/null

cat >second.mjs <<'JS'
import { existsSync, writeFileSync } from "node:fs";
import { lock } from "proper-lockfile";

await lock("renewal", { stale: 2_000, update: 1_000, realpath: false, retries: { retries: 200, minTimeout: 50, maxTimeout: 50 }, onCompromised: ({ code }) => writeFileSync("second-told", code) });
writeFileSync("second-has-it", "");
setInterval(() => existsSync("over") && process.exit(), 20);
JS

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { lock } from "proper-lockfile";

const cell = new Int32Array(new SharedArrayBuffer(4));
const told = [];
const options = { stale: 2_000, update: 1_000, realpath: false, retries: 0 };
const release = await lock("renewal", { ...options, onCompromised: ({ code }) => told.push(code) });
const tries = () => lock("renewal", options).then(() => "gets it", ({ code }) => code);
console.log(`while the first has it the third ${await tries()}`);
const second = spawn(process.execPath, ["second.mjs"], { stdio: "ignore" });
// Nothing else is done in this process until the second has the lock.
for (let count = 0; count < 600 && !existsSync("second-has-it"); count += 1) Atomics.wait(cell, 0, 0, 50);
console.log(`the first stood still; the second ${existsSync("second-has-it") ? "has it" : "waits"}`);
const end = await release().then(() => "resolves", ({ code }) => `rejects with ${code}`);
console.log(`release() of the first ${end}; the third ${await tries()}`);
for (let count = 0; count < 600 && !existsSync("second-told"); count += 1) await new Promise((done) => setTimeout(done, 50));
console.log(`the second is told ${readFileSync("second-told")}, the first ${told.join(", ") || "nothing"}`);
writeFileSync("over", "");
await new Promise((done) => second.once("exit", done));
process.exit();
JS

cat >expected <<'TEXT'
while the first has it the third ELOCKED
the first stood still; the second has it
release() of the first resolves; the third gets it
the second is told ECOMPROMISED, the first nothing
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: proper-lockfile-releases-the-next-ones-lock no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
