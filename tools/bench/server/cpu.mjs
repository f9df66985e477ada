// What a request costs whose token is good, beside iron-session's: CPU of this process, the client of Redis included.

import { sealData, unsealData } from "iron-session";
import { createClient } from "redis";
import { redisStore } from "../../../dist/redis.js";
import { SessionServer } from "../../../dist/server.js";

const [apiUrl, redis] = process.argv.slice(2);
const count = 10_000;
const rounds = 3;

const client = createClient({ url: redis, disableOfflineQueue: true });
await client.connect();
const sessions = new SessionServer({ tenant: "acme", clientId: "storefront", apiUrl, store: redisStore({ client }) });
const visitor = await sessions.visit(null);
await visitor.session.login({ email: "buyer@example.com", password: "sandbox-pass" });
const cookie = visitor.setCookie.split(";")[0];
// Beside it lies what is left of the guest's name.
const texts = await Promise.all((await client.keys("*")).map((key) => client.get(key)));
const session = { text: texts.sort((a, b) => b.length - a.length)[0] };

async function ours() {
  const { session } = await sessions.visit(cookie);
  await session.accessToken();
}

const password = "a password of 32 characters, or more";
let seal = await sealData(session, { password });

async function iron() {
  seal = await sealData(await unsealData(seal, { password }), { password });
}

async function measure(work) {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const found = { ours: [], iron: [] };
for (let round = -1; round < rounds; round += 1) {
  for (const [name, work] of Object.entries({ ours, iron })) {
    const cost = await measure(work);
    // The first is for the engine to learn.
    if (round >= 0) found[name].push(cost);
  }
}
const calls = /cmdstat_get:calls=(\d+)/;
await client.configResetStat();
for (let index = 0; index < 100; index += 1) await ours();
const stats = await client.info("commandstats");
const others = [...stats.matchAll(/cmdstat_(\w+):calls/g)].map(([, name]) => name).filter((name) => !["get", "config|resetstat", "info"].includes(name) && !name.startsWith("config"));
console.log(JSON.stringify({ ...found, size: session.text.length, gets: Number(calls.exec(stats)[1]) / 100, others }));
client.destroy();
