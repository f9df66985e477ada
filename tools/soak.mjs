// npm run soak -- --minutes N, or --seeds N: the simulator goes on from a random seed, for so long or so many. It prints what it
// has met and what the oracle has forgiven; its last line counts seeds, steps and violations; a violation ends it with the seed
// that replays it.

import { parseArgs } from "node:util";

import { script } from "./lib/run.mjs";
import { simulate } from "./lib/simulator.mjs";
import { installRust } from "./lib/toolchain.mjs";

script(async () => {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seeds: { type: "string" } } });
  await installRust();
  const length = values.seeds ? { SIM_SEEDS: values.seeds } : { SIM_MINUTES: values.minutes };
  await simulate(["soak", "--ignored", "--nocapture"], length);
});
