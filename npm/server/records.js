import { inTime } from "../answer.js";
import { redacted } from "../cause.js";
import { SessionError } from "../session-error.js";
import { revisionOf } from "./revision.js";

/** How long a lease lasts that nobody extends: its owner is gone then, or stands still. */
export const leaseMs = 10_000;

/** How long a record is kept whose tokens do not say when they end, and how long at least. */
const longestLife = 30 * 24 * 3_600_000;
const shortestLife = 60_000;

/** For how long a name is known as replaced, for requests that were under way. */
export const replacedMs = 60_000;

/** What the store has failed with. Nothing is lost: what could not be stored was not asked for. */
export const storageError = (message, cause, retryable = true) =>
  new SessionError({ code: "storage", message, retryable, cause: cause && redacted(cause) });

const failed = (cause) => storageError("the store failed", cause);
export const silent = () => storageError("the store did not answer in time");
const strange = (what) => storageError(`the store gave ${what}`, undefined, false);

/**
 * The records in a {@link SharedStore}, which may throw, be silent, or answer with anything: what comes out of here is what
 * was asked for, or a {@link SessionError} with the code `storage`.
 */
export class Records {
  #store;
  #seal;
  #patience;
  #now;
  /** For which keys the store was asked and has not answered, and how often. */
  #waiting = new Map();

  constructor({ store, seal, timeoutMs, now }) {
    this.#store = store;
    this.#seal = seal;
    this.#patience = timeoutMs;
    this.#now = now;
  }

  /** Whether the store was asked for that key and has not answered. */
  isWaitingFor(key) {
    return this.#waiting.has(key);
  }

  #count(key, more) {
    const count = (this.#waiting.get(key) ?? 0) + more;
    if (count) this.#waiting.set(key, count);
    else this.#waiting.delete(key);
  }

  async #ask(work, key) {
    this.#count(key, 1);
    let late = true;
    const asked = async () => {
      try {
        return await work(this.#store);
      } finally {
        late = false;
      }
    };
    try {
      return await inTime(this.#patience, asked);
    } catch (error) {
      throw late ? silent() : failed(error);
    } finally {
      this.#count(key, -1);
    }
  }

  /** What is stored: `{ revision, text }` of a record, `{ revision, replaced }` of a former name, or nothing. */
  async read(key) {
    const value = await this.#ask((store) => store.get(key), key);
    if (value === undefined || value === null) return undefined;
    const revision = typeof value === "string" ? revisionOf(value) : NaN;
    if (Number.isNaN(revision)) throw strange("something else than was stored");
    const place = placeOf(key, revision);
    const text = await this.#seal.open(value.slice(value.indexOf(":") + 1), place);
    if (text === undefined) throw storageError("what is stored cannot be decrypted with these keys", undefined, false);
    const since = /^replaced (\d+)$/.exec(text)?.[1];
    if (since === undefined) return { revision, text };
    // A name that was replaced long ago leads nowhere, whatever the store's own clock says.
    return this.#now() - since < replacedMs ? { revision, replaced: true } : undefined;
  }

  /** Stores a record, in the place of the revision `expect`; false where something else is stored, or the lease is over. */
  async write(key, text, { expect, lease }) {
    const record = JSON.parse(text);
    // Before a token is asked for, only that is noted. That an answer is late may stay noted when others are stored.
    const isVital = !record.pending || record.pending.late === true;
    return this.#set(key, record.revision, text, { ttlMs: lifeOf(record, this.#now()), expect, lease, isVital });
  }

  /** Stores that the name of this key was replaced, as `write` does. */
  replace(key, { expect, lease }) {
    return this.#set(key, expect + 1, `replaced ${this.#now()}`, { ttlMs: replacedMs, expect, lease });
  }

  async #set(key, revision, text, options) {
    const value = `${revision}:${await this.#seal.close(text, placeOf(key, revision))}`;
    const isDone = await this.#ask((store) => store.set(key, value, options), key);
    if (typeof isDone !== "boolean") throw strange("no word whether it has stored a record");
    return isDone;
  }

  async delete(key) {
    await this.#ask((store) => store.delete(key), key);
  }

  /** A lease; nothing while somebody else has it. */
  async lock(key) {
    const lease = await this.#ask((store) => store.lock(key, { leaseMs }), key);
    if (lease === undefined || lease === null) return undefined;
    const isLease = typeof lease.extend === "function" && typeof lease.release === "function";
    if (!isLease) throw strange("something that is no lease");
    return lease;
  }

  /** Whether the lease goes on. */
  async extend(lease) {
    return (await this.#ask(() => lease.extend())) === true;
  }

  /** A lease that cannot be given back runs out. */
  async release(lease) {
    await this.#ask(() => lease.release()).catch(() => {});
  }
}

const placeOf = (key, revision) => `${key}:${revision}`;

/** For how long a record is worth keeping: as long as any of its tokens promises. */
function lifeOf({ guest, customer }, now) {
  const pairs = [guest, customer?.pair].filter(Boolean);
  const ends = pairs.flatMap(({ access, refresh }) => [access, refresh].filter(Boolean)).map(({ received, lives }) => (lives === undefined ? now + longestLife : received + lives));
  return Math.max(shortestLife, ...ends.map((end) => end - now));
}
