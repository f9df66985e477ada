import { after, inTime } from "../answer.js";
import { leaseMs, silent } from "./records.js";

/** How often a lease is extended while it is held. */
const extendMs = 3_000;

/** How long before its end a lease is taken for over: the answer to its extension took time. */
const marginMs = 1_000;

/** How often a lease that somebody else has is asked for, at first and at most. */
const firstLook = 20;
const lastLook = 250;

const pause = (time) => new Promise((resolve) => after(time, resolve, true));
const monotonic = () => performance.now();

/**
 * One operation on one record: what is read and written, and the lease under which that is done. `place` is where the record
 * is, `{ name, key }`; `seen` what was found there before, `{ revision, text }`.
 */
export class Turn {
  place;
  seen;
  /** What the store has failed with, while nothing has served since. */
  fault;
  /** The record is no more where it was, because the visitor has another name or has logged out. */
  isGone = false;
  /** Somebody else has stored something, or has the lease: what was found before is to be found anew. */
  isOvertaken = false;
  /** Whether a token was asked for: what the answer holds is worth more than one attempt to store it. */
  hasAsked = false;
  /** Whether it has ended the session: nothing is stored any more. */
  hasEnded = false;
  /** Who was in the way when the lease was asked for, in words. */
  holder;
  #fresh;
  #host;
  #isHeard;
  #isExpected;
  #held;
  #reserved;
  #mayAsk = false;
  #asking = 0;
  #underWay = new Set();

  /** `host` has `records`, `queues` and `freshPlace()`. */
  constructor(host, place, seen, { mayBegin = seen === undefined, isHeard = () => true } = {}) {
    this.#host = host;
    this.#isHeard = isHeard;
    this.place = place;
    this.seen = seen;
    this.#isExpected = !mayBegin;
  }

  /** Resolves when nothing of it is under way. */
  async over() {
    while (this.#underWay.size) await Promise.allSettled(this.#underWay);
  }

  /** Keeps it in mind until it has ended. */
  track(promise) {
    const known = promise.then(() => this.#underWay.delete(known), () => this.#underWay.delete(known));
    this.#underWay.add(known);
    return promise;
  }

  /** What the store has failed with: also by not answering yet. */
  get trouble() {
    return this.fault ?? (this.#asking > 0 ? silent() : undefined);
  }

  async #serving(work) {
    this.#asking += 1;
    try {
      const value = await work();
      this.fault = undefined;
      return value;
    } catch (error) {
      this.fault = error;
      throw error;
    } finally {
      this.#asking -= 1;
    }
  }

  async #look() {
    if (this.hasEnded) throw undefined;
    const found = await this.#serving(() => this.#host.records.read(this.place.key));
    this.isGone = found?.replaced === true || (found === undefined && this.#isExpected);
    if (this.isGone) throw undefined;
    this.seen = found;
  }

  /** The record's text. Under the lease nobody else writes, and without it this is what the operation began with. */
  read() {
    return this.seen?.text ?? null;
  }

  /** Whether a token may be asked for now: what is under way was noted, and the lease is not over. */
  get mayAsk() {
    const is = this.#mayAsk && this.#isHeld;
    if (!is) this.isOvertaken ||= this.fault === undefined;
    return is;
  }

  get #isHeld() {
    const held = this.#held;
    // While the machine sleeps, or the process is stopped, one of the clocks goes on.
    const age = held && Math.max(monotonic() - held.since, Date.now() - held.at);
    return held !== undefined && !held.isOver && age < leaseMs - marginMs;
  }

  /** Takes the lease for whoever asks for it first: so that what cannot be stored does not even begin. */
  async reserve(patience) {
    this.#reserved = await this.lock(patience);
  }

  /** Gives the lease back that nobody has asked for. */
  unreserve() {
    this.#reserved?.release();
    this.#reserved = undefined;
  }

  /** The lease, and what is stored under it; rejected where it is not to be had in that time. */
  async lock(patience) {
    const reserved = this.#reserved;
    this.#reserved = undefined;
    if (reserved) return reserved;
    this.hasAsked = false;
    const { queues, records } = this.#host;
    const { key } = this.place;
    const until = monotonic() + patience;
    this.holder = queues.isTaken(key) ? "another request of this host" : undefined;
    let isLate = false;
    const waiting = queues.wait(key);
    // Whoever has waited in vain takes no turn.
    waiting.then((end) => isLate && end());
    let end;
    try {
      end = await inTime(patience, () => waiting);
    } catch (error) {
      isLate = true;
      throw error;
    }
    try {
      let lease;
      let since;
      for (let look = firstLook; ; look = Math.min(lastLook, look * 1.5)) {
        since = { since: monotonic(), at: Date.now() };
        lease = await this.#serving(() => records.lock(key));
        if (lease) break;
        this.holder = "another host";
        if (monotonic() >= until) throw undefined;
        await pause(look * (0.5 + Math.random()));
      }
      const held = this.#hold(lease, since, key, end);
      end = held.release;
      await this.#look();
      return held;
    } catch (error) {
      end();
      throw error;
    }
  }

  #hold(lease, since, key, end) {
    const { records } = this.#host;
    const held = { lease, key, ...since, isOver: false };
    const extend = async () => {
      const begun = { since: monotonic(), at: Date.now() };
      const { lease } = held;
      const goesOn = await records.extend(lease).catch(() => undefined);
      if (held.isReleased) return;
      if (held.lease === lease && goesOn) Object.assign(held, begun);
      else if (held.lease === lease && goesOn === false) held.isOver = true;
      held.cancel = after(extendMs, extend);
    };
    held.cancel = after(extendMs, extend);
    const released = new Promise((resolve) => {
      held.release = () => {
        if (held.isReleased) return;
        held.isReleased = true;
        if (this.#held === held) this.#held = undefined;
        held.cancel();
        records.release(held.lease).finally(() => (end(), resolve()));
      };
    });
    this.track(released);
    this.#held = held;
    return held;
  }

  /** Writes the record: where it is, or under another name where it says that the visitor is another. Rejected where it is not stored. */
  async write(text) {
    this.#mayAsk = false;
    if (this.hasEnded) return;
    const next = JSON.parse(text);
    const last = this.seen && JSON.parse(this.seen.text);
    const isAnother = last !== undefined && next.identity !== last.identity;
    let store = () => this.#writeHere(text, next);
    const isSignIn = isAnother && next.began === "login";
    if (isSignIn) store = () => this.#writeElsewhere(text, next);
    else if (next.began === "logout" && !next.guest && !next.customer) store = () => this.#remove();
    let until;
    for (let attempt = 0; ; attempt += 1) {
      if (this.isOvertaken || this.isGone || !this.#held) throw undefined;
      // Nobody would be told the new name, and the former would lead nowhere.
      if (isSignIn && !this.#isHeard()) throw undefined;
      try {
        if (await this.#serving(store)) break;
        // Whether the lease is over is the store's word here: clocks end no answer that holds the next token.
        if (!this.hasAsked || !(await this.#regain())) this.isOvertaken = true;
      } catch (error) {
        // What holds the next token is not given up at once, though the host has stood still before it; what comes before a
        // question is.
        until ??= monotonic() + 2 * leaseMs;
        if (!this.hasAsked || !error.retryable || monotonic() > until) throw error;
        await pause(Math.min(1_000, 50 * 2 ** attempt));
      }
    }
    this.#mayAsk = true;
  }

  /** The lease anew, where it has run out and nobody has stored anything since: what was asked last is still what is answered. */
  async #regain() {
    const { records } = this.#host;
    const held = this.#held;
    const found = await records.read(held.key);
    if (found?.text !== this.seen?.text) return false;
    const begun = { since: monotonic(), at: Date.now() };
    const lease = await records.lock(held.key);
    if (lease) Object.assign(held, begun, { lease, isOver: false });
    else await pause(lastLook);
    return true;
  }

  /** Whether it is stored. One that failed may have been stored all the same. */
  async #writeHere(text, next) {
    const { records } = this.#host;
    const { key } = this.place;
    const expect = this.seen?.revision;
    const isStored = await records.write(key, text, { expect, lease: this.#held?.key === key ? this.#held.lease : undefined });
    if (!isStored) {
      const found = await records.read(key);
      if (found?.text !== text) return false;
    }
    this.seen = { revision: next.revision, text };
    this.#isExpected = true;
    return true;
  }

  /** Under a new name first, and then the former leads there no more: whoever knew that one is never the customer. */
  async #writeElsewhere(text, next) {
    const { records, freshPlace } = this.#host;
    const former = this.place;
    const fresh = (this.#fresh ??= freshPlace());
    const { lease } = this.#held;
    if (!fresh.isWritten && !(await records.write(fresh.key, text, { expect: undefined }))) {
      if ((await records.read(fresh.key))?.text !== text) return false;
    }
    fresh.isWritten = true;
    if (!(await records.replace(former.key, { expect: this.seen.revision, lease }))) {
      if (!(await records.read(former.key))?.replaced) {
        await records.delete(fresh.key);
        return false;
      }
    }
    this.place = fresh;
    this.seen = { revision: next.revision, text };
    return true;
  }

  async #remove() {
    await this.#host.records.delete(this.place.key);
    this.seen = undefined;
    this.hasEnded = true;
    return true;
  }
}
