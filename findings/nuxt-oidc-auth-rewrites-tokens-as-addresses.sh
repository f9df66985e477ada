#!/usr/bin/env bash
# nuxt-oidc-auth 0.18.0, the renewal of a session: refreshAccessToken() of its server runtime.
# Expected: a refresh token is sent as it was received; any visible ASCII character may be in it
# (RFC 6749, appendix A.17), and "+", "/" and "=" are in every second one that is Base64. The form's own
# encoding is all that happens to it.
# Seen: every value of the form, refresh token, client secret and code included, is "normalised" as if it
# were an address, before the form encodes it: "+" arrives as "%2B", "&" as "%26", and of a value with
# colons nothing is left but "//". The platform refuses a token that it has never issued, and the user is
# sent to the logout page.
# Why it matters: it works with tokens that are letters and digits, and signs every user out after the first
# hour where the provider issues others.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
# The package as it is published, with what its server runtime imports and nothing of Nuxt.
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error \
  consola@3.4.2 defu@6.1.7 h3@1.15.11 jose@5.10.0 ofetch@1.5.1 scule@1.3.0 ufo@1.6.4 uncrypto@0.1.3 undio@0.2.0 hookable@5.5.3 >/dev/null
archive=$(npm pack --silent nuxt-oidc-auth@0.18.0)
mkdir node_modules/nuxt-oidc-auth
tar xzf "$archive" -C node_modules/nuxt-oidc-auth --strip-components=1

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { register } from "node:module";
import { text } from "node:stream/consumers";

// Nuxt's own module, which the renewal does not use.
const imports = "export const useRuntimeConfig = () => ({}), useStorage = () => ({});";
register(`data:text/javascript,${encodeURIComponent(`export const resolve = (name, context, next) => name === "#imports" ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(imports)}`)}, shortCircuit: true } : next(name, context);`)}`);
const { refreshAccessToken } = await import(new URL("./node_modules/nuxt-oidc-auth/dist/runtime/server/utils/oidc.js", import.meta.url));

let arrived;
const server = createServer(async (request, response) => {
  arrived = new URLSearchParams(await text(request)).get("refresh_token");
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ access_token: "access-2", expires_in: 3600 }));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const config = { clientId: "storefront", clientSecret: "secret", authenticationScheme: "header", tokenUrl: `http://127.0.0.1:${server.address().port}/token`, tokenRequestType: "form-urlencoded", skipAccessTokenParsing: true };
for (const token of ["letters-and-digits-1", "Base64/of+something==", "issued:for:bea", "one&another"]) {
  await refreshAccessToken(token, config);
  console.log(`${token} arrives as ${arrived}`);
}
server.closeAllConnections();
server.close();
process.exit();
JS

cat >expected <<'TEXT'
letters-and-digits-1 arrives as letters-and-digits-1
Base64/of+something== arrives as Base64/of%2Bsomething==
issued:for:bea arrives as //
one&another arrives as one%26another
TEXT

node probe.mjs 2>/dev/null | grep arrives >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: nuxt-oidc-auth-rewrites-tokens-as-addresses no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
