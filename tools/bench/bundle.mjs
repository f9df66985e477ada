// What a page loads of each peer, bundled as a storefront would.

import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { beforeDist } from "./before.mjs";
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

/** The files for nothing but the library: name and bytes. */
export const libraryFiles = (peer) =>
  filesOf(peer, `export { ${peer.imports.join(", ")} } from ${JSON.stringify(peer.package)};`);

/**
 * The files of a page in which the library can be asked, see peers/. It names what it hands on: of a namespace as a value esbuild
 * makes a file of its own, which a page with chunks would fetch first.
 */
export async function pageFiles(peer) {
  const adapter = `./peers/${peer.adapter}.js`;
  const { build } = await import("esbuild");
  const { metafile } = await build({ entryPoints: [join(folder, adapter)], format: "esm", metafile: true, write: false });
  const names = Object.values(metafile.outputs)[0].exports.join(", ");
  return filesOf(peer, `import { ${names} } from "${adapter}"; globalThis.peer = { ${names} };`);
}

/** A file's name without the hash of its contents: the same in both of the above. */
export const stem = (file) => file.replace(/-[A-Z0-9]{8}(?=\.js$)/, "");

/** The library is `page.js`; what it imports when it needs it remains a file of its own. */
async function filesOf(peer, contents) {
  const { build } = await import("esbuild");
  const dist = peer.id === "before" ? await beforeDist() : join(root, "dist");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    outdir: folder,
    entryNames: "page",
    write: false,
    logLevel: "error",
    alias: { "storefront-session": join(dist, "index.js") },
    inject: peer.needsBuffer ? [join(folder, "buffer.js")] : [],
  });
  const files = Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  if (peer.adapter === "ours") files[wasmName] = readFileSync(join(dist, wasmName));
  return files;
}
