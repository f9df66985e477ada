#!/usr/bin/env bash
# playwright-core 1.65.1, storageState({ indexedDB: true }) and a new context made from it, as its guide to authentication shows;
# Chromium 156.0.8078.108 from the path, Node.js 20 or later, and a page that keeps a token of DPoP (RFC 9449) with its key.
# Expected: what IndexedDB holds is there again, or storageState() rejects because it cannot be written down: a CryptoKey
# that is not extractable cannot be copied out of the browser at all. The guide says of sessionStorage that it is not included,
# and of IndexedDB that it is: "if your application uses IndexedDB to store authentication tokens, enable this".
# Seen: it resolves, without a warning. Text, numbers, dates, bytes, a Map and a bigint are there again; a CryptoKey, a Blob and a File
# have become {} (keys were asked for in microsoft/playwright#35946, which is closed). So the restored page has the token and, under its name, a key that is none: `if (stored)` passes, sign()
# throws a TypeError.
# Why it matters: all tests that start signed in fail at the first call of a session that is bound to a key, as most SDKs
# keep it, or begin by a renewal that deletes the session. Sign in anew in each context, or use a token without DPoP in tests.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error playwright-core@1.65.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const server = createServer((_request, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html>")).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const url = `http://localhost:${server.address().port}/`;

const signIn = async () => {
  const database = await new Promise((done) => {
    const opening = indexedDB.open("session", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("entries");
    opening.onsuccess = () => done(opening.result);
  });
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const entries = {
    token: { access_token: "t1", expires: new Date(1e12) }, bytes: new Uint8Array([1, 2]), map: new Map([["sku", 2]]), amount: 5n,
    key: privateKey, picture: new Blob(["picture"]), list: new File(["sku;2"], "order.csv"),
  };
  const transaction = database.transaction("entries", "readwrite");
  for (const [name, value] of Object.entries(entries)) transaction.objectStore("entries").put(value, name);
  await new Promise((done) => (transaction.oncomplete = done));
  database.close();
};
const read = async () => {
  const database = await new Promise((done) => (indexedDB.open("session").onsuccess = ({ target }) => done(target.result)));
  const store = database.transaction("entries").objectStore("entries");
  const get = (name) => new Promise((done) => (store.get(name).onsuccess = ({ target }) => done(target.result)));
  const names = ["token", "bytes", "map", "amount", "key", "picture", "list"];
  const values = await Promise.all(names.map(get));
  const kinds = names.map((name, at) => `${name} ${Object.prototype.toString.call(values[at]).slice(8, -1)}`);
  const signing = crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, values[4], new Uint8Array(1));
  return `${kinds.join(", ")}; token ${values[0].access_token} until ${values[0].expires.toISOString()}; sign() ${await signing.then(() => "resolves", ({ name }) => `rejects, ${name}`)}`;
};

const open = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
const first = await open.newContext();
const page = await first.newPage();
await page.goto(url);
await page.evaluate(signIn);
console.log(`signed in: ${await page.evaluate(read)}`);
await first.storageState({ indexedDB: true, path: "state.json" });
const second = await open.newContext({ storageState: "state.json" });
const restored = await second.newPage();
await restored.goto(url);
console.log(`restored: ${await restored.evaluate(read)}`);
await open.close();
process.exit();
JS

cat >expected <<'TEXT'
signed in: token Object, bytes Uint8Array, map Map, amount BigInt, key CryptoKey, picture Blob, list File; token t1 until 2001-09-09T01:46:40.000Z; sign() resolves
restored: token Object, bytes Uint8Array, map Map, amount BigInt, key Object, picture Object, list Object; token t1 until 2001-09-09T01:46:40.000Z; sign() rejects, TypeError
TEXT

timeout 100 node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: playwright-storage-state-empties-keys no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
