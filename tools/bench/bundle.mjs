// What a page loads of each peer, bundled as a storefront would.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { root, run } from "../lib/run.mjs";
import { folder } from "./peers.mjs";

const wasmName = "storefront_session_bg.wasm";

/** The packages of this folder's own package-lock.json: who only builds or tests need not fetch them. */
export async function installPeers() {
  const written = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (written("node_modules/.package-lock.json") >= written("package-lock.json")) return;
  // Some warn that they want a newer Node; they run in a browser.
  await run("npm", ["ci", "--loglevel=error"], { cwd: folder });
}

/** The files that a page loads for nothing but the library: name and bytes. */
export const libraryFiles = (peer) =>
  filesOf(peer, `export { ${peer.imports.join(", ")} } from ${JSON.stringify(peer.package)};`);

/** The files of a page in which the library can be asked, see peers/. */
export const pageFiles = (peer) => filesOf(peer, `import * as peer from "./peers/${peer.id}.js"; globalThis.peer = peer;`);

async function filesOf(peer, contents) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false,
    logLevel: "error",
    alias: { "storefront-session": join(root, "dist/index.js") },
    inject: peer.needsBuffer ? [join(folder, "buffer.js")] : [],
  });
  const files = { "page.js": outputFiles[0].contents };
  if (peer.id === "ours") files[wasmName] = readFileSync(join(root, "dist", wasmName));
  return files;
}
