using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "*:8080", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "storefront_session_bg.wasm?module", wasm = embed "node_modules/storefront-session/dist/storefront_session_bg.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
