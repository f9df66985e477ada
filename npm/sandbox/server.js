// The platform behind HTTP, for browsers and other processes: the wire only, as sandbox/src/server.rs is it for the program.

import { createServer } from "node:http";

import { MAX_BODY } from "./platform.js";

const HOST = "127.0.0.1";

/** Serves a platform on a port of this machine, 0 for a free one: `{ url, close() }`. */
export async function serve(platform, port) {
  // A refresh token may be long, and so may what a test sends in its place.
  const server = createServer({ maxHeaderSize: 256 * 1024, keepAlive: false }, answer);
  // No connection serves two requests: a browser repeats one by itself when a connection that it has used before breaks.
  server.maxRequestsPerSocket = 1;
  server.on("checkExpectation", answer);
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(busy(error, port)));
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${server.address().port}`,
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };

  async function answer(request, response) {
    // Whoever has left is told nothing.
    response.on("error", () => {});
    try {
      const body = await bodyOf(request);
      if (body === undefined) return write(response, { status: 413, headers: [], body: "length limit exceeded" });
      const found = platform.handle(request.method, targetOf(request), headersOf(request), body);
      if (found.delivery === "now" || (await platform.arrival(found, leaving(response)))) write(response, found);
      else request.socket.destroy();
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      write(response, { status: 500, headers: [], body: `The sandbox has failed: ${error.message}` });
    }
  }
}

function busy(error, port) {
  return Object.assign(new Error(`port ${port}: ${error.code === "EADDRINUSE" ? "address already in use" : error.message}`, { cause: error }), {
    code: error.code,
  });
}

/** The whole body; `undefined` when it is longer than the platform takes. */
async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Path and query, also of a client that takes the sandbox for a proxy and names the whole address. */
function targetOf({ url }) {
  return url.replace(/^https?:\/\/[^/?]*/i, "") || "/";
}

function headersOf({ rawHeaders }) {
  const headers = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at], Buffer.from(rawHeaders[at + 1], "latin1").toString()]);
  }
  return headers;
}

/** Fires when the client goes away before it has its answer. */
function leaving(response) {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}

function write(response, { status, headers, body }) {
  response.shouldKeepAlive = false;
  const length = status === 204 ? [] : ["Content-Length", Buffer.byteLength(body)];
  response.writeHead(status, [...headers.flat(), ...length]);
  response.end(body);
}
