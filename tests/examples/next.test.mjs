import assert from "node:assert/strict";
import { join } from "node:path";

import { root } from "../../tools/lib/run.mjs";
import { keepsTheCart, listening } from "./lib/shop.mjs";

const cwd = join(root, "examples/next");

keepsTheCart((port, env) => {
  const more = { ...env, SECURE_COOKIE: "no", NEXT_TELEMETRY_DISABLED: "1" };
  return listening("node_modules/.bin/next", ["start", "--port", `${port}`, "--hostname", "127.0.0.1"], { cwd, env: more }, /Ready in/);
}, findsInThePage);

/** The client component's own guest, who is in memory and looks for what every guest sees alike. */
async function findsInThePage(page) {
  const asked = [];
  page.on("request", (request) => /\/acme\/|anonymous\/login/.test(request.url()) && asked.push(new URL(request.url()).pathname));
  await page.waitForFunction(() => document.querySelector("input[type=search]").disabled === false);
  assert.deepEqual(asked, [], "nobody has typed yet");
  // Their names are in the browser's language there.
  await page.getByLabel("Find").fill("a");
  await page.locator("output").filter({ hasText: /^[1-9]\d* found: \S/ }).waitFor();
  assert.deepEqual([...new Set(asked)], ["/customerlogin/auth/anonymous/login", "/product/acme/products"]);
}
