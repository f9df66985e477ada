// The package's entry for tests, storefront-session/sandbox: the sandbox's rules as WebAssembly for Node.js, and npm/sandbox/.

import { cpSync, existsSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { isNewer } from "./files.mjs";
import { output, root, run } from "./run.mjs";
import { installTools, wasmTarget } from "./toolchain.mjs";

const profile = "sandbox";

/** Compiles it: what `bundleSandbox` takes, and the manifests of the crates that are compiled in. */
export async function compileSandbox(target) {
  const crate = ["--profile", profile, "--package", "sandbox-node", "--target", wasmTarget];
  const env = { CARGO_ENCODED_RUSTFLAGS: (await withoutPaths()).join("\x1f") };
  const messages = await output("cargo", ["build", "--locked", "--message-format=json-render-diagnostics", ...crate], { env });
  const folder = join(target, wasmTarget, profile);
  const built = messages.split("\n").filter(Boolean).map(JSON.parse).filter(({ filenames }) => filenames?.some((file) => file.startsWith(folder)));
  const compiled = join(folder, "sandbox_node.wasm");
  const bound = join(target, "sandbox-node");
  const optimised = join(bound, "sandbox.wasm");
  const recipe = ["package-lock.json", "tools/Cargo.lock", "tools/lib/package-sandbox.mjs", "tools/src/bin/bind.rs"];
  if (!isNewer(optimised, [compiled, ...recipe.map((file) => join(root, file))])) {
    rmSync(bound, { recursive: true, force: true });
    await run(join(await installTools(), "bind"), [compiled, bound]);
    const strip = ["--strip-debug", "--strip-producers"];
    await run(join(root, "node_modules/.bin/wasm-opt"), [join(bound, "sandbox_node_bg.wasm"), "-O2", ...strip, "--output", optimised]);
  }
  return { bound, manifests: built.map((it) => it.manifest_path) };
}

/** A panic names a place in the source, and no path of this machine. */
async function withoutPaths() {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  // Each registry has a folder of its own there, by the address it was reached at.
  const registries = [cargo, realpathSync(cargo)].flatMap((home) => {
    const folder = join(home, "registry/src");
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  const sysroot = (await output("rustc", ["--print", "sysroot"])).trim();
  const places = { "/crates": registries, "/rust": [join(sysroot, "lib/rustlib/src/rust")], "/source": [root.slice(0, -1)] };
  return Object.entries(places).flatMap(([name, folders]) => folders.map((folder) => `--remap-path-prefix=${folder}=${name}`));
}

/** Writes dist/sandbox/. */
export async function bundleSandbox(bound, dist) {
  const { build } = await import("esbuild");
  const folder = join(dist, "sandbox");
  const common = { absWorkingDir: root, outdir: folder, bundle: true, format: "esm", platform: "node", target: "node20", sourcemap: true, logLevel: "warning" };
  const glue = {
    name: "glue",
    setup: ({ onResolve }) => onResolve({ filter: /^\.\/sandbox_node\.js$/ }, () => ({ path: join(bound, "sandbox_node.js") })),
  };
  await build({ ...common, entryPoints: ["npm/sandbox/index.js"], plugins: [glue] });
  await build({ ...common, entryPoints: ["npm/sandbox/cli.js"], external: ["./index.js"] });
  cpSync(join(root, "npm/sandbox/index.d.ts"), join(folder, "index.d.ts"));
  cpSync(join(bound, "sandbox.wasm"), join(folder, "sandbox.wasm"));
}
