// npm run soak -- --minutes N: the simulator goes on from a random seed, for so long. Its last line counts seeds, steps and
// violations; a violation ends it with the seed that replays it.

import { parseArgs } from "node:util";

import { script } from "./lib/run.mjs";
import { simulate } from "./lib/simulator.mjs";
import { installRust } from "./lib/toolchain.mjs";

script(async () => {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
  await installRust();
  await simulate(["soak", "--ignored", "--nocapture"], { SIM_MINUTES: values.minutes });
});
