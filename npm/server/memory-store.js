import { clockOf } from "../answer.js";
import { revisionOf } from "./revision.js";

/** How many entries are looked at for their end with each one that is written. */
const swept = 4;

/**
 * A {@link SharedStore} in this process' memory: for one process, and for tests. `now` is the clock by which entries end; leases
 * are held by the clock that cannot be set.
 */
export function memoryStore({ now: clock } = {}) {
  const now = clockOf(clock);
  const entries = new Map();
  const leases = new Map();
  const given = new Map();
  const isHeld = (lease) => lease && leases.get(lease.key) === lease && performance.now() < lease.end;
  let sweep = entries.entries();

  /** Takes out what has ended, a few at a time. */
  const clean = () => {
    for (let count = 0; count < swept; count += 1) {
      const { done, value } = sweep.next();
      if (done) return (sweep = entries.entries());
      if (value[1].end <= now()) entries.delete(value[0]);
    }
  };

  const find = (key) => {
    const entry = entries.get(key);
    if (entry && entry.end > now()) return entry.value;
    entries.delete(key);
  };

  return {
    async get(key) {
      return find(key);
    },

    async set(key, value, { ttlMs, expect, lease = given.get(key) }) {
      const holder = leases.get(key);
      // Whoever had the lease and has it no more stores nothing, and nobody does while another has it.
      if (lease ? !isHeld(lease) : isHeld(holder)) return false;
      if (revisionOf(find(key)) !== expect) return false;
      clean();
      entries.set(key, { value, end: now() + ttlMs });
      return true;
    },

    async delete(key) {
      entries.delete(key);
    },

    async lock(key, { leaseMs }) {
      if (isHeld(leases.get(key))) return undefined;
      const lease = {
        key,
        end: performance.now() + leaseMs,
        async extend() {
          if (!isHeld(lease)) return false;
          lease.end = performance.now() + leaseMs;
          return true;
        },
        async release() {
          if (leases.get(key) === lease) leases.delete(key);
          if (given.get(key) === lease) given.delete(key);
        },
      };
      leases.set(key, lease);
      given.set(key, lease);
      return lease;
    },
  };
}
