// Serves the shop's page, and the package's files below /session: what a bundler does for a real one.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const page = new URL("index.html", import.meta.url);
const session = new URL(".", import.meta.resolve("storefront-session"));
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

export async function serveShop() {
  const server = createServer(async (request, response) => {
    const [, name] = /^\/session\/([\w.-]+)$/.exec(request.url) ?? [];
    const file = fileURLToPath(name ? new URL(name, session) : page);
    try {
      response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream").end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
