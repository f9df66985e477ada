#!/usr/bin/env bash
# @saleor/auth-sdk 1.0.3, fetchWithAuth() with an access token that has expired.
# Expected: a renewal that fails in transit (no network, a gateway's page, the abort of the call
# that happened to start it) fails the calls that waited for it; the next call tries again.
# Seen: the failed renewal is kept as "the one under way" and never replaced. Every later call
# rejects with the error of the first, without a request, until the page is loaded anew. And the
# renewal is sent with the options of the call that started it, its `signal` too: a component that
# is unmounted at the wrong moment aborts the renewal of all others, and so ends the session's use.
# Why it matters: a renewal in flight belongs to the session, not to a caller, and what is shared
# while it is under way must be let go when it fails.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error --legacy-peer-deps @saleor/auth-sdk@1.0.3 >/dev/null

cat >probe.mjs <<'JS'
import { createSaleorAuthClient } from "@saleor/auth-sdk";

const api = "https://shop.example/graphql/";
const token = (life) => `a.${Buffer.from(JSON.stringify({ iss: api, exp: Math.floor(Date.now() / 1000) + life })).toString("base64url")}.c`;
const storage = (entries) => ({ getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) });

const scenario = async (name, { broken, abort }) => {
  const sent = [];
  let trouble = true;
  globalThis.fetch = async (_url, init) => {
    const renewal = init.body.includes("tokenRefresh");
    sent.push(renewal ? "renewal" : new Headers(init.headers).has("authorization") ? "call" : "call without token");
    await new Promise((done) => setImmediate(done));
    init.signal?.throwIfAborted();
    if (!renewal) return Response.json({ data: {} });
    if (trouble && broken) return broken();
    return Response.json({ data: { tokenRefresh: { token: token(300), errors: [] } } });
  };
  const client = createSaleorAuthClient({
    saleorApiUrl: api,
    refreshTokenStorage: storage(new Map([[`${api}+saleor_auth_module_refresh_token`, token(86400)]])),
    accessTokenStorage: storage(new Map([[`${api}+saleor_auth_access_token`, token(-1)]])),
  });
  const call = (signal) => client.fetchWithAuth(api, { method: "POST", body: "{}", signal }).then((answer) => answer.status, (error) => error.name);
  const control = new AbortController();
  const first = call(control.signal);
  if (abort) control.abort();
  const ends = [await first];
  trouble = false;
  for (let later = 0; later < 3; later += 1) ends.push(await call());
  console.log(`${name}: ${ends.join(", ")}; sent: ${sent.join(", ")}`);
};
await scenario("no trouble", {});
await scenario("the network fails once", { broken: () => { throw new TypeError("Failed to fetch"); } });
await scenario("one page of a gateway", { broken: () => new Response("<h1>Bad gateway</h1>", { status: 502 }) });
await scenario("the first caller aborts", { abort: true });
JS

cat >expected <<'TEXT'
no trouble: 200, 200, 200, 200; sent: renewal, call, call, call, call
the network fails once: TypeError, TypeError, TypeError, TypeError; sent: renewal
one page of a gateway: SyntaxError, SyntaxError, SyntaxError, SyntaxError; sent: renewal
the first caller aborts: AbortError, AbortError, AbortError, AbortError; sent: renewal
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: saleor-one-lost-renewal-ends-all no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
