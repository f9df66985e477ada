// Simulated lives as text, which the simulator writes anew where it is newer than they are.

import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { root } from "../../../tools/lib/run.mjs";
import { livesFolder } from "../../../tools/lib/simulator.mjs";

/** The values of a file, one a line. */
export async function* lines(name) {
  const file = join(root, livesFolder, `${name}.jsonl`);
  if (!existsSync(file)) throw new Error(`${file} is missing: \`npm test -- light\` writes it`);
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) yield JSON.parse(line);
}
