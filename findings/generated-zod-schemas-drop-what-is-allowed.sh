#!/usr/bin/env bash
# orval 8.38.0 (client: "zod"), @hey-api/openapi-ts 0.99.0 (plugin zod), openapi-zod-client 1.18.3: what they generate
# from one description (OpenAPI 3.0.3), with zod 4.6.7 and 3.25.76.
# Expected: what the description allows passes and comes out as it went in: fields of one's own where it says
# additionalProperties: true, names in every language where it says that they are texts, either of two forms
# (anyOf), and a time as RFC 3339 has it, with its offset, for format: time and date-time. A PATCH has what was put into it.
# Seen: orval and hey-api drop every field that has no name in the description, also where it says that there are others.
# Of two forms the first that fits is taken, and what only the second has is dropped. "10:00:00Z" is refused as a time,
# and "10:00:00" taken, which is none; hey-api refuses a date-time with an offset other than Z. Both put the
# description's default into a PATCH that does not speak of it. openapi-zod-client does none of this.
# Why it matters: a cart that is read through the schema and stored again has lost its custom fields and the company's
# names; a change of the note sets the quantity to 1. Check by the schema, but go on with what was read, not with what parse() gives.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir old
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error orval@8.38.0 @hey-api/openapi-ts@0.99.0 zod@4.6.7 typescript@5.9.3 esbuild@0.28.2 >/dev/null
npm install --prefix old --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error openapi-zod-client@1.18.3 @zodios/core@10.9.6 axios@1.21.1 zod@3.25.76 >/dev/null

cat >probe.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const text = { type: "string" };
const pick = { type: "object", required: ["store"], properties: { store: text } };
const ship = { type: "object", required: ["store", "address"], properties: { store: text, address: text } };
const cart = {
  type: "object",
  properties: {
    mixins: { type: "object", properties: { gift: text }, additionalProperties: true },
    names: { type: "object", properties: { en: text }, additionalProperties: text },
    delivery: { anyOf: [pick, ship] },
    from: { type: "string", format: "time" },
    changed: { type: "string", format: "date-time" },
  },
};
const line = { type: "object", properties: { note: text, quantity: { type: "integer", default: 1 } } };
const json = (schema) => ({ "application/json": { schema } });
writeFileSync(
  "shop.json",
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "shop", version: "1" },
    paths: {
      "/cart": { get: { operationId: "getCart", responses: { 200: { description: "the cart", content: json({ $ref: "#/components/schemas/Cart" }) } } } },
      "/line": { patch: { operationId: "patchLine", requestBody: { required: true, content: json({ $ref: "#/components/schemas/Line" }) }, responses: { 204: { description: "changed" } } } },
    },
    components: { schemas: { Cart: cart, Line: line } },
  }),
);
const run = (...words) => execFileSync("npx", words, { stdio: ["ignore", "ignore", "inherit"] });
writeFileSync("orval.config.mjs", 'export default { shop: { input: "./shop.json", output: { target: "./orval.ts", client: "zod" } } };');
run("orval", "--config", "orval.config.mjs");
writeFileSync("hey.config.mjs", 'export default { input: "shop.json", output: "hey", plugins: ["zod"] };');
run("openapi-ts", "-f", "hey.config.mjs");
run("--prefix", "old", "openapi-zod-client", "shop.json", "-o", "old/client.ts", "--export-schemas");
for (const [from, to] of [["orval.ts", "orval.mjs"], ["hey/zod.gen.ts", "hey.mjs"], ["old/client.ts", "old/client.mjs"]]) {
  run("esbuild", from, "--bundle", "--format=esm", "--platform=node", "--packages=external", `--outfile=${to}`, "--log-level=error");
}
const [orval, hey, old] = await Promise.all([import("./orval.mjs"), import("./hey.mjs"), import("./old/client.mjs")]);

for (const [name, Cart, Line] of [
  ["orval", orval.GetCartResponse, orval.PatchLineBody],
  ["hey-api", hey.zCart, hey.zLine],
  ["openapi-zod-client", old.schemas.Cart, old.schemas.Line],
]) {
  const show = (what, schema, value) => {
    const { success, data } = schema.safeParse(value);
    const [before, after] = [value, data].map((one) => JSON.stringify(one));
    console.log(`  ${what}: ${before} ${!success ? "is refused" : after === before ? "stays" : `becomes ${after}`}`);
  };
  console.log(name);
  show("others allowed", Cart, { mixins: { gift: "yes", costCentre: "4711" } });
  show("others are texts", Cart, { names: { en: "chair", de: "Stuhl" } });
  show("either of two forms", Cart, { delivery: { store: "north", address: "Main Street 1" } });
  show("time", Cart, { from: "10:00:00Z" });
  show("no time", Cart, { from: "10:00:00" });
  show("date-time", Cart, { changed: "2026-03-01T10:00:00+01:00" });
  show("a PATCH", Line, { note: "blue" });
}
JS

cat >expected <<'TEXT'
orval
  others allowed: {"mixins":{"gift":"yes","costCentre":"4711"}} becomes {"mixins":{"gift":"yes"}}
  others are texts: {"names":{"en":"chair","de":"Stuhl"}} becomes {"names":{"en":"chair"}}
  either of two forms: {"delivery":{"store":"north","address":"Main Street 1"}} becomes {"delivery":{"store":"north"}}
  time: {"from":"10:00:00Z"} is refused
  no time: {"from":"10:00:00"} stays
  date-time: {"changed":"2026-03-01T10:00:00+01:00"} stays
  a PATCH: {"note":"blue"} becomes {"note":"blue","quantity":1}
hey-api
  others allowed: {"mixins":{"gift":"yes","costCentre":"4711"}} becomes {"mixins":{"gift":"yes"}}
  others are texts: {"names":{"en":"chair","de":"Stuhl"}} becomes {"names":{"en":"chair"}}
  either of two forms: {"delivery":{"store":"north","address":"Main Street 1"}} becomes {"delivery":{"store":"north"}}
  time: {"from":"10:00:00Z"} is refused
  no time: {"from":"10:00:00"} stays
  date-time: {"changed":"2026-03-01T10:00:00+01:00"} is refused
  a PATCH: {"note":"blue"} becomes {"note":"blue","quantity":1}
openapi-zod-client
  others allowed: {"mixins":{"gift":"yes","costCentre":"4711"}} stays
  others are texts: {"names":{"en":"chair","de":"Stuhl"}} stays
  either of two forms: {"delivery":{"store":"north","address":"Main Street 1"}} stays
  time: {"from":"10:00:00Z"} stays
  no time: {"from":"10:00:00"} stays
  date-time: {"changed":"2026-03-01T10:00:00+01:00"} stays
  a PATCH: {"note":"blue"} stays
TEXT

timeout 100 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: generated-zod-schemas-drop-what-is-allowed no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
