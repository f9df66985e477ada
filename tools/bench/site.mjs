// The storefront: for each peer a few pages and the files that they load. Nothing is cached.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { listen } from "../lib/ports.mjs";

const types = { js: "text/javascript", wasm: "application/wasm" };

const scripts = {
  /** A page of the same origin on which nothing runs. */
  empty: "",
  /** The library is there and waits to be asked. */
  library: "await import('./page.js');",
  /** A visitor comes: as soon as the library is there it is asked for a token. */
  token: firstUse("await import('./page.js'); await peer.open(platform); await (peer.token ?? peer.call)();"),
  /** The same, but for an API call, where the library makes any. */
  call: firstUse("await import('./page.js'); await peer.open(platform); await (peer.call ?? peer.token)();"),
  /** A page that has what it needs. */
  nothing: firstUse(""),
};

/** The page stands still while it tells, so that nothing it does later is counted. */
function firstUse(script) {
  return `${script}
    const now = performance.now();
    const request = new XMLHttpRequest();
    request.open("POST", "usable", false);
    request.send(now);`;
}

/** Serves the files of each peer, by id; `platforms` are the addresses that their pages are told. */
export async function startSite(files, platforms) {
  const asked = Object.fromEntries(Object.keys(files).map((id) => [id, new Set()]));
  const waiting = {};
  const server = createServer(async (request, response) => {
    const [, id, name] = new URL(request.url, "http://site").pathname.split("/");
    response.setHeader("Cache-Control", "no-store");
    const script = scripts[name];
    const bytes = files[id]?.[name];
    if (name === "usable") {
      const wall = Number(await text(request));
      waiting[id]({ wall, asked: [...asked[id]], resume: () => response.end() });
    } else if (script !== undefined) {
      asked[id].clear();
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      const setting = `globalThis.platform = ${JSON.stringify(platforms[id])};`;
      response.end(
        `<!doctype html><title>${id}</title><link rel="icon" href="data:,"><script>${setting}</script>` +
          `<script type="module">${script}\nglobalThis.isReady = true;</script>`,
      );
    } else if (bytes !== undefined) {
      asked[id].add(name);
      response.setHeader("Content-Type", types[name.split(".").at(-1)]);
      response.end(bytes);
    } else {
      response.writeHead(404).end();
    }
  });
  const { port } = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,

    /** The files that the peer's last page has asked for. */
    asked: (id) => [...asked[id]],

    /** The next time that a page of the peer's has what it came for: ms since the navigation, the files it had asked for by then. */
    usable: (id) => new Promise((resolve) => (waiting[id] = resolve)),

    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
