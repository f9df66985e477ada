// The entry of storefront-session/sandbox.

import { controlsOf } from "./control.js";
import { fetchFrom } from "./fetch.js";
import { Platform } from "./platform.js";
import { serve } from "./server.js";

export async function startSandbox(options = {}) {
  const port = portOf(options);
  const platform = new Platform();
  const server = await serve(platform, port);
  let stopped;
  const stop = () => {
    platform.stop();
    return (stopped ??= server.close());
  };
  const sandbox = { url: server.url, fetch: fetchFrom(platform, server.url), ...controlsOf(platform), stop };
  // Node.js 20 has the symbol, and not yet the syntax.
  if (Symbol.asyncDispose) sandbox[Symbol.asyncDispose] = stop;
  return sandbox;
}

function portOf(options) {
  if (typeof options !== "object" || options === null) throw new TypeError("startSandbox takes an object: { port }");
  const { port = 0, ...others } = options;
  for (const name in others) throw new TypeError(`${name} is no option of startSandbox; there is port`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new TypeError(`port must be a whole number from 0 to 65535, and not ${typeof port === "string" ? JSON.stringify(port) : String(port)}`);
  }
  return port;
}
