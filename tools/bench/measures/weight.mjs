import { brotliCompressSync, gzipSync } from "node:zlib";

import { libraryFiles } from "../bundle.mjs";

/** Bytes of JavaScript and WebAssembly: as they are, with gzip at its best, with Brotli at its best. */
export async function weigh(peer) {
  const weight = { raw: 0, gzip: 0, brotli: 0 };
  for (const bytes of Object.values(await libraryFiles(peer))) {
    weight.raw += bytes.length;
    weight.gzip += gzipSync(bytes, { level: 9 }).length;
    weight.brotli += brotliCompressSync(bytes).length;
  }
  return weight;
}
