// npm run test:engines: the built package in Chromium, Firefox and WebKit, each without a driver.
// `npm run test:engines -- webkit fetch` runs that engine and that file only.

import { join } from "node:path";
import { run as runTests } from "node:test";

import { known } from "../tests/engines/known.mjs";
import { NEEDS_DRIVER } from "../tests/e2e/lib/remote.mjs";
import { engineNames, engineVersion, installEngine } from "./lib/engines.mjs";
import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";
import { buildSandbox } from "./lib/sandbox.mjs";

const files = {
  package: "e2e/package",
  tabs: "e2e/tabs",
  fetch: "e2e/fetch",
  failures: "e2e/failures",
  "many-tabs": "e2e/many-tabs",
  light: "e2e/light",
  supply: "e2e/supply",
  bindings: "e2e/bindings",
  react: "e2e/react",
  entries: "engines/entries",
  refused: "engines/refused",
  engines: "engines/engines",
};

script(async () => {
  const wanted = process.argv.slice(2);
  const choose = (names) => (names.some((name) => wanted.includes(name)) ? names.filter((name) => wanted.includes(name)) : names);
  const unknown = wanted.filter((name) => !(name in files) && !engineNames.includes(name));
  if (unknown.length > 0) throw new Error(`no ${unknown.join(", ")}; there are ${[...engineNames, ...Object.keys(files)].join(", ")}`);

  await buildPackage();
  await buildSandbox();
  const summary = [];
  // One after the other: a test that waits for a browser must not wait for two.
  for (const engine of choose(engineNames)) {
    await installEngine(engine);
    const version = await engineVersion(engine);
    console.log(`\n== ${version}`);
    const counts = { engine: version, passed: 0, failed: 0, known: 0, mended: 0, "needs a driver": 0 };
    for (const file of choose(Object.keys(files))) await tests(engine, file, counts);
    summary.push(counts);
  }
  console.table(summary);
  if (summary.some(({ failed }) => failed > 0)) throw new Error("an engine fails where it is not known to");
});

/** Runs the tests of one file in one engine, and counts how they ended. */
async function tests(engine, file, counts) {
  process.env.ENGINE = engine;
  // The time is for the whole file: only what hangs is to reach it.
  const stream = runTests({ files: [join(root, "tests", `${files[file]}.test.mjs`)], concurrency: false, timeout: 1_800_000 });
  for await (const { type, data } of stream) {
    if (type === "test:stderr") process.stderr.write(data.message);
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A file that fails is told by its tests, unless it has none.
    if (data.name.endsWith(".test.mjs") && data.details.error?.failureType === "subtestsFailed") continue;
    const { outcome, note } = judge(engine, file, type === "test:pass", data);
    counts[outcome] += 1;
    if (outcome !== "passed") console.log(`${outcome.padEnd(15)}${file}: ${data.name}${note && `\n${note}`}`);
  }
}

function judge(engine, file, isPassed, { name, skip, details }) {
  const expected = known.find((it) => it.engines.includes(engine) && it.file === file && it.test.test(name));
  const why = expected ? `    ${expected.why}` : "";
  if (isPassed && skip === undefined) return expected && !expected.isRace ? { outcome: "mended", note: why } : { outcome: "passed", note: "" };
  const error = details.error?.cause ?? details.error;
  const text = String(error?.message ?? error ?? skip);
  if (text.includes(NEEDS_DRIVER) || skip !== undefined) return { outcome: "needs a driver", note: `    ${text.split("\n")[0]}` };
  return expected ? { outcome: "known", note: why } : { outcome: "failed", note: String(error?.stack ?? text).replace(/^/gm, "    ") };
}
