#!/usr/bin/env bash
# @bity/oauth2-auth-code-pkce 2.13.0, getAccessToken() with onAccessTokenExpiry as its README shows it, against a fetch
# that stands for the server.
# Expected: extraRefreshParams are sent beside grant_type and refresh_token; calls that meet an ended token together share
# one renewal; what failed for lack of a network works when it is back; reset() is "equivalent to logging out".
# Seen: with extraRefreshParams the body of the renewal is the token endpoint's address and these parameters: no
# grant_type, no refresh token, so every renewal is refused. A refresh token with + or & is sent as another one. Three
# calls send one refresh token three times. An exchange of the code that has failed once is answered from memory ever
# after, without a request, until the page is loaded anew. A renewal that is answered after reset() stores its tokens:
# isAuthorized() is true for the next page too.
# Why it matters: one option that a company's server wants ends every session after its first hour; and a train in a
# tunnel at the moment of the sign-in looks like a broken shop.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @bity/oauth2-auth-code-pkce@2.13.0 >/dev/null

cat >probe.mjs <<'JS'
import pkce from "@bity/oauth2-auth-code-pkce";

const { OAuth2AuthCodePKCE } = pkce;
const map = new Map();
globalThis.localStorage = { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, String(value)), removeItem: (key) => void map.delete(key) };
console.warn = console.error = () => {};
const past = new Date(Date.now() - 1000).toString();
let sent, answer;
globalThis.fetch = async (address, init) => {
  sent.push(init.body);
  return answer();
};
const good = async () => Response.json({ access_token: "renewed", refresh_token: "refresh-1", expires_in: "3600" });
const open = (options = {}, refreshToken = "refresh-0", exchanged = true) => {
  [sent, answer] = [[], good];
  const state = { authorizationCode: "code", codeVerifier: "verifier", ...(exchanged ? { hasAuthCodeBeenExchangedForAccessToken: true, accessToken: { value: "ended", expiry: past }, refreshToken: { value: refreshToken } } : {}) };
  map.set("oauth2authcodepkce-state", JSON.stringify(state));
  return new OAuth2AuthCodePKCE({
    authorizationUrl: "https://auth.example/authorize",
    tokenUrl: "https://auth.example/token",
    clientId: "shop",
    redirectUrl: "https://shop.example/",
    scopes: ["cart"],
    onAccessTokenExpiry: (renew) => renew(),
    onInvalidGrant: () => {},
    ...options,
  });
};
const told = (work) => work.then(({ token }) => token.value, (error) => `rejected, ${error.constructor.name}`);
const fields = (body) => JSON.stringify(Object.fromEntries(new URLSearchParams(body)));

console.log(`a renewal: ${await told(open().getAccessToken())}, ${fields(sent[0])}`);
console.log(`with extraRefreshParams: ${await told(open({ extraRefreshParams: { audience: "cart" } }).getAccessToken())}, ${fields(sent[0])}`);
console.log(`a refresh token "a+b&c": ${await told(open({}, "a+b&c").getAccessToken())}, ${fields(sent[0])}`);
{
  const client = open();
  const ends = await Promise.all([1, 2, 3].map(() => told(client.getAccessToken())));
  console.log(`three calls at once: ${ends.join(", ")}; sent ${sent.length} times ${new URLSearchParams(sent[2]).get("refresh_token")}`);
}
{
  const client = open({}, "", false);
  answer = async () => Promise.reject(new TypeError("Failed to fetch"));
  console.log(`the code without a network: ${await told(client.getAccessToken())}`);
  answer = good;
  sent = [];
  console.log(`  the network is back: ${await told(client.getAccessToken())}; requests ${sent.length}`);
}
{
  const client = open();
  let arrive;
  answer = () => new Promise((done) => (arrive = () => done(good())));
  const call = told(client.getAccessToken());
  client.reset();
  arrive();
  await call;
  console.log(`reset() during a renewal: authorized ${client.isAuthorized()}, stored ${JSON.parse(map.get("oauth2authcodepkce-state")).accessToken?.value}`);
}
JS

cat >expected <<'TEXT'
a renewal: renewed, {"grant_type":"refresh_token","refresh_token":"refresh-0","client_id":"shop"}
with extraRefreshParams: renewed, {"https://auth.example/token":"","audience":"cart"}
a refresh token "a+b&c": renewed, {"grant_type":"refresh_token","refresh_token":"a b","c":"","client_id":"shop"}
three calls at once: renewed, renewed, renewed; sent 3 times refresh-0
the code without a network: rejected, TypeError
  the network is back: rejected, TypeError; requests 0
reset() during a renewal: authorized true, stored renewed
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: oauth2-auth-code-pkce-renewal-without-a-grant no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
