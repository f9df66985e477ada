import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { root } from "./run.mjs";

const dist = join(root, "dist");

/**
 * The bytes of each file that a page loads in normal operation, and their total: as they are, with gzip and with Brotli. What a
 * former version has stored is taken over once (former.js), and companies and carts are seen to where somebody asks for that (customer.js).
 */
export function sizes() {
  const table = { total: { raw: 0, gzip: 0, brotli: 0 } };
  for (const file of ["core.js", "index.js", "storefront_session_bg.wasm"]) {
    const bytes = readFileSync(join(dist, file));
    const row = { raw: bytes.length, gzip: gzipSync(bytes).length, brotli: brotliCompressSync(bytes).length };
    for (const column in row) table.total[column] += row[column];
    table[file] = row;
  }
  return table;
}
