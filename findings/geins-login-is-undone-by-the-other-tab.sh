#!/usr/bin/env bash
# @geins/crm 0.10.4 with @geins/core 0.10.4, two sessions (two tabs) over one storage whose events reach each other, as the README
# shows it: "events: core.events enables cross-tab sync"; a token service that answers in this process.
# Expected: who signs in, out or over in one tab is who buys in the others; a renewal stores tokens for the customer who is signed in.
# Seen: a session listens to logout and renewal, not to USER_LOGIN, which it sends itself: after Ada has given way to Bo in one tab the other goes on
# as Ada, from memory. When Ada's token ends there, her renewal is stored over Bo's tokens, and its event, which is heard, makes the first
# tab Ada's as well: Bo, who signed in last, is signed out, and nobody is told. A guest's tab stays a guest's. A logout during a
# renewal is undone by it; one 503 removes the tokens of all tabs, and only the tab that met it knows.
# Why it matters: Bo's order is placed as Ada, in the tab in which he has signed in. An event of one's own is worth what the other
# side does with it; who renews has to look whether what is stored is still what he sends.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --legacy-peer-deps --loglevel=error @geins/crm@0.10.4 @geins/core@0.10.4 @geins/types@0.10.4 >/dev/null

cat >probe.mjs <<'JS'
import { GeinsCore } from "@geins/core";
import { CrmSession, GeinsCRM } from "@geins/crm";

const token = (name, life) => ["{}", JSON.stringify({ sid: name, name, exp: Math.floor(Date.now() / 1000) + life }), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
let life, refuse, hold;
globalThis.fetch = async (_url, { method, headers, body }) => {
  const asked = body ? JSON.parse(body) : {};
  const answer = (name) => Response.json({ token: token(name, life), maxAge: 900 }, { headers: { "x-auth-refresh-token": `refresh of ${name}` } });
  const before = headers["x-auth-refresh-token"];
  if (before) {
    await hold;
    return refuse ? new Response("", { status: refuse }) : answer(before.slice("refresh of ".length));
  }
  return method === "POST" && asked.password ? answer(asked.username) : Response.json({ sign: "s" });
};

const core = new GeinsCore({ apiKey: "k", accountName: "shop", channel: "1", tld: "se", locale: "sv-SE", market: "se" });
const crm = new GeinsCRM(core, { clientConnectionMode: "Direct" });
const open = () => {
  refuse = hold = undefined;
  life = 900;
  const kept = new Map();
  const storage = { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) };
  const tab = () => new CrmSession(crm, { storage, events: core.events });
  return { tab, stored: () => kept.get("geins-auth-refresh-token") ?? "nothing" };
};
const login = (session, username) => session.login({ username, password: "secret" });
const who = (session) => session.refreshToken ?? "nobody";
const turn = () => new Promise((done) => setTimeout(done, 5));

{
  const { tab, stored } = open();
  const first = tab(), second = tab();
  await login(first, "Bo");
  await turn();
  console.log(`a guest's two tabs, Bo signs in in the first: first ${who(first)}; second ${who(second)}; stored ${stored()}`);
}
{
  const { tab, stored } = open();
  const first = tab();
  life = 60; // within the 90 seconds in which it is renewed
  await login(first, "Ada");
  const second = tab();
  life = 900;
  await login(first, "Bo");
  await turn();
  console.log(`Ada in two tabs, Bo signs in in the first: first ${who(first)}; second ${who(second)}; stored ${stored()}`);
  const called = await second.getAuthUser();
  await turn();
  console.log(`the second makes a call: as ${called.user.username}; first ${who(first)}; second ${who(second)}; stored ${stored()}`);
}
{
  const { tab, stored } = open();
  const first = tab();
  await login(first, "Ada");
  let answer;
  hold = new Promise((done) => (answer = done));
  const renewal = first.refresh();
  await turn();
  first.logout();
  const after = stored();
  answer();
  await renewal;
  console.log(`Ada signs out during a renewal: stored ${after}; once it is answered ${stored()}, signed in ${first.isAuthenticated}`);
}
{
  const { tab, stored } = open();
  const first = tab();
  await login(first, "Ada");
  const second = tab();
  refuse = 503;
  const end = await first.refresh().then(() => "resolves", (error) => error.name);
  await turn();
  console.log(`a renewal meets a 503: ${end}; first ${who(first)}; second ${who(second)}; stored ${stored()}`);
}
process.exit();
JS

cat >expected <<'TEXT'
a guest's two tabs, Bo signs in in the first: first refresh of Bo; second nobody; stored refresh of Bo
Ada in two tabs, Bo signs in in the first: first refresh of Bo; second refresh of Ada; stored refresh of Bo
the second makes a call: as Ada; first refresh of Ada; second refresh of Ada; stored refresh of Ada
Ada signs out during a renewal: stored nothing; once it is answered refresh of Ada, signed in true
a renewal meets a 503: TokenRefreshError; first nobody; second refresh of Ada; stored nothing
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: geins-login-is-undone-by-the-other-tab no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
