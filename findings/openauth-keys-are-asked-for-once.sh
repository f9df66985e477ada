#!/usr/bin/env bash
# @openauthjs/openauth 0.4.3, createClient() with verify() and refresh() as its documentation shows them.
# Expected: a server that verifies tokens goes on to do so when the issuer has rotated its keys (jose's own
# createRemoteJWKSet() asks again for a key it does not know), and after a failure to get them. "Invalid refresh token"
# means that the issuer has refused it.
# Seen: the keys, and the address of them, are asked for once in the life of the client. After a rotation each token that
# is signed with the new key is an "invalid access token", and after one answer of the wrong kind (a 503 in JSON) each
# token at all: verify() then rejects for ever without another request to the issuer. refresh() tells a 503 and a 429 as
# an "InvalidRefreshTokenError", just as a refusal, and passes no status on.
# Why it matters: a shop's server refuses all its customers from the rotation to its next start; and what follows the
# documentation, which signs out on an error, ends sessions that are good whenever the issuer is busy.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @openauthjs/openauth@0.4.3 >/dev/null

cat >probe.mjs <<'JS'
import { createClient } from "@openauthjs/openauth/client";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const issuer = "https://auth.example";
const pair = async (kid) => ({ kid, ...(await generateKeyPair("ES256")) });
const [first, second] = [await pair("first"), await pair("second")];
const publicKeys = async (...pairs) => ({ keys: await Promise.all(pairs.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" }))) });
const sign = ({ kid, privateKey }) =>
  new SignJWT({ mode: "access", type: "buyer", properties: { id: "b1" } }).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" }).setIssuer(issuer).setAudience("shop").setExpirationTime("1h").sign(privateKey);
const subjects = { buyer: { "~standard": { version: 1, vendor: "probe", validate: (value) => ({ value }) } } };

const answers = {};
let asked = [];
const fetch = async (address) => {
  const path = String(address).replace(issuer, "");
  asked.push(path);
  if (!answers[path]) throw new TypeError(`Failed to parse URL from ${address}`);
  return answers[path]();
};
const known = () => Response.json({ jwks_uri: `${issuer}/keys` });
const tell = async (what, work) => {
  asked = [];
  const { err, subject, tokens } = await work().catch((err) => ({ err }));
  console.log(`${what}: ${err ? `${err.name}, "${err.message}"` : subject ? `verified ${subject.properties.id}` : tokens.access}; asked ${asked.join(", ") || "nobody"}`);
};

let client = createClient({ clientID: "shop", issuer, fetch });
answers["/.well-known/oauth-authorization-server"] = known;
answers["/keys"] = async () => Response.json(await publicKeys(first));
await tell("the first token", async () => client.verify(subjects, await sign(first)));
answers["/keys"] = async () => Response.json(await publicKeys(second, first));
await tell("a token of the key that was added since", async () => client.verify(subjects, await sign(second)));
await tell("the same with a client that was made since", async () => createClient({ clientID: "shop", issuer, fetch }).verify(subjects, await sign(second)));

client = createClient({ clientID: "shop", issuer, fetch });
answers["/.well-known/oauth-authorization-server"] = () => Response.json({ message: "later" }, { status: 503 });
await tell("a first token under a 503", async () => client.verify(subjects, await sign(first)));
answers["/.well-known/oauth-authorization-server"] = known;
await tell("  once the issuer is back", async () => client.verify(subjects, await sign(first)));

for (const [status, body] of [[200, { access_token: "renewed" }], [400, { error: "invalid_grant" }], [429, { message: "later" }], [503, { message: "later" }]]) {
  answers["/token"] = () => Response.json(body, { status });
  await tell(`refresh() under a ${status}`, () => client.refresh("refresh-0"));
}
JS

cat >expected <<'TEXT'
the first token: verified b1; asked /.well-known/oauth-authorization-server, /keys
a token of the key that was added since: Error, "Invalid access token"; asked nobody
the same with a client that was made since: verified b1; asked /.well-known/oauth-authorization-server, /keys
a first token under a 503: TypeError, "Failed to parse URL from undefined"; asked /.well-known/oauth-authorization-server, undefined
  once the issuer is back: TypeError, "Failed to parse URL from undefined"; asked undefined
refresh() under a 200: renewed; asked /token
refresh() under a 400: Error, "Invalid refresh token"; asked /token
refresh() under a 429: Error, "Invalid refresh token"; asked /token
refresh() under a 503: Error, "Invalid refresh token"; asked /token
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: openauth-keys-are-asked-for-once no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
