// npm run bench: measures this package beside others and writes docs/bench.md and docs/bench.svg.
// `npm run bench -- server` measures sessions on servers, and writes docs/bench-server.md.
// `npm run bench -- --quick` makes fewer rounds; `-- --only good,start` makes those measures alone, and prints what they say.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildBefore } from "./bench/before.mjs";
import { installPeers } from "./bench/bundle.mjs";
import { openLab } from "./bench/lab.mjs";
import { machine } from "./bench/machine.mjs";
import { measureCached } from "./bench/measures/cached.mjs";
import { measureMemory } from "./bench/measures/memory.mjs";
import { countRequests } from "./bench/measures/requests.mjs";
import { measureGood, measureStart } from "./bench/measures/start.mjs";
import { measureTabs } from "./bench/measures/tabs.mjs";
import { measureWeight } from "./bench/measures/weight.mjs";
import { plot } from "./bench/plot.mjs";
import { report, section } from "./bench/report.mjs";
import { targets } from "./bench/targets.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: "boolean", default: false }, only: { type: "string" } } });
const isQuick = options.quick;
const rounds = isQuick ? { visits: 3, cached: 5, tabs: 2 } : { visits: 9, cached: 11, tabs: 6 };
const renewals = isQuick ? [100, 1000] : [1000, 10_000];
const tabNumbers = [1, 5, 20];

const measures = {
  weight: (lab) => measureWeight(lab),
  good: (lab) => measureGood(lab, rounds.visits),
  start: (lab) => measureStart(lab, rounds.visits),
  cached: (lab) => measureCached(lab, rounds.cached),
  tabs: (lab) => measureTabs(lab, tabNumbers, rounds.tabs),
  requests: countRequests,
  memory: (lab) => measureMemory(lab, renewals),
};
// Neither of these is a matter of time, so they may share the machine.
const untimed = ["requests", "memory"];

script(async () => {
  if (positionals.join() === "server") return (await import("./bench/server.mjs")).benchServer();
  if (positionals.length > 0) throw new Error(`it measures pages, or with \`server\` servers; not ${positionals}`);

  const chosen = options.only?.split(",") ?? Object.keys(measures);
  const unknown = chosen.filter((name) => !(name in measures));
  if (unknown.length > 0) throw new Error(`--only takes ${Object.keys(measures).join(", ")}; not ${unknown.join(", ")}`);

  await buildPackage();
  await buildBefore();
  await installPeers();

  const lab = await openLab();
  const results = { isQuick, machine: machine(lab.browser) };
  for (const name of chosen.filter((name) => !untimed.includes(name))) results[name] = await told(name, measures[name](lab));
  await lab.close();
  // Each has platforms that count for it alone.
  await Promise.all(
    untimed.filter((name) => chosen.includes(name)).map(async (name) => {
      const lab = await openLab();
      results[name] = await told(name, measures[name](lab));
      await lab.close();
    }),
  );

  if (options.only === undefined) {
    writeFileSync(join(root, "docs/bench.md"), report(results));
    writeFileSync(join(root, "docs/bench.svg"), plot(results));
    console.log("\nWritten: docs/bench.md, docs/bench.svg");
  } else {
    for (const name of chosen) console.log(`\n${section(name, results)}`);
  }
  console.log();
  for (const { isMet, says, because } of targets(results)) console.log(`${isMet ? "✓" : "✗"} ${says}: ${because}`);
});

async function told(what, work) {
  const start = performance.now();
  const result = await work;
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}
