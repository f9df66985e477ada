#!/usr/bin/env bash
# better-auth 1.7.25, auth.api.getAccessToken() for an account of the plugin genericOAuth, in the memory adapter.
# Expected: `expires_in` is recommended in an answer, not required (RFC 6749, 5.1). Where a renewal does not bring it, the
# end of the former token says nothing about the new one. Two who ask at once for one account get one renewal.
# Seen: without `expires_in` the end of the former token is kept beside the new token, so that each call takes it
# for ended and renews: three calls, three renewals (the same with each call that reads the account's
# info). Two calls at once send one refresh token twice: where it is taken once, the second rejects with 400, though
# a fresh token has just been stored. A provider that answers 503 is told as 400 as well.
# Why it matters: a page that is rendered asks for several things at once. And what is not known about a token
# must be stored as not known.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error better-auth@1.7.25 >/dev/null

cat >probe.mjs <<'JS'
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { genericOAuth } from "better-auth/plugins";

const sent = [];
let answer;
globalThis.fetch = async (_url, init) => {
  const token = new URLSearchParams(String(init.body)).get("refresh_token");
  sent.push(token);
  return answer(token);
};
const start = async () => {
  const db = { user: [], session: [], account: [], verification: [] };
  const auth = betterAuth({
    baseURL: "https://shop.example",
    secret: "a secret of at least 32 characters",
    database: memoryAdapter(db),
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [genericOAuth({ config: [{ providerId: "login", clientId: "shop", clientSecret: "secret", authorizationUrl: "https://login.example/authorize", tokenUrl: "https://login.example/token" }] })],
  });
  const { internalAdapter } = await auth.$context;
  const { id: userId } = await internalAdapter.createUser({ email: "bea@shop.example", name: "Bea", emailVerified: true });
  await internalAdapter.createAccount({
    userId, providerId: "login", accountId: "1", issuer: "https://login.example",
    accessToken: "access-1", refreshToken: "refresh-1", accessTokenExpiresAt: new Date(Date.now() - 1_000),
  });
  const body = { accountId: db.account[0].id, userId };
  return () => auth.api.getAccessToken({ body }).then(({ accessToken }) => accessToken, ({ statusCode }) => `rejects with ${statusCode}`);
};
const show = (name, told) => console.log(`${name}: ${told.join(", ")}; sent ${sent.splice(0).join(", ")}`);

for (const [name, life] of [["with expires_in", { expires_in: 3600 }], ["without expires_in", {}]]) {
  let number = 1;
  answer = () => Response.json({ access_token: `access-${(number += 1)}`, token_type: "Bearer", ...life });
  const get = await start();
  show(`${name}, three calls in a row`, [await get(), await get(), await get()]);
}
let valid = "refresh-1";
answer = (token) => {
  if (token !== valid) return Response.json({ error: "invalid_grant" }, { status: 400 });
  valid = "refresh-2";
  return Response.json({ access_token: "access-2", refresh_token: valid, token_type: "Bearer", expires_in: 3600 });
};
const get = await start();
show("two at once", await Promise.all([get(), get()]));
answer = () => new Response("busy", { status: 503 });
show("a 503", [await (await start())()]);
process.exit();
JS

cat >expected <<'TEXT'
with expires_in, three calls in a row: access-2, access-2, access-2; sent refresh-1
without expires_in, three calls in a row: access-2, access-3, access-4; sent refresh-1, refresh-1, refresh-1
two at once: access-2, rejects with 400; sent refresh-1, refresh-1
a 503: rejects with 400; sent refresh-1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: better-auth-renews-at-every-call no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
