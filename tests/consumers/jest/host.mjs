export default { core: ["tests"], modes: { tests: { run: [["jest"]], prints: /Tests: +3 passed, 3 total/ } } };
