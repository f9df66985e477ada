// npm run docs:api: the reference of the package's API, at target/api/index.html.

import { buildPackage } from "./lib/package.mjs";
import { writeReference } from "./lib/reference.mjs";
import { script } from "./lib/run.mjs";

script(async () => {
  await buildPackage();
  await writeReference();
  console.log("target/api/index.html");
});
