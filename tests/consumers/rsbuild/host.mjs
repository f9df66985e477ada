const pages = [["/?api={api}", "body"]];

export default {
  caches: ["dist"],
  modes: {
    development: { serve: ["rsbuild", "dev", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["rsbuild", "build"]], serve: ["rsbuild", "preview", "--host", "127.0.0.1", "--port", "{port}"], pages },
  },
};
