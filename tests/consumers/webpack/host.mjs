const pages = [["/?api={api}", "body"]];
const hides = [/Critical dependency|WARNING in/];

export default {
  core: ["production"],
  caches: ["dist"],
  modes: {
    development: { run: [["webpack", "--mode", "development"]], serve: ".", pages, hides },
    production: { run: [["webpack", "--mode", "production", "--no-performance"]], serve: ".", pages, hides },
  },
};
