#!/usr/bin/env bash
# pocketbase 0.28.1, authWithPassword() of a superuser with `autoRefreshThreshold`, three reads started together.
# Expected: the first call that finds the token near its end renews it and the others wait; the requests that the
# client makes for itself do not take part in the cancellation of duplicated requests that its README describes.
# Seen: each call sends a renewal of its own, and each aborts the one before it, because their keys are the same. Whose
# renewal is aborted signs in again with the password, and these abort each other too: of three reads of three
# records one or two arrive, and one rejects as "autocancelled" without having been sent. With autoCancellation(false)
# all arrive, after three renewals.
# Why it matters: a job that reads in parallel fails once in each life of a token, for a read that nobody repeated.
# A renewal belongs to all who need it and is made once.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error pocketbase@0.28.1 >/dev/null

cat >probe.mjs <<'JS'
import PocketBase from "pocketbase";

const seconds = () => Math.floor(Date.now() / 1000);
const token = (life) => ["e30", Buffer.from(JSON.stringify({ type: "auth", collectionId: "pbc_3142635823", exp: seconds() + life })).toString("base64url"), "signature"].join(".");
const granted = (life) => Response.json({ token: token(life), record: { id: "1", collectionName: "_superusers" } });
const turn = () => new Promise((done) => setImmediate(done));

for (const isOn of [true, false]) {
  let sent = [];
  let life = 60;
  globalThis.fetch = async (url, { signal }) => {
    const name = new URL(url).pathname.split("/").pop();
    sent.push(name);
    await turn();
    signal?.throwIfAborted();
    return name.startsWith("auth") ? granted(life) : Response.json({ id: name });
  };
  const shop = new PocketBase("https://shop.example").autoCancellation(isOn);
  await shop.collection("_superusers").authWithPassword("bea@shop.example", "password", { autoRefreshThreshold: 600 });
  life = 3_600;
  sent = [];
  const ends = await Promise.allSettled(["hat", "coat", "scarf"].map((id) => shop.collection("products").getOne(id)));
  const told = ends.map(({ reason, value }) => value?.id ?? (reason.isAbort ? "aborted" : reason.message));
  const count = (name) => sent.filter((it) => it === name).length;
  console.log(`autoCancellation(${isOn}): ${told.join(", ")}; sent ${count("auth-refresh")} renewals, ${count("auth-with-password")} passwords, reads of ${sent.filter((it) => !it.startsWith("auth")).sort().join(", ")}`);
}
JS

cat >expected <<'TEXT'
autoCancellation(true): aborted, coat, scarf; sent 3 renewals, 2 passwords, reads of coat, scarf
autoCancellation(false): hat, coat, scarf; sent 3 renewals, 0 passwords, reads of coat, hat, scarf
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: pocketbase-renewal-aborts-the-calls no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
