#!/usr/bin/env bash
# unstorage 1.17.6 (the storage of Nuxt and Nitro), setItem() and getItem() of a string.
# Expected: a string that is stored is read as that string; "if the value is not a string, it will be
# stringified" says what becomes of the others.
# Seen: what is read is parsed again. "0042" comes back as it was, "42" as a number, "1.10" as 1.1,
# "true" as a boolean, "null" as null, "undefined" as nothing; an id of digits and one e as a huge number
# or as Infinity ("123e4", "1234e567", both good hexadecimal). getItemRaw() and setItemRaw() leave it alone.
# Why it matters: session ids, customer numbers and company ids are opaque text, and most of them look
# like text most of the time. The one that reads as a number is sent as another id, or fails at
# `id.startsWith`, for a few customers only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error unstorage@1.17.6 >/dev/null

cat >probe.mjs <<'JS'
import { createStorage } from "unstorage";
import files from "unstorage/drivers/fs-lite";
import memory from "unstorage/drivers/memory";

for (const [name, driver] of [["memory", memory()], ["files", files({ base: "./stored" })]]) {
  const storage = createStorage({ driver });
  for (const id of ["7f3a", "0042", "42", "1.10", "123e4", "1234e567", "true", "null", "undefined"]) {
    await storage.setItem("id", id);
    const read = await storage.getItem("id");
    console.log(`${name}: ${id} is read as ${read === id ? "it is" : `${String(read)} (${read === null ? "null" : typeof read})`}`);
  }
  await storage.setItemRaw("id", "1234e567");
  console.log(`${name}, raw: 1234e567 is read as ${String(await storage.getItemRaw("id"))}`);
}
JS

for driver in memory files; do
  cat <<TEXT
$driver: 7f3a is read as it is
$driver: 0042 is read as it is
$driver: 42 is read as 42 (number)
$driver: 1.10 is read as 1.1 (number)
$driver: 123e4 is read as 1230000 (number)
$driver: 1234e567 is read as Infinity (number)
$driver: true is read as true (boolean)
$driver: null is read as null (null)
$driver: undefined is read as undefined (undefined)
$driver, raw: 1234e567 is read as 1234e567
TEXT
done >expected

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: unstorage-changes-an-id no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
