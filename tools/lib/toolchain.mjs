// What the project is built with. Each function installs what is missing and takes a moment when nothing is.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { output, root, run } from "./run.mjs";

export const wasmTarget = "wasm32-unknown-unknown";

/**
 * The compiler that the package is made with: its sizes were measured and its hidden options tried with this one. It is
 * no part of rust-toolchain.toml, because a machine has the stable toolchain that it has, and may not be able to get another.
 */
export const measuredCompiler = "rustc 1.95.0 (59807616e 2026-04-14)";

/** Says loudly where this machine's compiler is another one. */
export async function checkCompiler() {
  const warning = compilerWarning((await output("rustc", ["--version"])).trim());
  if (warning) console.warn(warning);
}

/** What is to be said of a package that this compiler made; `undefined` for the one it was measured with. */
export function compilerWarning(compiler) {
  if (compiler === measuredCompiler) return undefined;
  const line = "!".repeat(100);
  return `
${line}
!! WARNING: this is not the compiler that the package is made and measured with.
!!   here       ${compiler}
!!   measured   ${measuredCompiler}
!! The build uses options that are not stable (-Zbuild-std, -Cpanic=immediate-abort): do not publish it before
!! \`npm test\` has passed and \`npm test -- size\` was compared. The bytes will be others. The version that is wanted
!! stands in tools/lib/toolchain.mjs.
${line}
`;
}

/** Rust's parts that rust-toolchain.toml names: rustup does not add them by itself to a toolchain that is there already. */
export async function installRust() {
  const sysroot = await rustFolder();
  if (!existsSync(join(sysroot, "lib/rustlib", wasmTarget))) await run("rustup", ["target", "add", wasmTarget]);
  for (const [component, program] of [["rustfmt", "cargo-fmt"], ["clippy", "cargo-clippy"]]) {
    if (!existsSync(join(sysroot, "bin", program))) await run("rustup", ["component", "add", component]);
  }
}

/** The source of Rust's standard library, for the build that compiles it along. */
export async function installRustSource() {
  const source = join(await rustFolder(), "lib/rustlib/src/rust/library/Cargo.lock");
  if (!existsSync(source)) await run("rustup", ["component", "add", "rust-src"]);
}

async function rustFolder() {
  try {
    return (await output("rustc", ["--print", "sysroot"])).trim();
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new Error("Rust is missing. Install it with rustup: https://rustup.rs");
  }
}

/** The packages of package-lock.json. */
export const installPackages = () => installFolder(".");

/** The packages of a folder that has its own, because it wants other versions than the rest. */
export async function installFolder(folder) {
  const cwd = join(root, folder);
  const changed = (file) => statSync(join(cwd, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (changed("node_modules/.package-lock.json") < changed("package-lock.json")) await run("npm", ["ci", "--loglevel=error"], { cwd });
}

/** The programs of the tools crate; with the feature "test" those for tests in a browser too. Returns their folder. */
export async function installTools(...features) {
  const args = ["--manifest-path", "tools/Cargo.toml", "--target-dir", "tools/target", "--features", features.join()];
  await run("cargo", ["build", "--locked", ...args], {
    env: { CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY: "never" },
  });
  return join(root, "tools/target/debug");
}

/** Where cargo puts what it builds. */
export async function targetFolder() {
  return JSON.parse(await output("cargo", ["metadata", "--locked", "--no-deps", "--format-version=1"])).target_directory;
}
