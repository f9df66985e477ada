export default { core: ["tests"], modes: { tests: { run: [["jest"]], prints: /Tests: +5 passed, 5 total/ } } };
