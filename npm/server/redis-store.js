import { randomBytes } from "node:crypto";

import { check } from "../session-error.js";

/**
 * Stores a value where the revision is the one expected and the lease is in force. Redis does a script in one go: a host whose
 * lease ran out while it stood still stores nothing.
 * KEYS: the value, the lease. ARGV: value, milliseconds, expected revision or nothing, lease or nothing.
 */
const setScript = `
local holder = redis.call('GET', KEYS[2]) or ''
if holder ~= ARGV[4] then return 0 end
local stored = redis.call('GETRANGE', KEYS[1], 0, 20)
local revision = ''
if stored ~= '' then revision = string.match(stored, '^(%d+):') or 'none' end
if revision ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** KEYS: the lease. ARGV: whose it is, milliseconds. */
const extendScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

const isCount = (it) => Number.isInteger(it) && it >= 0;

/**
 * A {@link SharedStore} in Redis, through a client of the package `redis` that is connected and stays its owner's. Redis is
 * linearizable on its primary; replicas that take over may lack what was written last, which `wait` makes less likely.
 */
export function redisStore({ client, prefix = "", wait } = {}) {
  // ioredis has methods of these names too, which take something else.
  const isClient = ["get", "set", "del", "eval"].every((method) => typeof client?.[method] === "function") && !client.defineCommand;
  check("client", isClient, "a client of the package redis");
  check("prefix", typeof prefix === "string" && !/[{}]/.test(prefix), "a text without braces");
  const isWait = wait === undefined || (isCount(wait?.replicas) && isCount(wait.ms) && typeof client.wait === "function");
  check("wait", isWait, "{ replicas, ms }, for a client of one primary");

  /** What this host was given last for a key, and has not given back. */
  const given = new Map();
  // In a cluster both keys are in one place.
  const valueOf = (key) => `${prefix}{${key}}`;
  const lockOf = (key) => `${prefix}{${key}}:lease`;
  const run = (script, keys, ...values) => client.eval(script, { keys, arguments: values.map(String) });

  return {
    async get(key) {
      return (await client.get(valueOf(key))) ?? undefined;
    },

    async set(key, value, { ttlMs, expect, lease = given.get(key), isVital = false }) {
      const end = Math.max(1, Math.ceil(ttlMs));
      const isStored = (await run(setScript, [valueOf(key), lockOf(key)], value, end, expect ?? "", lease?.id ?? "")) === 1;
      if (isStored && isVital && wait) await client.wait(wait.replicas, wait.ms);
      return isStored;
    },

    async delete(key) {
      await client.del(valueOf(key));
    },

    async lock(key, { leaseMs }) {
      const id = randomBytes(16).toString("base64url");
      if ((await client.set(lockOf(key), id, { NX: true, PX: leaseMs })) === null) return undefined;
      const lease = {
        id,
        extend: async () => (await run(extendScript, [lockOf(key)], id, leaseMs)) === 1,
        async release() {
          if (given.get(key) === lease) given.delete(key);
          await run(releaseScript, [lockOf(key)], id);
        },
      };
      given.set(key, lease);
      return lease;
    },
  };
}
