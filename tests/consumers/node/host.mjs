const run = [["node", "visit.mjs"], ["node", "visit.cjs"]];

export default { core: ["module and CommonJS"], modes: { "module and CommonJS": { run } } };
