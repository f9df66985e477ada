// npm run build: writes the npm package's files to dist/.

import { buildPackage } from "./lib/package.mjs";
import { script } from "./lib/run.mjs";
import { sizes } from "./lib/size.mjs";

script(async () => {
  await buildPackage();
  console.table(sizes());
});
