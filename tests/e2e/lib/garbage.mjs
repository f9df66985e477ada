// Garbage that is collected when a test says so.

import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Collects what nothing holds any more, after each of so many turns: what is told of it comes in tasks of its own. */
export async function collectGarbage(turns) {
  for (let i = 0; i < turns; i++) {
    await turn();
    collect();
  }
}
