import { once } from "node:events";
import { createServer } from "node:net";

/** The preferred port of this machine's loopback, or any other when that one is taken. */
export async function freePort(preferred) {
  const server = createServer();
  return (await listen(server, preferred).finally(() => server.close())).port;
}

/** Lets the server listen at the preferred port of the loopback, or at any other when that one is taken. */
export async function listen(server, preferred) {
  try {
    server.listen(preferred, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  return server.address();
}
