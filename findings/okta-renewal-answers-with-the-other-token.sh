#!/usr/bin/env bash
# @okta/okta-auth-js 8.0.1, tokenManager.renew(key), `autoRenew` off.
# Expected (its README: "Manually renew a token before it expires and update the stored value"; it resolves with
# the new token of that key): calls that overlap may share one request, and each gets the token that it asked
# for; an answer that brings no new refresh token leaves the old one (RFC 6749, section 6); a renewal
# that fails in transit leaves what is still good.
# Seen: whoever joins a renewal gets the token of whoever began it: renew("accessToken") resolves with the ID
# token. An answer without a refresh token deletes the stored one, one without an ID token that. A renewal
# that meets one 503 deletes the token it was to renew, though that is good for a while yet; the page counts as
# signed out (`isAuthenticated()` without renewing is false).
# Why it matters: an ID token that is sent as the bearer is refused. What is shared between callers is the
# work, not the first one's answer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @okta/okta-auth-js@8.0.1 >/dev/null

cat >probe.mjs <<'JS'
import { OktaAuth } from "@okta/okta-auth-js";

const issuer = "https://id.example/oauth2/default";
const now = () => Math.floor(Date.now() / 1000);
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const idToken = (claims) => `${base64url({ alg: "RS256", kid: "k" })}.${base64url({ iss: issuer, aud: "storefront", iat: now(), exp: now() + 3600, sub: "bea", ...claims })}.x`;
const told = (token) => (token === undefined ? "nothing" : token.accessToken ? "an access token" : token.idToken ? "an ID token" : "something else");

const scenario = async (name, keys, { without, broken } = {}) => {
  let sent = 0;
  const httpRequestClient = async (_method, url) => {
    if (!url.endsWith("/token")) return answered({ issuer, token_endpoint: `${issuer}/v1/token`, jwks_uri: `${issuer}/keys`, keys: [] });
    sent += 1;
    await new Promise((done) => setImmediate(done));
    if (broken) throw { status: 503, responseText: "busy", headers: {} };
    const body = { access_token: "access-2", refresh_token: "refresh-2", id_token: idToken({ jti: "2" }), token_type: "Bearer", expires_in: 3600, scope: "openid offline_access" };
    delete body[without];
    return answered(body);
  };
  const entries = new Map();
  const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value), removeItem: (key) => void entries.delete(key) };
  const auth = new OktaAuth({ issuer, clientId: "storefront", redirectUri: "https://shop.example/back", ignoreSignature: true, httpRequestClient, tokenManager: { autoRenew: false, storage } });
  const common = { scopes: ["openid", "offline_access"], authorizeUrl: `${issuer}/v1/authorize`, issuer };
  auth.tokenManager.setTokens({
    accessToken: { ...common, accessToken: "access-1", claims: {}, expiresAt: now() + 300, tokenType: "Bearer", userinfoUrl: `${issuer}/v1/userinfo` },
    idToken: { ...common, idToken: idToken({}), claims: { sub: "bea" }, expiresAt: now() + 300, clientId: "storefront" },
    refreshToken: { ...common, refreshToken: "refresh-1", expiresAt: now() + 86_400, tokenUrl: `${issuer}/v1/token` },
  });
  const ends = await Promise.all(keys.map((key) => auth.tokenManager.renew(key).then((token) => `${key} gets ${told(token)}`, () => `${key} fails`)));
  const kept = Object.keys(auth.tokenManager.getTokensSync()).sort();
  console.log(`${name}: ${sent} sent; ${ends.join(", ")}; kept: ${kept.join(", ")}`);
};
const answered = (body) => ({ status: 200, responseText: JSON.stringify(body), responseType: "json", responseJSON: body, headers: { "content-type": "application/json" } });
await scenario("one by itself", ["accessToken"]);
await scenario("both at once", ["idToken", "accessToken"]);
await scenario("both at once, the other way round", ["accessToken", "idToken"]);
await scenario("no new refresh token", ["accessToken"], { without: "refresh_token" });
await scenario("no new ID token", ["accessToken"], { without: "id_token" });
await scenario("one 503", ["accessToken"], { broken: true });
process.exit();
JS

cat >expected <<'TEXT'
one by itself: 1 sent; accessToken gets an access token; kept: accessToken, idToken, refreshToken
both at once: 1 sent; idToken gets an ID token, accessToken gets an ID token; kept: accessToken, idToken, refreshToken
both at once, the other way round: 1 sent; accessToken gets an access token, idToken gets an access token; kept: accessToken, idToken, refreshToken
no new refresh token: 1 sent; accessToken gets an access token; kept: accessToken, idToken
no new ID token: 1 sent; accessToken gets an access token; kept: accessToken, refreshToken
one 503: 1 sent; accessToken fails; kept: idToken, refreshToken
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: okta-renewal-answers-with-the-other-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
