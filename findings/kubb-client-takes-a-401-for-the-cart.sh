#!/usr/bin/env bash
# kubb 4.39.3 (cli, core, plugin-oas, plugin-ts, plugin-client), the client that it generates with client: "fetch".
# Expected: getCart(), whose type is the cart, resolves with a cart, and rejects where there is none, as the client that
# it generates with axios does; a body of JSON is sent as JSON, and headers may be a Headers object, as with fetch.
# Seen: the status is not looked at, and only the body is handed on: a 401 and a 503 resolve with their messages in
# place of the cart, and nobody can see that they are none. A proxy's page is a SyntaxError without a status. A body is
# sent as text/plain, and a Headers object as no headers at all: the call is a guest's.
# Why it matters: the hooks that are made of these functions show an error as a cart without articles, repeat nothing
# and renew nothing. Hand in a client of one's own (importPath).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @kubb/cli@4.39.3 @kubb/core@4.39.3 @kubb/plugin-oas@4.39.3 @kubb/plugin-ts@4.39.3 @kubb/plugin-client@4.39.3 esbuild@0.28.2 >/dev/null

cat >probe.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";

const cart = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
const content = { "application/json": { schema: { $ref: "#/components/schemas/Cart" } } };
const responses = { 200: { description: "the cart", content }, 401: { description: "sign in", content: { "application/json": { schema: { type: "object" } } } } };
writeFileSync(
  "shop.json",
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "shop", version: "1" },
    paths: { "/cart": { get: { operationId: "getCart", responses }, post: { operationId: "putCart", requestBody: { required: true, content }, responses } } },
    components: { schemas: { Cart: cart } },
  }),
);
writeFileSync(
  "kubb.config.mjs",
  `import { defineConfig } from "@kubb/core";
import { pluginClient } from "@kubb/plugin-client";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";
export default defineConfig({ root: ".", input: { path: "./shop.json" }, output: { path: "./generated" }, plugins: [pluginOas(), pluginTs(), pluginClient({ client: "fetch" })] });`,
);
execFileSync("npx", ["kubb", "generate", "--config", "kubb.config.mjs"], { stdio: ["ignore", "ignore", "inherit"] });
writeFileSync("entry.ts", 'export { getCart } from "./generated/clients/getCart"; export { putCart } from "./generated/clients/putCart";');
execFileSync("npx", ["esbuild", "entry.ts", "--bundle", "--format=esm", "--outfile=client.mjs", "--log-level=error"]);
const { getCart, putCart } = await import("./client.mjs");

let [status, body, seen] = [200, "", undefined];
const server = createServer((request, answer) => {
  seen = request.headers;
  answer.statusCode = status;
  answer.setHeader("content-type", body.startsWith("<") ? "text/html" : "application/json");
  answer.end(body);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const baseURL = `http://127.0.0.1:${server.address().port}`;
const show = (call) => call.then((value) => `resolves with ${JSON.stringify(value)}`, (error) => `rejects, ${error.constructor.name}, status ${error.status}`);
for (const [name, told, text] of [["a cart", 200, '{"id":"c1"}'], ["a 401", 401, '{"message":"sign in"}'], ["a 503 as JSON", 503, '{"message":"busy"}'], ["a proxy's 503", 503, "<html></html>"]]) {
  [status, body] = [told, text];
  console.log(`${name}: getCart() ${await show(getCart({ baseURL }))}`);
}
[status, body] = [200, '{"id":"c1"}'];
const authorization = "Bearer token";
for (const [name, headers] of [["an object", { authorization }], ["a Headers object", new Headers({ authorization })]]) {
  await putCart({ id: "c1" }, { baseURL, headers });
  console.log(`headers as ${name}: sent with ${seen.authorization ?? "no token"}, as ${seen["content-type"]}`);
}
process.exit();
JS

cat >expected <<'TEXT'
a cart: getCart() resolves with {"id":"c1"}
a 401: getCart() resolves with {"message":"sign in"}
a 503 as JSON: getCart() resolves with {"message":"busy"}
a proxy's 503: getCart() rejects, SyntaxError, status undefined
headers as an object: sent with Bearer token, as text/plain;charset=UTF-8
headers as a Headers object: sent with no token, as text/plain;charset=UTF-8
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: kubb-client-takes-a-401-for-the-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
