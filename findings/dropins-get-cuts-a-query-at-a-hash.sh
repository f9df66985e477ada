#!/usr/bin/env bash
# @dropins/tools 0.42.0 (Adobe Commerce's drop-in components), fetchGraphQl() with `method: "GET"`.
# Expected: what is sent is the query that was given; comments and white space may go, string values may
# not (GraphQL specification, 2.1.4: "#" inside a string is a character of the string).
# Seen: everything from a "#" to the end of the line is cut off, inside strings too, and runs of white
# space inside strings become one space. A query on one line loses the rest of its text with its closing
# braces and is refused by the platform; a block string on several lines loses a part without any error.
# The same query by POST arrives as it is.
# Why it matters: reads are made with GET so that they can be cached; article numbers and house numbers hold
# a "#", and the answer for another search is then cached under it. Values belong into `variables`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @dropins/tools@0.42.0 >/dev/null

cat >probe.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";

// The package is meant for browsers and does not say that it is made of ES modules.
writeFileSync("fetch-graphql.mjs", readFileSync("node_modules/@dropins/tools/fetch-graphql.js"));
const { fetchGraphQl, setEndpoint } = await import("./fetch-graphql.mjs");
setEndpoint("https://shop.example/graphql");
const sentBy = async (method, query) => {
  let sent;
  globalThis.fetch = async (url, { body }) => {
    sent = method === "GET" ? url.searchParams.get("query") : JSON.parse(body).query;
    return Response.json({});
  };
  await fetchGraphQl(query, { method });
  return sent;
};
for (const [name, query] of [
  ["a comment", "{ store { name } } # all of it"],
  ["a string on one line", '{ products(search: "Mug #5") { items { sku } } }'],
  ["two spaces in a string", '{ products(search: "Mug  large") { items { sku } } }'],
  ["a block string", '{ products(search: """\nMug\n#5\n""") { items { sku } } }'],
]) {
  for (const method of ["POST", "GET"]) console.log(`${name}, ${method}: ${JSON.stringify(await sentBy(method, query))}`);
}
JS

cat >expected <<'TEXT'
a comment, POST: "{ store { name } } # all of it"
a comment, GET: "{ store { name } }"
a string on one line, POST: "{ products(search: \"Mug #5\") { items { sku } } }"
a string on one line, GET: "{ products(search: \"Mug"
two spaces in a string, POST: "{ products(search: \"Mug  large\") { items { sku } } }"
two spaces in a string, GET: "{ products(search: \"Mug large\") { items { sku } } }"
a block string, POST: "{ products(search: \"\"\"\nMug\n#5\n\"\"\") { items { sku } } }"
a block string, GET: "{ products(search: \"\"\" Mug \"\"\") { items { sku } } }"
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: dropins-get-cuts-a-query-at-a-hash no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
