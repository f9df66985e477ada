// As Wrangler does it: esbuild with these conditions, the WebAssembly as a module of its own.
const bundle = ["esbuild", "worker.js", "--bundle", "--format=esm", "--conditions=workerd,worker,browser", "--external:*.wasm?module", "--outfile=dist/worker.js"];

export default {
  caches: ["dist"],
  modes: {
    production: { run: [bundle], serve: ["workerd", "serve", "config.capnp", "--socket-addr=http=127.0.0.1:{port}"], answers: ["/?api={api}"] },
  },
};
