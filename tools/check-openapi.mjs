// node tools/check-openapi.mjs FOLDER: drives the sandbox through every endpoint that it shares with the official OpenAPI
// files in that folder, and checks status and body of each answer against them.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { script } from "./lib/run.mjs";
import { startSandbox } from "./lib/sandbox.mjs";
import { addresses, credentials, profile, signUp } from "./openapi/calls/accounts.mjs";
import { carts } from "./openapi/calls/carts.mjs";
import { catalogue } from "./openapi/calls/catalogue.mjs";
import { checkout } from "./openapi/calls/checkout.mjs";
import { companies } from "./openapi/calls/companies.mjs";
import { contexts } from "./openapi/calls/contexts.mjs";
import { singleSignOn } from "./openapi/calls/single-sign-on.mjs";
import { tokens } from "./openapi/calls/tokens.mjs";
import { Check } from "./openapi/check.mjs";
import { files } from "./openapi/files.mjs";
import { Shop } from "./openapi/shop.mjs";
import { readSpecs } from "./openapi/spec.mjs";

script(async () => {
  const folder = process.argv[2];
  const missing = folder && files.filter((file) => !existsSync(join(folder, file)));
  if (!folder || missing.length) {
    const why = !folder ? "no folder with the official OpenAPI files was given" : `${missing.join(", ")} not in the folder`;
    console.log(`OpenAPI check skipped: ${why}.`);
    return;
  }
  const specs = await readSpecs(folder);
  const sandbox = await startSandbox();
  try {
    const check = new Check(specs, sandbox.url);
    await drive(check);
    await check.otherOperations();
    check.report();
  } finally {
    await sandbox.stop();
  }
});

async function drive(check) {
  const shop = new Shop(check);
  await tokens(check, shop);
  await singleSignOn(check, shop);
  await signUp(check, shop);
  await credentials(check, shop);
  await profile(check, shop);
  await addresses(check, shop);
  await companies(check, shop);
  await contexts(check, shop);
  await carts(check, shop);
  await catalogue(check, shop);
  await checkout(check, shop);
}
