#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian 12; it must be on the path), two tabs of one shop that were opened on their own, so
# that each has its process.
# Expected: who has an exclusive lock (Web Locks) sees what the one before stored under it, and who is told of a new
# token by a BroadcastChannel finds it in localStorage, where it was stored first.
# Seen: neither. Of additions that each tab makes to localStorage under the lock some are lost, several in a hundred,
# and after a message localStorage often still has the old value: each process has its copy, which is brought up to date
# on another way than locks and messages. In IndexedDB all are there. The standard says no more than that there is no
# lock (HTML, 12.2.1).
# Why it matters: the usual way to renew once, take the lock, look whether another tab has stored a new token, and renew
# if not, sends the used refresh token at times, and a server that takes that for a theft ends the session. A test with
# two pages of one process never shows it. Keep the token in IndexedDB, or send it in the message.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
browser=$(command -v chromium) || { echo "no chromium on the path"; exit 2; }

cat >probe.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";

const page = `<!doctype html><script type="module">
const at = (path) => fetch(path, { cache: "no-store" }).then((answer) => answer.text());
const me = location.search.slice(1);
if (me === "first") open("/?second", "_blank", "noopener");
const channel = new BroadcastChannel("session");
localStorage.getItem("token");
let told = 0;
let old = 0;
channel.onmessage = ({ data }) => {
  told += 1;
  if (localStorage.getItem("token") !== data) old += 1;
};
await at("/both?open");
if (me === "first") {
  for (let number = 1; number <= 500; number += 1) {
    const token = "token " + number;
    localStorage.setItem("token", token);
    channel.postMessage(token);
    await at("/tick");
  }
}
await at("/both?told");
if (me === "second") await at("/end?messages=" + [told === 500, old > 0]);

const opening = indexedDB.open("session");
opening.onupgradeneeded = () => opening.result.createObjectStore("store");
const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
const result = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = fail; });
const stores = {
  localStorage: async () => localStorage.setItem("count", Number(localStorage.getItem("count")) + 1),
  IndexedDB: async () => {
    const transaction = database.transaction("store", "readwrite");
    const store = transaction.objectStore("store");
    store.put(((await result(store.get("count"))) ?? 0) + 1, "count");
    await new Promise((done) => (transaction.oncomplete = done));
  },
};
for (const [name, add] of Object.entries(stores)) {
  await at("/both?" + name);
  for (let turn = 0; turn < 500; turn += 1) await navigator.locks.request("session", { mode: "exclusive" }, add);
  await at("/both?end-of-" + name);
  await at("/settle");
  const count = name === "IndexedDB" ? await result(database.transaction("store").objectStore("store").get("count")) : Number(localStorage.getItem("count"));
  if (me === "second") await at("/end?" + name + "=" + (count === 1000 ? "all" : count > 400 && count < 1000 ? "some" : count));
}
if (me === "second") await at("/end?done=yes");
</script>`;
const waiting = {};
let done;
const all = new Promise((finish) => (done = finish));
const seen = {};
const server = http.createServer((request, answer) => {
  const [path, query = ""] = request.url.split("?");
  if (path === "/") return answer.writeHead(200, { "content-type": "text/html" }).end(page);
  if (path === "/both") {
    const others = (waiting[query] ??= []);
    others.push(answer);
    if (others.length === 2) for (const other of others) other.end();
    return;
  }
  if (path === "/end") {
    const [name, value] = query.split("=");
    seen[name] = value;
    if (name === "done") done();
  }
  if (path === "/settle") return setTimeout(() => answer.end(), 500);
  answer.end();
});
await new Promise((finish) => server.listen(0, "127.0.0.1", finish));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-popup-blocking", "--user-data-dir=profile"];
const shop = `http://127.0.0.1:${server.address().port}/`;
const child = spawn(process.argv[2], [...flags, `${shop}?first`], { stdio: "ignore" });
await Promise.race([all, new Promise((finish) => setTimeout(finish, 40_000))]);
const [messages, old] = seen.messages?.split(",") ?? [];
console.log(`of 500 messages that tell of a new token ${messages === "true" ? "all" : "not all"} arrive; where it is read then, the old one ${old === "true" ? "is" : "is not"} found at times`);
for (const name of ["localStorage", "IndexedDB"]) console.log(`of 1000 additions in two tabs, each under the exclusive lock, ${seen[name]} are in ${name}`);
child.once("exit", () => process.exit());
child.kill();
JS

cat >expected <<'TEXT'
of 500 messages that tell of a new token all arrive; where it is read then, the old one is found at times
of 1000 additions in two tabs, each under the exclusive lock, some are in localStorage
of 1000 additions in two tabs, each under the exclusive lock, all are in IndexedDB
TEXT

node probe.mjs "$browser" >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: chromium-lock-does-not-hold-local-storage no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
