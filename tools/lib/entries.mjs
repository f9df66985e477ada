import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./run.mjs";

/** The package's entries over a session, each a file that a page loads only where it imports it. */
export const pageEntries = ["account", "company", "context", "sso"];

/** The files of all entries: with that for Node.js alone, and what stands in its place elsewhere. */
export const entries = [...pageEntries, "service", "service-refused"];

/**
 * Writes the entries to `dist`, as modules and for require(). Each is whole, so that any loader finds all it needs, and without a source
 * map, whose address would be a fiftieth of it.
 */
export async function bundleEntries(dist, { build, pack, options }) {
  const common = { ...options, sourcemap: false, minifySyntax: false };
  const inputs = (names) => names.map((name) => `npm/entries/${name}.js`);
  const both = entries.filter((name) => name !== "service-refused");
  await build({ ...common, entryPoints: inputs(entries) });
  await build({ ...common, entryPoints: inputs(both), format: "cjs", outExtension: { ".js": ".cjs" } });
  const repack = async (file, change) => writeFileSync(file, (await pack(change(readFileSync(file, "utf8")), { compress: { hoist_funs: true } })).code);
  for (const name of entries) await repack(join(dist, `${name}.js`), withInlineExports);
  for (const name of both) {
    await repack(join(dist, `${name}.cjs`), (text) => text);
    const types = readFileSync(join(root, `npm/entries/${name}.d.ts`), "utf8");
    writeFileSync(join(dist, `${name}.d.ts`), types);
    writeFileSync(join(dist, `${name}.d.cts`), types.replace('"./index.js"', '"./index.cjs"'));
  }
}

/** Each export where it is declared, and no list of them at the end: fewer bytes, where there are many. */
export function withInlineExports(text) {
  const list = /\nexport \{([^}]*)\};\n?$/;
  const names = list.exec(text)[1].split(",").map((name) => name.trim());
  return names.reduce((text, name) => {
    const declaration = new RegExp(`^(?=(var|class|(async )?function) ${name}\\b)`, "m");
    if (!declaration.test(text)) throw new Error(`${name} is not declared at the beginning of a line`);
    return text.replace(declaration, "export ");
  }, text.replace(list, "\n"));
}
