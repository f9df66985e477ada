// npm run audit: licences, origins and known vulnerabilities of what the project is made of. What is known of
// vulnerabilities lies elsewhere: where it cannot be reached that is said, and the rest is checked all the same.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { root, run, script, start } from "./lib/run.mjs";
import { installPackages, installRust } from "./lib/toolchain.mjs";

const version = "0.20.2";
const folder = join(root, "tools/target/audit");
const program = join(folder, "bin/cargo-deny");

const ok = "ok";
const failed = "FAILED";
const unknown = "NOT CHECKED: the list of known vulnerabilities cannot be reached from here";

script(async () => {
  await installRust();
  await installPackages();
  if (!existsSync(program) || (await heard(program, ["--version"])).text.trim() !== `cargo-deny ${version}`) {
    await run("cargo", ["install", "--locked", "--root", folder, `cargo-deny@${version}`]);
  }

  const verdicts = {
    "crates: licences, bans, sources": await passes(deny("Cargo.toml", "check", "licenses", "bans", "sources")),
    "crates of tools/: bans, sources": await passes(deny("tools/Cargo.toml", "check", "bans", "sources")),
  };
  const isKnown = (await passes(deny("Cargo.toml", "fetch", "db"))) === ok;
  for (const [name, manifest] of [["crates", "Cargo.toml"], ["crates of tools/", "tools/Cargo.toml"]]) {
    verdicts[`${name}: vulnerabilities`] = isKnown ? await passes(deny(manifest, "check", "advisories")) : unknown;
  }
  verdicts["npm packages: vulnerabilities"] = await npmAudit();

  console.log("\n== summary");
  for (const [what, verdict] of Object.entries(verdicts)) console.log(`${what.padEnd(34)}${verdict}`);
  if (Object.values(verdicts).includes(failed)) throw new Error("something is not as it should be");
});

function deny(manifest, command, ...args) {
  return ["--locked", "--workspace", "--manifest-path", manifest, "--config", "deny.toml", command, ...args];
}

async function passes(args) {
  return (await start(program, args).exited) === 0 ? ok : failed;
}

async function npmAudit() {
  const { status, text } = await heard("npm", ["audit", "--json"]);
  if (status === 0) return ok;
  // With vulnerabilities it is a report, otherwise an error of the registry.
  if (!text.includes('"auditReportVersion"')) return unknown;
  console.log(text);
  return failed;
}

/** Runs a command that may fail: its status, and what it printed. */
async function heard(command, args) {
  const { child, exited } = start(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return { status: await exited, text };
}
