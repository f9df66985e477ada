#!/usr/bin/env bash
# gotrue-js 1.0.1, the client of Netlify Identity, currentUser() and jwt() as its README shows them, in a page whose fetch
# stands for the server; another tab is the storage's change and the event that a browser sends of it.
# Expected: jwt() gets a new token when the old one is about to end; if that fails for the moment it rejects, and the
# customer is still signed in. A tab writes its own customer's data only.
# Seen: a 503, a 429 or a lost connection at the renewal removes the session from localStorage, for all tabs. A proxy's
# page under 200 is stored in the token's place: jwt() resolves with undefined, now and ever after, without another
# request, while the customer looks signed in. And of a user that the page has kept, every renewal and every reading of
# his data stores him as soon as anybody is stored: after another has signed in in a second tab, the first tab's renewal
# puts the former customer over him.
# Why it matters: one bad second signs out everywhere; and on a shared device the next page that is loaded belongs to who
# had signed out. Ask for currentUser() each time, and keep the refresh token until the server has refused it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error gotrue-js@1.0.1 >/dev/null

cat >probe.mjs <<'JS'
const map = new Map();
const window = new EventTarget();
const localStorage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, String(value)), removeItem: (key) => void map.delete(key) };
Object.assign(globalThis, { window, localStorage });
const { default: GoTrue } = await import("gotrue-js");

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (name, seconds) => ({
  access_token: `${part({ alg: "HS256" })}.${part({ sub: name, exp: Math.floor(Date.now() / 1000) + seconds })}.${part("x")}`,
  refresh_token: `refresh of ${name}`,
  expires_in: seconds,
  token_type: "bearer",
});
let onToken;
globalThis.fetch = async (address, init) => {
  const path = String(address).replace("https://shop.example/identity", "");
  if (path === "/token") return onToken(init.body);
  const sent = JSON.parse(Buffer.from(init.headers.Authorization.split(".")[1], "base64url"));
  return Response.json({ id: sent.sub, email: `${sent.sub}@shop.example` });
};
const auth = new GoTrue({ APIUrl: "https://shop.example/identity" });
const store = (name) => {
  const newValue = JSON.stringify({ url: "https://shop.example/identity", token: token(name, 3600), audience: "", id: name });
  localStorage.setItem("gotrue.user", newValue);
  window.dispatchEvent(Object.assign(new Event("storage"), { key: "gotrue.user", newValue }));
};
const signIn = async (name, seconds) => {
  map.clear();
  onToken = async () => Response.json(token(name, seconds));
  return auth.login(`${name}@shop.example`, "password", true);
};
const stored = () => JSON.parse(localStorage.getItem("gotrue.user"))?.id ?? "nobody";

const answers = {
  "a good renewal": async () => Response.json(token("ada", 3600)),
  "a 503": async () => new Response("", { status: 503 }),
  "a 429": async () => Response.json({ msg: "later" }, { status: 429 }),
  "a proxy's page under 200": async () => new Response("<h1>Hello</h1>", { headers: { "content-type": "text/html" } }),
  "no network": async () => Promise.reject(new TypeError("Failed to fetch")),
};
console.error = () => {};
for (const [name, answer] of Object.entries(answers)) {
  await signIn("ada", 30);
  onToken = answer;
  const ends = await auth.currentUser().jwt().then((text) => typeof text, (error) => `rejected, ${error.message || error.status}`);
  console.log(`${name}: ${ends}; stored ${stored()}; signed in ${auth.currentUser() !== null}`);
  if (!name.includes("page")) continue;
  onToken = () => console.log("  asked again");
  console.log(`  the next call: ${typeof (await auth.currentUser().jwt())}; stored as the token ${JSON.stringify(JSON.parse(localStorage.getItem("gotrue.user")).token)}`);
}

const ada = await signIn("ada", 3600);
store("bob");
console.log(`another signs in in a second tab: stored ${stored()}, signed in here ${auth.currentUser().id}`);
onToken = async () => Response.json(token("ada", 3600));
await ada.jwt(true);
console.log(`  then what kept the former one renews: stored ${stored()}`);
store("bob");
await ada.getUserData();
console.log(`  or reads its data: stored ${stored()}`);
process.exit();
JS

cat >expected <<'TEXT'
a good renewal: string; stored ada; signed in true
a 503: rejected, 503; stored nobody; signed in false
a 429: rejected, 429; stored nobody; signed in false
a proxy's page under 200: undefined; stored ada; signed in true
  the next call: undefined; stored as the token "<h1>Hello</h1>"
no network: rejected, Failed to fetch; stored nobody; signed in false
another signs in in a second tab: stored bob, signed in here bob
  then what kept the former one renews: stored ada
  or reads its data: stored ada
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: netlify-identity-503-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
