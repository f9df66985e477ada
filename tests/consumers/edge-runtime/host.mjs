export default { modes: { production: { run: [["node", "visit.mjs"]] } } };
