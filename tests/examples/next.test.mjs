import { join } from "node:path";

import { root } from "../../tools/lib/run.mjs";
import { keepsTheCart, listening } from "./lib/shop.mjs";

const cwd = join(root, "examples/next");

keepsTheCart((port, env) => {
  const more = { ...env, SECURE_COOKIE: "no", NEXT_TELEMETRY_DISABLED: "1" };
  return listening("node_modules/.bin/next", ["start", "--port", `${port}`, "--hostname", "127.0.0.1"], { cwd, env: more }, /Ready in/);
});
