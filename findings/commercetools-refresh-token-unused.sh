#!/usr/bin/env bash
# @commercetools/ts-client 4.10.0, the anonymous session flow.
# Expected: the flow keeps the refresh token of an anonymous session in its token cache
# (and its source has a branch for it), so a guest whose access token has expired is
# renewed with grant_type=refresh_token, and the anonymous session goes on.
# Seen: the refresh token is never sent. After expiry, and after a 401 of the API, the
# client asks the anonymous endpoint again: a new anonymous session. The grant of every
# token request is client_credentials, though the cache holds a refresh token.
# Why it matters: a guest's cart hangs on the anonymous session; after expiry it is gone,
# without an error or an event. Whoever ports such a shop must not take "has a refresh
# token" for "is renewed".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercetools/ts-client@4.10.0 >/dev/null

cat >probe.mjs <<'JS'
import { ClientBuilder } from "@commercetools/ts-client";

const scenario = async (name, cached, statuses) => {
  const grants = [];
  let cache = cached;
  const httpClient = async (url, init) => {
    if (String(url).includes("/oauth/")) {
      const path = new URL(url).pathname;
      grants.push(`${path} ${new URLSearchParams(String(init.body)).get("grant_type")}`);
      return Response.json({ access_token: `access-${grants.length}`, refresh_token: `refresh-${grants.length}`, expires_in: 3600, token_type: "Bearer", scope: "shop" });
    }
    return Response.json({}, { status: statuses.shift() ?? 200 });
  };
  const client = new ClientBuilder()
    .withAnonymousSessionFlow({
      host: "https://auth.example", projectKey: "acme", credentials: { clientId: "id", clientSecret: "not-a-secret" }, scopes: ["shop"],
      httpClient, tokenCache: { get: () => cache, set: (value) => { cache = value; } },
    })
    .withHttpMiddleware({ host: "https://api.example", httpClient })
    .build();
  const { statusCode } = await client.execute({ uri: "/acme/me/carts", method: "GET", headers: {} });
  console.log(`${name}: status ${statusCode}, token requests: ${grants.join("; ")}`);
};

const held = { token: "access-0", refreshToken: "refresh-0" };
await scenario("expired, refresh token in the cache", { ...held, expirationTime: Date.now() - 1000 }, []);
await scenario("401, refresh token in the cache", { ...held, expirationTime: Date.now() + 3_600_000 }, [401]);
JS

cat >expected <<'TEXT'
expired, refresh token in the cache: status 200, token requests: /oauth/acme/anonymous/token client_credentials
401, refresh token in the cache: status 200, token requests: /oauth/acme/anonymous/token client_credentials
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercetools-refresh-token-unused no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
