#!/usr/bin/env bash
# amazon-cognito-identity-js 6.3.21, CognitoUser with getSession() as its README shows it, in two pages that share one
# storage, against a fetch that stands for the server.
# Expected: a CognitoUser belongs to one customer; its renewal sends his refresh token, and stores what comes under his
# name.
# Seen: before it renews, a CognitoUser takes the name of who has signed in last in this browser ("LastAuthUser"). A page
# that still has ada, while bob has signed in in a second tab, sends ada's refresh token, calls itself bob from then on,
# and stores ada's new tokens under bob's name, over his. The second tab goes on as bob until it is loaded anew or renews:
# the next page says "bob" and acts as ada.
# Why it matters: on a device that two people use, one fills the other's cart and orders for him, and the name on the page
# is the wrong one. A sign-in in one tab must end the user that the other tabs hold, or have them look at the storage
# before they renew.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error amazon-cognito-identity-js@6.3.21 >/dev/null

cat >probe.mjs <<'JS'
import cognito from "amazon-cognito-identity-js";

const { CognitoUserPool, CognitoUser, CognitoUserSession, CognitoIdToken, CognitoAccessToken, CognitoRefreshToken } = cognito;
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (name, seconds) => {
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "RS256" })}.${part({ "cognito:username": name, username: name, iat: now, exp: now + seconds })}.${part("x")}`;
};
const map = new Map();
const Storage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, String(value)), removeItem: (key) => void map.delete(key), clear: () => map.clear() };
let asked;
globalThis.fetch = async (address, init) => {
  const { AuthFlow, AuthParameters } = JSON.parse(init.body);
  const name = AuthParameters.REFRESH_TOKEN.replace("refresh of ", "");
  asked.push(`${AuthFlow} with ${AuthParameters.REFRESH_TOKEN}`);
  return Response.json({ AuthenticationResult: { AccessToken: token(name, 3600), IdToken: token(name, 3600), ExpiresIn: 3600, TokenType: "Bearer" } });
};
const open = () => new CognitoUserPool({ UserPoolId: "eu-central-1_shop", ClientId: "shop", Storage });
/** What is left behind by a sign-in. */
const signIn = (pool, name, seconds) => {
  const user = new CognitoUser({ Username: name, Pool: pool, Storage });
  user.setSignInUserSession(new CognitoUserSession({ IdToken: new CognitoIdToken({ IdToken: token(name, seconds) }), AccessToken: new CognitoAccessToken({ AccessToken: token(name, seconds) }), RefreshToken: new CognitoRefreshToken({ RefreshToken: `refresh of ${name}` }), ClockDrift: 0 }));
  return user;
};
const session = (user) => new Promise((done) => user.getSession((error, session) => done(error ? error.message : `a token of ${session.getIdToken().decodePayload()["cognito:username"]}`)));
const stored = (name) => {
  const kept = map.get(`CognitoIdentityServiceProvider.shop.${name}.idToken`);
  return kept ? JSON.parse(Buffer.from(kept.split(".")[1], "base64url"))["cognito:username"] : "nobody";
};
const tell = () => console.log(`  asked: ${asked.join(", ") || "nothing"}; stored under ada a token of ${stored("ada")}, under bob one of ${stored("bob")}`);
const scenario = async (name, work) => {
  map.clear();
  asked = [];
  console.log(name);
  const ada = signIn(open(), "ada", -1);
  await work(ada);
};
await scenario("alone", async (ada) => {
  console.log(`  the tab of ada: ${await session(ada)}`);
  tell();
});
await scenario("bob has signed in in a second tab", async (ada) => {
  const bob = signIn(open(), "bob", 3600);
  console.log(`  the tab of ada: ${await session(ada)}, and calls itself ${ada.getUsername()}`);
  tell();
  console.log(`  the tab of bob: ${await session(bob)}`);
  const next = open().getCurrentUser();
  console.log(`  the next page: ${next.getUsername()}, ${await session(next)}`);
});
process.exit();
JS

cat >expected <<'TEXT'
alone
  the tab of ada: a token of ada
  asked: REFRESH_TOKEN_AUTH with refresh of ada; stored under ada a token of ada, under bob one of nobody
bob has signed in in a second tab
  the tab of ada: a token of ada, and calls itself bob
  asked: REFRESH_TOKEN_AUTH with refresh of ada; stored under ada a token of ada, under bob one of ada
  the tab of bob: a token of bob
  the next page: bob, a token of ada
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: cognito-renewal-is-stored-under-the-other-customer no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
