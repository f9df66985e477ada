// The storefront: for each peer a few pages and the files that they load. Nothing is cached.

import { createServer } from "node:http";

import { listen } from "../lib/ports.mjs";

const types = { js: "text/javascript", wasm: "application/wasm" };

const scripts = {
  /** A page of the same origin on which nothing runs. */
  empty: "",
  /** The library is there and waits to be asked. */
  library: "await import('./page.js');",
  /** A visitor comes: as soon as the library is there it is asked for a token. */
  visit: `
    await import('./page.js');
    await peer.open(platform);
    await (peer.token ?? peer.call)();
    console.debug("usable", performance.now());`,
};

/** Serves the files of each peer, by id; `platforms` are the addresses that their pages are told. */
export async function startSite(files, platforms) {
  const server = createServer((request, response) => {
    const [, id, name] = new URL(request.url, "http://site").pathname.split("/");
    response.setHeader("Cache-Control", "no-store");
    const script = scripts[name];
    const bytes = files[id]?.[name];
    if (script !== undefined) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      const setting = `globalThis.platform = ${JSON.stringify(platforms[id])};`;
      response.end(
        `<!doctype html><title>${id}</title><link rel="icon" href="data:,"><script>${setting}</script>` +
          `<script type="module">${script}\nglobalThis.isReady = true;</script>`,
      );
    } else if (bytes !== undefined) {
      response.setHeader("Content-Type", types[name.split(".").at(-1)]);
      response.end(bytes);
    } else {
      response.writeHead(404).end();
    }
  });
  const { port } = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
