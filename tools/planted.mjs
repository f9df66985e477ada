// npm run planted: breaks the lifecycle in one place at a time (tests/planted/*.patch) and demands that the simulator finds
// it within the seeds of `npm test`: by the law that is broken or the excuse that forgives too much ("Laws:"), or by one of
// its scenarios ("Test:"). What is named on the command line is tried alone.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { root, run, script } from "./lib/run.mjs";
import { startSimulator } from "./lib/simulator.mjs";
import { installRust, targetFolder } from "./lib/toolchain.mjs";

const folder = join(root, "tests/planted");
// A copy, so that the sources are never left broken; what is compiled for it stays from one time to the next.
const sources = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "sandbox", "tests"];

script(async () => {
  await installRust();
  const wanted = process.argv.slice(2);
  const all = readdirSync(folder).filter((name) => name.endsWith(".patch"));
  const chosen = all.filter((name) => wanted.length === 0 || wanted.includes(basename(name, ".patch")));
  const copy = join(await targetFolder(), "planted");

  let missed = 0;
  for (const name of chosen) {
    const patch = readFileSync(join(folder, name), "utf8");
    const header = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(patch)?.[1];
    const [test, expected] = [header("Test"), header("Laws?")?.split(", ")];
    if (!test && !expected) throw new Error(`${name} says neither which law it breaks nor which test finds it`);
    // What no longer applies, or does not compile, is told with the rest.
    const hunted = hunt(copy, join(folder, name), test ?? "the_laws_hold");
    const { found, took } = await hunted.catch((error) => ({ found: error.message, took: "" }));
    const caught = (expected ?? [test]).includes(found);
    if (!caught) missed += 1;
    const verdict = caught ? `caught by ${/^\d/.test(found) ? "law " : ""}${found}${took}` : `MISSED (${found ?? "nothing"} found)`;
    console.log(`${basename(name, ".patch").padEnd(32)} ${verdict}`);
  }
  console.log(`${chosen.length - missed} of ${chosen.length} caught`);
  if (missed > 0) process.exit(1);
});

/** Breaks a copy, and runs that test; gives the law that is broken, the excuse that forgives too much, or the test that fails. */
async function hunt(copy, patch, test) {
  mkdirSync(copy, { recursive: true });
  for (const source of sources) {
    rmSync(join(copy, source), { recursive: true, force: true });
    cpSync(join(root, source), join(copy, source), { recursive: true, preserveTimestamps: true });
  }
  // Where the lines around it have changed it might be planted somewhere else.
  await run("patch", ["--strip=1", "--fuzz=0", "--silent", "--force", `--input=${patch}`], { cwd: copy });
  const { child, exited } = startSimulator([test, "--nocapture"], {
    cwd: copy,
    stdio: ["ignore", "pipe", "pipe"],
    env: { CARGO_TARGET_DIR: join(copy, "target"), RUST_BACKTRACE: "0" },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  await exited;
  if (!/^test result/m.test(text)) throw new Error(`${basename(patch)}: the simulator did not run\n${text.slice(-2000)}`);
  const seeds = /^(\d+) seeds/m.exec(text)?.[1];
  const law = /law (\d+) is broken/.exec(text)?.[1];
  const excuse = /forgives too much: \[(\w+)/.exec(text)?.[1];
  const failed = /^test result: FAILED/m.test(text) && !seeds ? test : undefined;
  return { found: law ?? excuse ?? failed, took: seeds ? ` after ${seeds} seeds` : "" };
}
