// A process that has nothing else to wait for does not end before what it has called has settled.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

import { root } from "../../tools/lib/run.mjs";

const source = `
  import { SessionManager } from "storefront-session";
  import { SessionServer, memoryStore } from "storefront-session/server";

  // No connection, no timer, no signal: nothing of these keeps a process alive.
  const never = () => new Promise(() => {});
  const grant = { access_token: "a", refresh_token: "r", expires_in: 3600, refresh_token_expires_in: 86400, sessionId: "s" };
  const answering = (paths) => (request) => (paths.test(request.url ?? request) ? Promise.resolve(Response.json(grant)) : never());
  const options = { tenant: "acme", clientId: "storefront", apiUrl: "https://api.example.test", timeoutMs: 100 };
  const open = (more) => SessionManager.open({ ...options, ...more });
  const cookie = "__Host-storefront-session=" + "a".repeat(43);
  const credentials = { email: "somebody@example.com", password: "p" };

  const silent = { getItem: never, setItem: never, removeItem: never };
  const silentStore = { get: never, set: never, lock: never, delete: never };
  const guest = () => open({ fetch: answering(/anonymous/), timeoutMs: 100 });
  const customer = async () => {
    const session = await open({ fetch: answering(/\\/login/) });
    await session.login(credentials);
    return session;
  };
  const visitor = async (more, header) => (await new SessionServer({ ...options, ...more }).visit(header)).session;
  const memory = memoryStore();
  let refused = 3;
  const contended = { ...memory, lock: async (...call) => (refused-- > 0 ? undefined : memory.lock(...call)) };

  const calls = {
    "a guest's token": async () => (await open({ fetch: never })).accessToken(),
    "a login": async () => (await guest()).login(credentials),
    "a question": async () => (await customer()).validate(),
    "a logout": async () => (await customer()).logout(),
    "a visit where the store is silent": () => visitor({ store: silentStore }, cookie),
    "a visitor's call where the store is silent": async () => (await visitor({ store: silentStore })).accessToken(),
    "a visitor's call where the platform is": async () => (await visitor({ fetch: never })).accessToken(),
    "a visitor's call where another host has the lease": async () =>
      (await visitor({ fetch: answering(/anonymous/), store: contended, timeoutMs: 10_000 })).accessToken(),
    "a session whose storage is silent": () => open({ storage: silent, timeoutMs: 300 }),
  };
  // Compiled before, which takes longer than they wait.
  await open({ timeoutMs: 60_000 });
  await (await visitor({ fetch: answering(/anonymous/), timeoutMs: 60_000 })).accessToken();
  for (const [name, call] of Object.entries(calls)) {
    const outcome = await call().then(() => "done", (error) => error.code);
    console.log(name + ": " + outcome);
  }`;

test("calls settle in a process that waits for nothing else, which ends then", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  const [status] = await once(child, "close");
  const outcomes = Object.fromEntries(printed.trim().split("\n").map((line) => line.split(": ")));
  assert.deepEqual([status, outcomes], [
    0,
    {
      "a guest's token": "timeout",
      "a login": "timeout",
      "a question": "timeout",
      "a logout": "done",
      "a visit where the store is silent": "done",
      "a visitor's call where the store is silent": "storage",
      "a visitor's call where the platform is": "timeout",
      "a visitor's call where another host has the lease": "done",
      "a session whose storage is silent": "timeout",
    },
  ]);
});
