const pages = [["/?api={api}", "body"]];

export default {
  caches: ["dist"],
  modes: {
    development: { serve: ["vite", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["vite", "build"]], serve: ["vite", "preview", "--host", "127.0.0.1", "--port", "{port}"], pages },
  },
};
