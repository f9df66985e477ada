import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { pageEntries } from "./entries.mjs";
import { root } from "./run.mjs";

const dist = join(root, "dist");

/**
 * The bytes of each file that a page loads in normal operation, and their total: as they are, with gzip and with Brotli. What a
 * former version has stored is taken over once (former.js); companies and carts are seen to, and scopes read, where somebody asks
 * for that (customer.js, validate.js); what an option must be is
 * told (expected.js), and why something cannot be loaded (explain.js).
 */
export function sizes() {
  const table = { total: { raw: 0, gzip: 0, brotli: 0 } };
  for (const file of ["core.js", "index.js", "storefront_session_bg.wasm"]) {
    table[file] = rowOf(file);
    for (const column in table.total) table.total[column] += table[file][column];
  }
  return table;
}

/** The same of the entries that only those load who import them. */
export const entrySizes = () => Object.fromEntries([...pageEntries, "service"].map((name) => [name, rowOf(`${name}.js`)]));

/** What README says of the same bytes in a script and in the file beside it, in kB with Brotli; and what they are. */
export function bytesInScript() {
  const files = ["storefront_session_bytes.js", "storefront_session_bg.wasm"];
  const are = files.map((file) => Math.round(rowOf(file).brotli / 1000));
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const said = /loads: (\d+) kB with Brotli instead of (\d+)\..*?grows by those (\d+) kB/s.exec(readme);
  return { said: said?.slice(1).map(Number), are: [...are, are[0]] };
}

function rowOf(file) {
  const bytes = readFileSync(join(dist, file));
  return { raw: bytes.length, gzip: gzipSync(bytes).length, brotli: brotliCompressSync(bytes).length };
}
