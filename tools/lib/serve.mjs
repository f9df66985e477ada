import { createServer } from "node:http";
import { join } from "node:path";

import sirv from "sirv";

import { listen } from "./ports.mjs";
import { root } from "./run.mjs";

/**
 * Serves the demo page as a storefront would: www/ at `/`, the built package at `/storefront-session/`, and at
 * `/config.json` where the platform is. Nothing is cached. `headers` are sent with every answer.
 */
export async function servePage({ apiUrl, port = 0, headers = {} }) {
  const page = sirv(join(root, "www"), { dev: true });
  const packageFiles = sirv(join(root, "dist"), { dev: true });
  const prefix = "/storefront-session/";

  const server = createServer((request, response) => {
    for (const name in headers) response.setHeader(name, headers[name]);
    if (request.url === "/config.json") {
      response.setHeader("Content-Type", "application/json");
      response.setHeader("Cache-Control", "no-store");
      response.end(JSON.stringify({ apiUrl }));
    } else if (request.url.startsWith(prefix)) {
      request.url = request.url.slice(prefix.length - 1);
      packageFiles(request, response);
    } else {
      page(request, response);
    }
  });
  const address = await listen(server, port);
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
