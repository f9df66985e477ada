// A platform's token endpoint: answers at once or after a delay, can fail, and counts what it was asked.

import { createServer } from "node:http";

import { listen } from "../lib/ports.mjs";
import { jwt, platforms } from "./platforms.mjs";

const defaults = { lifetime: 3600, delayMs: 0, failures: 0 };

/** Starts the stub of a peer's platform. */
export async function startStub(peer) {
  const platform = platforms[peer.adapter];
  const stub = {
    ...defaults,
    requests: 0,
    refusals: 0,
    /** How much later it is here than on this machine, in milliseconds. */
    ahead: 0,
    /** As at the start; what was once issued is good again, so that one sign-in serves many rounds. */
    reset() {
      Object.assign(stub, defaults, { requests: 0, refusals: 0, ahead: 0 });
      tokens.rewind();
    },
  };
  const tokens = issuer(stub, platform.refreshTokens);

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname: path, searchParams: query } = new URL(request.url, stub.url);
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "*");
    // Chromium remembers a preflight for two hours at the most.
    response.setHeader("Access-Control-Max-Age", "7200");
    response.setHeader("Cache-Control", "no-store");
    if (request.method === "OPTIONS") return response.writeHead(204).end();

    const answer = platform.answer({ url: stub.url, path, query, body, tokens: stub.failures > 0 ? none : tokens });
    if (answer === undefined) return response.writeHead(404).end();
    if (answer.isToken) stub.requests += 1;
    if (answer.isToken && stub.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, stub.delayMs));
    if (answer.isToken && stub.failures > 0) {
      stub.failures -= 1;
      return send(response, 503, { error: "temporarily_unavailable", message: "Service Unavailable" });
    }
    if (answer.isRefused) stub.refusals += 1;
    if (answer.location) return response.writeHead(answer.status, { Location: answer.location }).end();
    send(response, answer.status, answer.body);
  });
  const { port } = await listen(server, 0);
  stub.url = `http://127.0.0.1:${port}`;
  stub.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return stub;
}

/** Tokens in families: each sign-in begins one, each renewal goes on in it. */
function issuer(stub, { once, graceMs = 0 }) {
  const families = [];
  const pair = (family) => {
    const { lifetime, ahead } = stub;
    const issuedAt = Math.floor((Date.now() + ahead) / 1000);
    const refresh = `${family}.${families[family].generation}.${"r".repeat(40)}`;
    // Saleor's library reads the end and the issuer from the token, so each peer gets a token that holds them.
    const claims = { iss: `${stub.url}/graphql/`, sub: "visitor", iat: issuedAt, exp: issuedAt + lifetime, jti: refresh };
    return { access: jwt(claims), refresh, lifetime, issuedAt };
  };
  return {
    first() {
      families.push({ generation: 0, renewedAt: 0 });
      return pair(families.length - 1);
    },
    next(refresh) {
      const [family, generation] = String(refresh).split(".").map(Number);
      const known = families[family];
      if (known === undefined) return undefined;
      const isSpent = once && generation !== known.generation;
      if (isSpent && Date.now() - known.renewedAt > graceMs) return undefined;
      if (once && !isSpent) {
        known.generation += 1;
        known.renewedAt = Date.now();
      }
      return pair(family);
    },
    rewind() {
      for (const family of families) family.generation = 0;
    },
  };
}

/** Where the platform fails before it has looked at the request, no refresh token is spent. */
const none = { first: () => ({}), next: () => ({}) };

async function text(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

function send(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
