#!/usr/bin/env bash
# ioredis 6.0.0 (redis 6.3.1 beside it): WATCH, GET, MULTI, SET, EXEC on a client of its own, and a connection that is lost
# between GET and MULTI.
# Expected: EXEC does nothing where a watched key has changed, as Redis has it. A watch belongs to its connection: where that
# is lost nobody knows whether the key has changed, and the transaction is refused; so it is with the package redis.
# Seen: ioredis connects anew, says nothing of the watch that is gone, and MULTI and EXEC are done on the new connection:
# what another process has stored meanwhile is overwritten, and exec() resolves with OK. Nothing in its documentation tells; it
# brings subscriptions back by itself, and the chosen database.
# Why it matters: a renewed refresh token that another server has stored is replaced by the spent one, or a cart by what it
# was, at each failover. Compare and set in one script (EVAL), which no connection can come between.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ioredis@6.0.0 redis@6.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:net";
import { Redis } from "ioredis";
import { createClient } from "redis";

// As much of Redis as is asked for here: a watch, and a queue of commands, belong to a connection.
const keys = new Map();
const connections = new Set();
const bulk = (text) => (text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`);
const store = (key, text) => {
  keys.set(key, text);
  for (const other of connections) if (other.watched.has(key)) other.isStale = true;
  return "+OK\r\n";
};
const server = createServer((socket) => {
  const connection = { socket, watched: new Set(), isStale: false, queue: undefined };
  connections.add(connection);
  socket.on("error", () => {}).on("close", () => connections.delete(connection));
  const run = ([word, key, text]) => {
    const name = word.toUpperCase();
    if (connection.queue && name !== "EXEC") return connection.queue.push([word, key, text]) && "+QUEUED\r\n";
    if (name === "GET") return bulk(keys.get(key));
    if (name === "SET") return store(key, text);
    if (name === "INFO") return bulk("loading:0\r\n");
    if (name === "WATCH") connection.watched.add(key);
    if (name === "MULTI") connection.queue = [];
    if (name !== "EXEC") return "+OK\r\n";
    const { queue, isStale } = connection;
    Object.assign(connection, { queue: undefined, watched: new Set(), isStale: false });
    return isStale ? "*-1\r\n" : `*${queue.length}\r\n${queue.map(run).join("")}`;
  };
  let read = "";
  socket.on("data", (chunk) => {
    read += chunk;
    for (;;) {
      const lines = read.split("\r\n");
      const count = Number(lines[0].slice(1));
      if (!read.startsWith("*") || lines.length < 2 + 2 * count) return;
      read = lines.slice(1 + 2 * count).join("\r\n");
      socket.write(run(Array.from({ length: count }, (_, index) => lines[2 + 2 * index])));
    }
  });
}).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();

const clients = {
  ioredis: async () => {
    const client = new Redis(port, "127.0.0.1");
    client.on("error", () => {});
    await once(client, "ready");
    return { client, exec: (text) => client.multi().set("token", text).exec() };
  },
  redis: async () => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 2 });
    client.on("error", () => {});
    await client.connect();
    return { client, exec: (text) => client.multi().set("token", text).exec() };
  },
};
for (const [name, connect] of Object.entries(clients)) {
  for (const isLost of [false, true]) {
    keys.set("token", "t1");
    const { client, exec } = await connect();
    await client.watch("token");
    const seen = await client.get("token");
    store("token", "t2 of another server");
    if (isLost) {
      const ready = new Promise((done) => client.once("ready", done));
      for (const { socket } of connections) socket.destroy();
      await ready;
    }
    const told = await exec(`${seen} again`).then((value) => `resolves with ${JSON.stringify(value)}`, (error) => `rejects, ${error.constructor.name}`);
    console.log(`${name}, ${isLost ? "the connection is lost" : "on one connection"}: exec() ${told}; the server holds "${keys.get("token")}"`);
    client.disconnect?.();
    client.destroy?.();
    await new Promise((done) => setTimeout(done, 100));
  }
}
process.exit();
JS

cat >expected <<'TEXT'
ioredis, on one connection: exec() resolves with null; the server holds "t2 of another server"
ioredis, the connection is lost: exec() resolves with [[null,"OK"]]; the server holds "t1 again"
redis, on one connection: exec() rejects, WatchError; the server holds "t2 of another server"
redis, the connection is lost: exec() rejects, WatchError; the server holds "t2 of another server"
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ioredis-watch-is-forgotten no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
