#!/usr/bin/env bash
# @propelauth/javascript 2.0.24, logout(false) (the page stays) while a token is on its way, and a token that
# ends while the network is away.
# Expected: after logout() has resolved nobody is signed in: an answer to what was asked for before is dropped.
# A network that fails says nothing about who is signed in.
# Seen: a renewal that is answered after the logout signs the customer in again: the observers hear true, and
# the ended session's token is handed out without a request. Where a company's token was on its way it is
# kept: getAccessTokenForOrg() hands it out without a request for five minutes, or until somebody asks who is signed
# in. Where the token has ended and the network is away the observers hear that the customer has
# signed out, and the time of it is written for the other tabs.
# Why it matters: a page that empties the cart on show at "false" empties it in every tunnel, and one that
# asks for a company's prices after a logout gets those of who has left.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @propelauth/javascript@2.0.24 >/dev/null

cat >probe.mjs <<'JS'
const entries = new Map();
globalThis.localStorage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, String(value)) };
globalThis.window = { addEventListener() {}, btoa };
const { createClient } = await import("@propelauth/javascript");

const scenario = async (name, run) => {
  entries.clear();
  const state = { signedIn: true, offline: false, life: 1800, sent: [], heard: [] };
  globalThis.fetch = async (address) => {
    const url = new URL(address);
    const company = url.searchParams.get("active_org_id");
    state.sent.push([url.pathname.split("/").pop(), company].filter(Boolean).join(" of "));
    if (state.offline) throw new TypeError("fetch failed");
    if (url.pathname.endsWith("/logout")) {
      state.signedIn = false;
      return Response.json({ redirect_to: "/" });
    }
    const answer = state.signedIn
      ? Response.json({ access_token: company ? `token for ${company}` : "token", expires_at_seconds: Date.now() / 1000 + state.life, org_id_to_org_member_info: {}, user: { user_id: "customer" } })
      : new Response("", { status: 401 });
    await state.gate;
    return answer;
  };
  const client = createClient({ authUrl: "https://id.example", enableBackgroundTokenRefresh: false });
  client.addLoggedInChangeObserver((signedIn) => state.heard.push(signedIn));
  await client.getAuthenticationInfoOrNull();
  await run(client, state);
  state.sent.length = 0;
  const company = await client.getAccessTokenForOrg("company");
  const info = await client.getAuthenticationInfoOrNull().then((found) => found?.accessToken ?? "nobody", () => "rejected");
  console.log(`${name}: observers ${state.heard.join(", ")}; then ${company.accessToken ?? company.error}, ${info}; requests ${state.sent.length}; signed out in storage: ${entries.has("__PROPEL_AUTH_LOGGED_OUT_AT")}`);
};
const late = (ask) => async (client, state) => {
  let release;
  state.gate = new Promise((done) => (release = done));
  const asked = ask(client);
  await client.logout(false);
  release();
  state.gate = undefined;
  await asked;
};
await scenario("logout", (client) => client.logout(false));
await scenario("logout, a renewal is answered late", late((client) => client.getAuthenticationInfoOrNull(true)));
await scenario("logout, a company's token is answered late", late((client) => client.getAccessTokenForOrg("company")));
await scenario("offline, the token is good", async (client, state) => void (state.offline = true));
await scenario("offline, the token has ended", async (client, state) => {
  state.life = -1;
  await client.getAuthenticationInfoOrNull(true);
  state.offline = true;
});
JS

cat >expected <<'TEXT'
logout: observers true, false; then user_not_in_org, nobody; requests 2; signed out in storage: true
logout, a renewal is answered late: observers true, false, true; then user_not_in_org, token; requests 1; signed out in storage: true
logout, a company's token is answered late: observers true, false; then token for company, nobody; requests 1; signed out in storage: true
offline, the token is good: observers true; then unexpected_error, token; requests 4; signed out in storage: false
offline, the token has ended: observers true, false; then unexpected_error, rejected; requests 8; signed out in storage: true
TEXT

timeout 60 node probe.mjs 2>/dev/null >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: propelauth-logout-leaves-the-companys-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
