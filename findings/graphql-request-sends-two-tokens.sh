#!/usr/bin/env bash
# graphql-request 7.4.0, GraphQLClient with headers, setHeader() and headers of one request, as its README and examples
# show them.
# Expected: headers are what fetch takes (the type is HeadersInit): their names know no case, and what is given for one
# request replaces the client's. setHeader(): "All subsequent requests will have this header."
# Seen: both sets are joined as objects, by the letters of their names. Where the client has "Authorization" and the
# request's headers are a Headers object, or are written in small letters, both are sent as one value, "Bearer guest,
# Bearer buyer", and so after a setHeader() in other letters than the first. On a client whose headers are a Headers
# object, an array or a function setHeader() does nothing, or nothing but hang a property on it: the guest's token is sent
# for the customer's calls.
# Why it matters: a token that is renewed or a customer who signs in is not the one whom the server sees, and a server
# that takes the first of two values, or refuses both, does so only for the callers who wrote it otherwise. Write the name
# in one way everywhere.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error graphql-request@7.4.0 graphql@16.15.0 >/dev/null

cat >probe.mjs <<'JS'
import { GraphQLClient } from "graphql-request";

let seen;
const fetch = async (address, init) => {
  seen = new Headers(init.headers).get("authorization");
  return Response.json({ data: {} });
};
const guest = "Bearer guest";
const buyer = "Bearer buyer";
const forms = {
  "an object, Authorization": () => ({ Authorization: guest }),
  "an object, authorization": () => ({ authorization: guest }),
  "a Headers object": () => new Headers({ Authorization: guest }),
  "an array": () => [["Authorization", guest]],
  "a function": () => () => ({ Authorization: guest }),
};
for (const [name, headers] of Object.entries(forms)) {
  console.log(`the client's headers are ${name}`);
  for (const key of ["Authorization", "authorization"]) {
    const client = new GraphQLClient("https://shop.example/graphql", { fetch, headers: headers() });
    client.setHeader(key, buyer);
    await client.request("{ cart { id } }");
    console.log(`  setHeader("${key}", buyer): ${seen}`);
  }
  for (const [form, requestHeaders] of [["{ Authorization: buyer }", { Authorization: buyer }], ["{ authorization: buyer }", { authorization: buyer }], ["new Headers({ Authorization: buyer })", new Headers({ Authorization: buyer })]]) {
    const client = new GraphQLClient("https://shop.example/graphql", { fetch, headers: headers() });
    await client.request("{ cart { id } }", {}, requestHeaders);
    console.log(`  a request with ${form}: ${seen}`);
  }
}
JS

cat >expected <<'TEXT'
the client's headers are an object, Authorization
  setHeader("Authorization", buyer): Bearer buyer
  setHeader("authorization", buyer): Bearer guest, Bearer buyer
  a request with { Authorization: buyer }: Bearer buyer
  a request with { authorization: buyer }: Bearer guest, Bearer buyer
  a request with new Headers({ Authorization: buyer }): Bearer guest, Bearer buyer
the client's headers are an object, authorization
  setHeader("Authorization", buyer): Bearer guest, Bearer buyer
  setHeader("authorization", buyer): Bearer buyer
  a request with { Authorization: buyer }: Bearer guest, Bearer buyer
  a request with { authorization: buyer }: Bearer buyer
  a request with new Headers({ Authorization: buyer }): Bearer buyer
the client's headers are a Headers object
  setHeader("Authorization", buyer): Bearer guest
  setHeader("authorization", buyer): Bearer guest
  a request with { Authorization: buyer }: Bearer guest, Bearer buyer
  a request with { authorization: buyer }: Bearer buyer
  a request with new Headers({ Authorization: buyer }): Bearer buyer
the client's headers are an array
  setHeader("Authorization", buyer): Bearer guest
  setHeader("authorization", buyer): Bearer guest
  a request with { Authorization: buyer }: Bearer buyer
  a request with { authorization: buyer }: Bearer guest, Bearer buyer
  a request with new Headers({ Authorization: buyer }): Bearer guest, Bearer buyer
the client's headers are a function
  setHeader("Authorization", buyer): Bearer guest
  setHeader("authorization", buyer): Bearer guest
  a request with { Authorization: buyer }: Bearer buyer
  a request with { authorization: buyer }: Bearer guest, Bearer buyer
  a request with new Headers({ Authorization: buyer }): Bearer guest, Bearer buyer
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: graphql-request-sends-two-tokens no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
