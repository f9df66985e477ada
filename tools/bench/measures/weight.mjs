import { brotliCompressSync, gzipSync } from "node:zlib";

import { libraryFiles, stem } from "../bundle.mjs";
import { peers } from "../peers.mjs";

/**
 * Per peer: bytes of JavaScript and WebAssembly, as they are, with gzip at its best, with Brotli at its best. Of what is
 * imported when it is needed, that which a first visitor's page does need.
 */
export async function measureWeight(lab) {
  const weights = {};
  for (const peer of peers) {
    await lab.signedIn(peer, 3600);
    weights[peer.id] = await weigh(peer, lab.site.asked(peer.id));
  }
  const saleor = peers.find(({ id }) => id === "saleor");
  weights.saleorBare = await weigh({ ...saleor, needsBuffer: false }, lab.site.asked("saleor"));
  return weights;
}

/** Of the library's files only those that `asked`, a page of it, has loaded; the adapter in the page is no part of them. */
export async function weigh(peer, asked) {
  const stems = new Set(asked.map(stem));
  const weight = { raw: 0, gzip: 0, brotli: 0 };
  for (const [file, bytes] of Object.entries(await libraryFiles(peer))) {
    if (!stems.has(stem(file))) continue;
    weight.raw += bytes.length;
    weight.gzip += gzipSync(bytes, { level: 9 }).length;
    weight.brotli += brotliCompressSync(bytes).length;
  }
  return weight;
}
