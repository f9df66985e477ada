const pages = [["/?api={api}", "#server"], ["/?api={api}", "#client"], ["/?api={api}", "#hooks"]];

export default {
  caches: ["build", ".react-router"],
  modes: {
    development: { serve: ["react-router", "dev", "--host", "127.0.0.1", "--port", "{port}"], pages },
    production: { run: [["react-router", "build"]], serve: ["react-router-serve", "./build/server/index.js"], pages },
  },
};
