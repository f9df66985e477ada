#!/usr/bin/env node
// The command storefront-session-sandbox.

import { startSandbox } from "./index.js";

const name = "storefront-session-sandbox";
const DEFAULT_PORT = 8787;

const port = portOf(process.argv.slice(2));
if (port === undefined) {
  console.error(`usage: ${name} [--port PORT]    (0 picks a free port, the default is ${DEFAULT_PORT})`);
  process.exit(2);
}
try {
  const { url } = await startSandbox({ port });
  console.log(`sandbox listening on ${url}`);
} catch (error) {
  console.error(`${name}: ${error.message}`);
  process.exit(1);
}

/** The port that the arguments name; `undefined` when they say something else. */
function portOf(args) {
  if (args.length === 0) return DEFAULT_PORT;
  const [, port] = /^--port[ =](\d{1,5})$/.exec(args.join(" ")) ?? [];
  return Number(port) <= 65535 ? Number(port) : undefined;
}
