const inPlace = (place) => ({ run: [["env", `PLACE=${place}`, "vitest", "run", "--environment", place]] });

export default { modes: { "in Node.js": inPlace("node"), "in jsdom": inPlace("jsdom"), "in happy-dom": inPlace("happy-dom") } };
