import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./run.mjs";

/** The package's entries over a session, each a file that a page loads only where it imports it. */
export const pageEntries = ["account", "company", "context", "sso"];

/** The files of all entries: with that for Node.js alone, and what stands in its place elsewhere. */
export const entries = [...pageEntries, "service", "service-refused"];

/**
 * Writes the entries to `dist`. Each is whole, so that any loader finds all it needs, and without a source map, whose address would
 * be a fiftieth of it.
 */
export async function bundleEntries(dist, { build, pack, options }) {
  const entryPoints = entries.map((name) => `npm/entries/${name}.js`);
  await build({ ...options, entryPoints, sourcemap: false, minifySyntax: false });
  for (const name of entries) {
    const file = join(dist, `${name}.js`);
    const { code } = await pack(withInlineExports(readFileSync(file, "utf8")));
    writeFileSync(file, code);
    if (name !== "service-refused") cpSync(join(root, `npm/entries/${name}.d.ts`), join(dist, `${name}.d.ts`));
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
