#!/usr/bin/env bash
# openapi-fetch 0.17.0, and openapi-react-query 0.5.4 with @tanstack/react-query 5.108.4, "const { data, error } = await
# client.POST()" and queries as their documents show them.
# Expected: of data and error one is there: what is no success has an error, and a query rejects.
# Seen: the error is the body. Where an answer has none, as a 401, a 403 or a 503 of a gateway often has, error is
# undefined, as data is, and so it is falsy where the body is null. Of these if (error) says that the order was placed,
# a mutation is a success, and a query resolves with null or is an error of the cache's own, without the status. With a
# body all is right.
# Why it matters: a renewal or a login that waits for the error never starts, the customer sees an empty cart or a
# thank-you, and whether he does depends on who answers, the shop or the gateway in front of it. Look at response.ok, or
# throw in a middleware's onResponse.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error openapi-fetch@0.17.0 openapi-react-query@0.5.4 @tanstack/react-query@5.108.4 react@19.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { QueryClient } from "@tanstack/query-core";
import createClient from "openapi-fetch";
import openapiReactQuery from "openapi-react-query";

let [status, body] = [200, ""];
const server = createServer((request, answer) => {
  answer.statusCode = status;
  if (body) answer.setHeader("content-type", body.startsWith("<") ? "text/html" : "application/json");
  answer.end(body);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const client = createClient({ baseUrl: `http://127.0.0.1:${server.address().port}` });
const { queryOptions } = openapiReactQuery(client);
for (const [name, told, text] of [["a 401 with a body", 401, '{"message":"sign in"}'], ["a 401 without one", 401, ""], ["a 503 without one", 503, ""], ["a 409 whose body is null", 409, "null"], ["a proxy's 502", 502, "<html></html>"]]) {
  [status, body] = [told, text];
  const { data, error } = await client.POST("/orders", { body: { article: "lamp" } });
  const query = await new QueryClient({ defaultOptions: { queries: { retry: false } } }).fetchQuery(queryOptions("get", "/cart")).then((value) => `resolves with ${JSON.stringify(value)}`, (reason) => `rejects with ${JSON.stringify(reason)}`);
  console.log(`${name}: if (error) ${error ? "holds" : "does not hold"}, data ${data}; the query ${query}`);
}
process.exit();
JS

cat >expected <<'TEXT'
a 401 with a body: if (error) holds, data undefined; the query rejects with {"message":"sign in"}
a 401 without one: if (error) does not hold, data undefined; the query resolves with null
a 503 without one: if (error) does not hold, data undefined; the query resolves with null
a 409 whose body is null: if (error) does not hold, data undefined; the query rejects with {}
a proxy's 502: if (error) holds, data undefined; the query rejects with "<html></html>"
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: openapi-fetch-401-without-a-body-is-no-error no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
