// The store in a real Redis.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createClient } from "redis";
import { redisStore } from "storefront-session/redis";

import { startRedis } from "../../tools/lib/redis.mjs";
import { CART, PRODUCTS, buyer, cookieOf, guestOf, useShop } from "./lib/shop.mjs";
import { keepsTheContract } from "./lib/store-contract.mjs";

const shop = useShop();
const clients = [];
let redis;

before(async () => {
  redis = await startRedis();
});

after(async () => {
  for (const client of clients) client.destroy();
  await redis?.stop();
});

async function connect() {
  const client = createClient({ url: redis.url, disableOfflineQueue: true });
  client.on("error", () => {});
  clients.push(client);
  return client.connect();
}

keepsTheContract("redisStore", async () => [redisStore({ client: await connect() }), redisStore({ client: await connect() })]);

test("two hosts of one Redis share a session, whose keys have the prefix and an end", async () => {
  const client = await connect();
  const prefix = "shop:";
  const [one, two] = [shop.host({ store: redisStore({ client, prefix }) }), shop.host({ store: redisStore({ client: await connect(), prefix }) })];
  const { cookie, sessionId } = await guestOf(one);
  const visitor = await two.visit(cookie);
  assert.equal(visitor.session.getSnapshot().sessionId, sessionId);
  await visitor.session.login(buyer);
  assert.equal((await one.visit(cookieOf(visitor))).session.getSnapshot().kind, "customer");
  await (await one.visit(null)).session.fetch(PRODUCTS);
  const keys = await client.keys("shop:*");
  assert.equal(keys.length, 3);
  const ends = await Promise.all(keys.map((key) => client.pTTL(key)));
  const day = 86_400_000;
  assert.deepEqual(ends.map((end) => (end <= 60_000 ? "minute" : end <= day ? "day" : end <= 30 * day ? "month" : "longer")).sort(), ["day", "minute", "month"]);
});

test("a request with a good token costs one GET", async () => {
  const client = await connect();
  const host = shop.host({ store: redisStore({ client }) });
  const { cookie } = await guestOf(host);
  await client.configResetStat();
  for (let count = 0; count < 10; count += 1) {
    const visitor = await host.visit(cookie);
    await visitor.session.fetch(CART);
    await visitor.session.accessToken();
    await visitor.settled();
  }
  const calls = (await client.info("commandstats")).match(/cmdstat_(?!config|info|client|hello)\S+:calls=\d+/g);
  assert.deepEqual(calls, ["cmdstat_get:calls=10"]);
});

test("with wait, replicas are waited for after a token was written, and not for what is noted before", async () => {
  const client = await connect();
  const host = shop.host({ store: redisStore({ client, wait: { replicas: 1, ms: 1 } }) });
  await client.configResetStat();
  await guestOf(host);
  assert.match(await client.info("commandstats"), /cmdstat_wait:calls=1,/);
});

test("Redis out of memory: storage, retryable, no token request, and what is stored serves", async () => {
  const client = await connect();
  const host = shop.host({ store: redisStore({ client }) });
  const { cookie, sessionId } = await guestOf(host);
  const expired = await guestOf(host);
  await shop.sandbox.requests();
  await client.configSet("maxmemory", "1");
  try {
    assert.equal(typeof (await (await host.visit(cookie)).session.accessToken()), "string");
    const fresh = await host.visit(null);
    for (const act of [() => fresh.session.accessToken(), () => fresh.session.login(buyer)]) {
      const error = await act().catch((error) => error);
      assert.deepEqual([error.code, error.retryable], ["storage", true]);
    }
    assert.equal(fresh.setCookie, undefined);
    await shop.pass(3_700);
    const error = await (await host.visit(expired.cookie)).session.accessToken().catch((error) => error);
    assert.deepEqual([error.code, error.retryable, error.cause.message.includes("OOM")], ["storage", true, true]);
    assert.deepEqual(await shop.sandbox.requests(), []);
  } finally {
    await client.configSet("maxmemory", "0");
  }
  for (const guest of [{ cookie, sessionId }, expired]) {
    const visitor = await host.visit(guest.cookie);
    await visitor.session.accessToken();
    assert.equal(visitor.session.getSnapshot().sessionId, guest.sessionId);
  }
});

test("redisStore takes a client, a prefix and how to wait, and says what is wrong with another", () => {
  const client = { get() {}, set() {}, del() {}, eval() {}, wait() {} };
  for (const [options, field] of [
    [undefined, "client"],
    [{}, "client"],
    [{ client: 5 }, "client"],
    [{ client: { get() {} } }, "client"],
    [{ client: { ...client, defineCommand() {} } }, "client"],
    [{ client, prefix: 5 }, "prefix"],
    [{ client, prefix: "{a}" }, "prefix"],
    [{ client, wait: 5 }, "wait"],
    [{ client, wait: { replicas: 1 } }, "wait"],
    [{ client, wait: { replicas: -1, ms: 5 } }, "wait"],
  ]) {
    assert.throws(() => redisStore(options), { name: "SessionError", code: "invalid_argument", field });
  }
  redisStore({ client, prefix: "a:", wait: { replicas: 1, ms: 100 } });
});
