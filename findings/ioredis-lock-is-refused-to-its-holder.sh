#!/usr/bin/env bash
# ioredis 6.0.0 as it comes (redis 6.3.1 beside it): a connection is cut after the server has done a command
# and before its answer.
# Expected: the command rejects, because nobody knows whether it was done; so it is with the package redis.
# Seen: ioredis sends it again on the next connection and resolves with that answer, as if it had been sent once. A lock
# by SET NX is refused to the one who has just got it, and nobody has it until it ends; a counter counts twice; a key
# that was taken by GETDEL (a sign-in code, a message that is shown once) is null, and lost. Off with
# `autoResendUnfulfilledCommands: false`, whose description speaks of blocking commands only.
# Why it matters: this happens at each failover. A lock must be asked for with a value of one's own, and a refusal
# compared with it; and a step that works once must not be repeated by what lies below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error ioredis@6.0.0 redis@6.3.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:net";
import { Redis } from "ioredis";
import { createClient } from "redis";

// As much of Redis as is asked for here. The first answer to SET, INCR or GETDEL is not sent: the connection is cut.
const keys = new Map();
let isCut = false;
const bulk = (value) => (value === undefined ? "$-1\r\n" : `$${value.length}\r\n${value}\r\n`);
const commands = {
  SET: (key, value, ...options) => {
    if (options.includes("NX") && keys.has(key)) return bulk(undefined);
    keys.set(key, value);
    return "+OK\r\n";
  },
  INCR: (key) => {
    keys.set(key, String(Number(keys.get(key) ?? 0) + 1));
    return `:${keys.get(key)}\r\n`;
  },
  GETDEL: (key) => {
    const value = keys.get(key);
    keys.delete(key);
    return bulk(value);
  },
  INFO: () => bulk("loading:0\r\n"),
};
const server = createServer((socket) => {
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
    for (;;) {
      const lines = text.split("\r\n");
      const count = Number(lines[0]?.slice(1));
      if (!text.startsWith("*") || lines.length < 2 + 2 * count) return;
      const words = Array.from({ length: count }, (_, index) => lines[2 + 2 * index]);
      text = lines.slice(1 + 2 * count).join("\r\n");
      const name = words[0].toUpperCase();
      const answer = commands[name]?.(...words.slice(1)) ?? "+OK\r\n";
      if (["SET", "INCR", "GETDEL"].includes(name) && !isCut) {
        isCut = true;
        socket.destroy();
        return;
      }
      socket.write(answer);
    }
  });
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address();

const clients = {
  ioredis: async () => {
    const client = new Redis(port, "127.0.0.1");
    client.on("error", () => {});
    return { lock: () => client.set("lock", "mine", "PX", 10_000, "NX"), count: () => client.incr("count"), take: () => client.getdel("code") };
  },
  redis: async () => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 2 });
    client.on("error", () => {});
    await client.connect();
    return { lock: () => client.set("lock", "mine", { PX: 10_000, NX: true }), count: () => client.incr("count"), take: () => client.getDel("code") };
  },
};
for (const [name, connect] of Object.entries(clients)) {
  const { lock, count, take } = await connect();
  for (const [what, work] of Object.entries({ "SET lock mine NX": lock, "INCR count": count, "GETDEL code": take })) {
    keys.clear();
    keys.set("code", "1234");
    isCut = false;
    const told = await work().then((value) => `resolves with ${value}`, () => "rejects");
    const key = what.split(" ")[1];
    console.log(`${name}: ${what} ${told}; the server holds ${keys.get(key) ?? "nothing"}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
ioredis: SET lock mine NX resolves with null; the server holds mine
ioredis: INCR count resolves with 2; the server holds 2
ioredis: GETDEL code resolves with null; the server holds nothing
redis: SET lock mine NX rejects; the server holds mine
redis: INCR count rejects; the server holds 1
redis: GETDEL code rejects; the server holds nothing
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: ioredis-lock-is-refused-to-its-holder no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
