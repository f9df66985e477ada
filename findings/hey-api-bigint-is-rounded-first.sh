#!/usr/bin/env bash
# @hey-api/openapi-ts 0.95.0, its transformers with bigInt and dates as its documentation shows them, and the client
# that they make.
# Expected: an int64 is a bigint so that none of its digits is lost, and what was read can be stored again: an integer
# as an integer, and a date without a time as the same day.
# Seen: the answer is read by JSON.parse first, and what that has rounded is made a bigint: the cart 9007199254740993 is
# 9007199254740992n, another cart. When it is stored, the bigint is sent as a text, where the description says integer.
# A date is the midnight of UTC, the day before in New York, and is sent with a time.
# Why it matters: small ids are right, and the type promises that large ones are as well; the shop reads and orders
# another one's cart as soon as its ids are large. Have the ids sent as texts, or give a parser of one's own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @hey-api/openapi-ts@0.95.0 typescript@5.9.3 esbuild@0.28.2 >/dev/null

cat >probe.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";

const cart = { type: "object", required: ["id", "delivery"], properties: { id: { type: "integer", format: "int64" }, delivery: { type: "string", format: "date" } } };
const content = { "application/json": { schema: { $ref: "#/components/schemas/Cart" } } };
writeFileSync(
  "shop.json",
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "shop", version: "1" },
    paths: {
      "/cart": {
        get: { operationId: "getCart", responses: { 200: { description: "the cart", content } } },
        put: { operationId: "putCart", requestBody: { required: true, content }, responses: { 204: { description: "stored" } } },
      },
    },
    components: { schemas: { Cart: cart } },
  }),
);
writeFileSync("openapi-ts.config.mjs", 'export default { input: "shop.json", output: "generated", plugins: ["@hey-api/client-fetch", { name: "@hey-api/transformers", bigInt: true, dates: true }, { name: "@hey-api/sdk", transformer: true }] };');
execFileSync("npx", ["openapi-ts", "-f", "openapi-ts.config.mjs"], { stdio: ["ignore", "ignore", "inherit"] });
writeFileSync("entry.ts", 'export * from "./generated/sdk.gen"; export { client } from "./generated/client.gen";');
execFileSync("npx", ["esbuild", "entry.ts", "--bundle", "--format=esm", "--outfile=client.mjs", "--log-level=error"]);
const { client, getCart, putCart } = await import("./client.mjs");

let id;
const server = createServer((request, answer) => {
  if (request.method === "GET") {
    answer.setHeader("content-type", "application/json");
    return answer.end(`{"id":${id},"delivery":"2026-03-01"}`);
  }
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    console.log(`  stored again, it is sent as ${body}`);
    answer.writeHead(204).end();
  });
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
client.setConfig({ baseUrl: `http://127.0.0.1:${server.address().port}` });
process.env.TZ = "America/New_York";
for (id of ["42", "9007199254740993", "1234567890123456789"]) {
  const { data } = await getCart();
  console.log(`the server's cart ${id} for 2026-03-01 is ${typeof data.id} ${data.id} for ${data.delivery.toLocaleDateString("en-CA")} in New York`);
  await putCart({ body: data });
}
process.exit();
JS

cat >expected <<'TEXT'
the server's cart 42 for 2026-03-01 is bigint 42 for 2026-02-28 in New York
  stored again, it is sent as {"id":"42","delivery":"2026-03-01T00:00:00.000Z"}
the server's cart 9007199254740993 for 2026-03-01 is bigint 9007199254740992 for 2026-02-28 in New York
  stored again, it is sent as {"id":"9007199254740992","delivery":"2026-03-01T00:00:00.000Z"}
the server's cart 1234567890123456789 for 2026-03-01 is bigint 1234567890123456800 for 2026-02-28 in New York
  stored again, it is sent as {"id":"1234567890123456800","delivery":"2026-03-01T00:00:00.000Z"}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hey-api-bigint-is-rounded-first no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
