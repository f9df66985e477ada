import { SessionError } from "../session-error.js";

/** More records than this are not remembered. */
const many = 1_000;

/** The longest that the platform is spared, but for what it asks for itself. */
const cap = 60_000;

/** For how long a 401 that a fresh token got too is the caller's. */
const remembered = 60_000;

const monotonic = () => performance.now();

/** Keeps a map small: the oldest goes. */
function put(map, key, value) {
  map.delete(key);
  map.set(key, value);
  if (map.size > many) map.delete(map.keys().next().value);
}

/**
 * What this process knows of renewals, so that a thousand requests of one visitor make one of them, and those of a platform in
 * trouble make none for a while.
 */
export class Renewals {
  #underWay = new Map();
  #failed = new Map();
  #refusing = new Map();

  /** The outcome of the one that is under way, or of this one. */
  join(name, work) {
    const known = this.#underWay.get(name);
    if (known) return known;
    const begun = work().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, begun);
    return begun;
  }

  /** The failure after which the platform is left in peace for that record. */
  cooling(key) {
    const failed = this.#failed.get(key);
    const left = failed && failed.until - monotonic();
    return left > 0 ? new SessionError({ ...failed.error, message: failed.error.message, cause: failed.error.cause, retryAfterMs: Math.ceil(left) }) : undefined;
  }

  failed(key, error) {
    const count = this.#failed.get(key)?.count ?? 0;
    const jitter = Math.random() * Math.min(cap, 1_000 * 2 ** count);
    const wait = Math.max(jitter, Math.min(error.retryAfterMs ?? 0, 10 * cap));
    put(this.#failed, key, { error, count: count + 1, until: monotonic() + wait });
  }

  succeeded(key) {
    this.#failed.delete(key);
  }

  /** An endpoint has refused a fresh token too. */
  noteRefusal(key, endpoint) {
    put(this.#refusing, `${key} ${endpoint}`, monotonic());
  }

  /** Whether its 401 is taken for the caller's. */
  isCallers(key, endpoint) {
    const noted = this.#refusing.get(`${key} ${endpoint}`);
    return noted !== undefined && monotonic() - noted < remembered;
  }
}
