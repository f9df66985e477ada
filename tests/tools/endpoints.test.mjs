// docs/endpoints.md names every endpoint that the sandbox has, and no function that is not there.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../tools/lib/run.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const text = read("docs/endpoints.md");

test("every endpoint of the sandbox is in the table", () => {
  const sources = readdirSync(join(root, "sandbox/src"), { recursive: true }).filter((name) => name.endsWith(".rs"));
  const routes = sources.flatMap((name) => [...read(join("sandbox/src", name)).matchAll(/\(\s*"(GET|POST|PUT|PATCH|DELETE)",\s*"(\/[^"]+\{tenant\}[^"]*)"/g)]);
  assert.ok(routes.length > 60, `only ${routes.length} were found`);
  // What is below these is the shop's, in one row.
  const together = /\/carts\/\{cartId\}\/(items|itemsBatch|discounts)(\/|$)/;
  const absent = routes.map(([, method, path]) => `${method} ${path.replace("{tenant}", "{t}")}`).filter((it) => !together.test(it) && !text.includes(`\`${it}\``));
  assert.deepEqual(absent, []);
});

test("every function that is named is exported, and every export is named", async () => {
  const named = new Set([...text.matchAll(/`(account|company|context|service|sso)\.(\w+)`/g)].map(([, entry, name]) => `${entry}.${name}`));
  const exported = [];
  for (const entry of ["account", "company", "context", "service", "sso"]) {
    const module = await import(`storefront-session/${entry}`);
    exported.push(...Object.keys(module).map((name) => `${entry}.${name}`));
  }
  assert.deepEqual([...named].sort(), exported.sort());
});
