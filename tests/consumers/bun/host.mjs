const bun = "node_modules/@oven/bun-linux-x64/bin/bun";

export default {
  caches: ["dist"],
  modes: {
    "module and CommonJS": { run: [[bun, "visit.mjs"], [bun, "visit.cjs"]] },
    "bundled for a server": { run: [[bun, "build", "visit.mjs", "--target", "node", "--outfile", "dist/visit.mjs"], ["node", "dist/visit.mjs"]], prints: /Bundled|customer, [1-9]\d* products/ },
  },
};
