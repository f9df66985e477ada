const pages = [["/?api={api}", "#server"], ["/?api={api}", "#client"]];

export default {
  caches: ["dist", ".astro"],
  modes: {
    development: { serve: ["astro", "dev", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["astro", "build"]], serve: ["astro", "preview", "--host", "127.0.0.1", "--port", "{port}"], pages },
  },
};
