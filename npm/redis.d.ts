/**
 * Sessions in Redis, for the hosts of one shop.
 *
 * ```ts
 * import { createClient } from "redis";
 * import { redisStore } from "storefront-session/redis";
 *
 * const client = createClient({ url: "redis://…", disableOfflineQueue: true });
 * client.on("error", console.error); // without a listener Node.js ends the process when the line to Redis breaks
 * await client.connect();
 * const sessions = new SessionServer({ tenant: "acme", clientId: "storefront", store: redisStore({ client }) });
 * ```
 * @module
 */
import type { SharedStore } from "./server.js";

/** What is needed of a client of the package `redis`, 4 or 5. */
export interface RedisClient {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options: { NX: true; PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** What {@link redisStore} takes. */
export interface RedisStoreOptions {
  /** Connected already. The store neither connects nor closes it, and listens to none of its events. */
  client: RedisClient;
  /** What every key begins with; without braces. */
  prefix?: string;
  /**
   * Waits after each write of a new token until that many replicas have it, but no longer than that many milliseconds (`WAIT`):
   * a replica that takes over lacks it less likely. Meanwhile this connection does nothing else.
   */
  wait?: { replicas: number; ms: number };
}

/** A {@link SharedStore} in Redis 6 or later, where nothing is evicted (`maxmemory-policy noeviction`). */
export function redisStore(options: RedisStoreOptions): SharedStore;
