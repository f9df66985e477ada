// npm run bench: measures this package beside others and writes docs/bench.md and docs/bench.svg.
// `npm run bench -- --quick` makes fewer rounds.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { installPeers } from "./bench/bundle.mjs";
import { openLab } from "./bench/lab.mjs";
import { machine } from "./bench/machine.mjs";
import { measureCached } from "./bench/measures/cached.mjs";
import { measureMemory } from "./bench/measures/memory.mjs";
import { countRequests } from "./bench/measures/requests.mjs";
import { measureStart } from "./bench/measures/start.mjs";
import { measureTabs } from "./bench/measures/tabs.mjs";
import { weigh } from "./bench/measures/weight.mjs";
import { peers } from "./bench/peers.mjs";
import { plot } from "./bench/plot.mjs";
import { report } from "./bench/report.mjs";
import { targets } from "./bench/targets.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";

const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? { start: 3, cached: 5, tabs: 2 } : { start: 7, cached: 11, tabs: 4 };
const renewals = isQuick ? [100, 1000] : [1000, 10_000];
const tabNumbers = [1, 5, 20];

script(async () => {
  await buildPackage();
  await installPeers();

  const lab = await openLab();
  const results = { isQuick, machine: machine(lab.browser), weight: {} };
  for (const peer of peers) results.weight[peer.id] = await weigh(peer);
  results.weight.saleorBare = await weigh({ ...peers.find(({ id }) => id === "saleor"), needsBuffer: false });
  results.start = await told("cold start", measureStart(lab, rounds.start));
  results.cached = await told("a cached token", measureCached(lab, rounds.cached));
  results.tabs = await told("renewals among tabs", measureTabs(lab, tabNumbers, rounds.tabs));

  // Neither of these is a matter of time, so they may share the machine; each has platforms that count for it alone.
  const other = await openLab();
  [results.requests, results.memory] = await Promise.all([
    told("requests", countRequests(lab)),
    told("memory", measureMemory(other, renewals)),
  ]);
  await other.close();
  await lab.close();

  writeFileSync(join(root, "docs/bench.md"), report(results));
  writeFileSync(join(root, "docs/bench.svg"), plot(results));
  console.log("\nWritten: docs/bench.md, docs/bench.svg");
  for (const { isMet, says, because } of targets(results)) console.log(`${isMet ? "✓" : "✗"} ${says}: ${because}`);
});

async function told(what, work) {
  const start = performance.now();
  const result = await work;
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}
