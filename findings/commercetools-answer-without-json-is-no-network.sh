#!/usr/bin/env bash
# @commercetools/ts-client 4.10.0, ClientBuilder with the client credentials flow and the HTTP middleware.
# Expected: an answer is an answer. One without a body is told with its status, a page of a proxy as the 503 that it
# is, with its Retry-After; and a 401 renews the token, as it does here with a body in JSON.
# Seen: whatever is not JSON rejects as NetworkError with status 0, without headers: a 204, a POST that was answered
# with 200 and nothing, a 404 without a body, a page of a proxy. A 401 in such a form renews nothing. What is thrown
# is no Error but a plain object around one: `error.message` and `error.statusCode` are undefined.
# Why it matters: who repeats what failed for want of a network repeats an order that was placed. And a revoked token
# is kept where a gateway answers for the platform.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercetools/ts-client@4.10.0 >/dev/null

cat >probe.mjs <<'JS'
import { ClientBuilder } from "@commercetools/ts-client";

const call = async (name, method, answer) => {
  const sent = [];
  let isWarm = false;
  const httpClient = async (url, { headers }) => {
    if (String(url).includes("/oauth/")) {
      sent.push("token");
      return Response.json({ access_token: isWarm ? "access-2" : "access-1", expires_in: 172_800, token_type: "Bearer" });
    }
    const { Authorization: bearer } = headers;
    sent.push(`call with ${bearer.replace("Bearer ", "")}`);
    return isWarm && bearer.endsWith("access-1") ? answer() : Response.json({ id: "cart" });
  };
  const client = new ClientBuilder()
    .withClientCredentialsFlow({ host: "https://auth.example", projectKey: "shop", credentials: { clientId: "id", clientSecret: "secret" }, httpClient })
    .withHttpMiddleware({ host: "https://api.example", httpClient })
    .build();
  const execute = (verb) => client.execute({ uri: "/shop/carts", method: verb, body: verb === "POST" ? "{}" : undefined, headers: { "Content-Type": "application/json" } });
  // The token is there before it is refused.
  await execute("GET");
  isWarm = true;
  sent.splice(0);
  const told = await execute(method).then(
    ({ statusCode }) => `resolves with ${statusCode}`,
    (thrown) => {
      const error = thrown instanceof Error ? thrown : thrown.error;
      return `throws ${thrown === error ? "an Error" : "no Error"}, ${error.name} ${error.statusCode}, Retry-After ${error.headers?.["retry-after"] ?? "unknown"}`;
    },
  );
  console.log(`${name}: ${told}; sent ${sent.join(", ")}`);
};
const page = () => new Response("<h1>busy</h1>", { status: 503, headers: { "content-type": "text/html", "retry-after": "30" } });
const json = (status) => () => Response.json({ message: "no", statusCode: status }, { status, headers: { "retry-after": "30" } });
const empty = (status) => () => new Response(null, { status });
await call("DELETE, 200 in JSON", "DELETE", () => Response.json({}));
await call("DELETE, 204", "DELETE", empty(204));
await call("POST, 200 and nothing", "POST", empty(200));
await call("GET, 503 in JSON", "GET", json(503));
await call("GET, 503 as a page", "GET", page);
await call("GET, 404 and nothing", "GET", empty(404));
await call("GET, 401 in JSON", "GET", json(401));
await call("GET, 401 and nothing", "GET", empty(401));
process.exit();
JS

cat >expected <<'TEXT'
DELETE, 200 in JSON: resolves with 200; sent call with access-1
DELETE, 204: throws no Error, NetworkError 0, Retry-After unknown; sent call with access-1
POST, 200 and nothing: throws no Error, NetworkError 0, Retry-After unknown; sent call with access-1
GET, 503 in JSON: throws an Error, ServiceUnavailable 503, Retry-After 30; sent call with access-1
GET, 503 as a page: throws no Error, NetworkError 0, Retry-After unknown; sent call with access-1
GET, 404 and nothing: throws no Error, NetworkError 0, Retry-After unknown; sent call with access-1
GET, 401 in JSON: resolves with 200; sent call with access-1, token, call with access-2
GET, 401 and nothing: throws no Error, NetworkError 0, Retry-After unknown; sent call with access-1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercetools-answer-without-json-is-no-network no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
