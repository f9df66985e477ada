const pages = [["/?api={api}", "body"]];
const hides = [/Critical dependency/];

export default {
  caches: ["dist"],
  modes: {
    development: { run: [["rspack", "build", "--mode", "development"]], serve: ".", pages, hides },
    production: { run: [["rspack", "build", "--mode", "production"]], serve: ".", pages, hides },
  },
};
