const answers = ["/api/node", "/api/edge?api={api}", "/api/proxy"];
const pages = [["/?api={api}", "#server"], ["/?api={api}", "#client"]];
const caches = [".next"];
const serve = ["next", "start", "--hostname", "127.0.0.1", "--port", "{port}"];

export default {
  core: ["production"],
  caches,
  modes: {
    development: { serve: ["next", "dev", "--hostname", "127.0.0.1", "--port", "{port}"], answers, pages },
    production: { run: [["next", "build"]], serve, answers, pages },
    "development with webpack": { serve: ["next", "dev", "--webpack", "--hostname", "127.0.0.1", "--port", "{port}"], answers, pages },
    "production with webpack": { run: [["next", "build", "--webpack"]], serve, answers, pages },
  },
};
