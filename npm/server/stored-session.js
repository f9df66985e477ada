import { unless } from "../abort.js";
import { sessionFetch } from "../fetch.js";
import { grantOf, saasOf, snapshotOf } from "../record.js";
import { Refusals } from "../refusals.js";
import { closedError, overtakenError, timeoutError } from "../session-error.js";
import { Calls } from "./calls.js";
import { Moment } from "./moment.js";
import { operate } from "./operation.js";
import { recordOf } from "./record-of.js";

/** For how long what was found in the store is taken for what is there. */
const lookInterval = 1_000;

const nobody = { identity: "0" };

/** A session whose record is in the store, as one host sees it: the token, and `fetch` with it. */
export class StoredSession {
  host;
  /** Where the record is: `{ name, key, id }`. */
  place;
  /** With the option `debug`: who tells what is found and decided. */
  watched;
  #seen;
  #record = nobody;
  #snapshot;
  /** Why nobody can be served, though the store has answered. */
  #trouble;
  #looked;
  #looking;
  #lease;
  #fetch;
  #epoch = new AbortController();
  #calls = new Calls(this);

  constructor(host, place, { mayBegin = false } = {}) {
    this.host = host;
    this.place = place;
    this.mayBegin = mayBegin;
    this.take(undefined);
  }

  /** `fetch` with the session's token. */
  send(input, init) {
    const { host } = this;
    this.#fetch ??= this.#makeFetch();
    return unless(host.closing, host.isClosed || this.#fetch(input, init), closedError);
  }

  // Made when it is needed, for most that are made are for one request.
  #makeFetch() {
    const { host } = this;
    const checkout = () => this.checkout();
    const refusals = new Refusals({
      tokenInstead: (...call) => this.call(() => this.#tokenInstead(...call)),
      refusedAgain: (method, path) => host.renewals.noteRefusal(this.place.key, `${method} ${path}`),
      checkout,
    });
    const core = { checkout, refusals };
    const session = Object.defineProperty({ getSnapshot: () => this.snapshot }, "signal", { get: () => this.signal });
    const options = { ...host.options, place: "server", send: this.watched?.send };
    return sessionFetch(session, options, this.grant, async (work) => work(core), () => core);
  }

  /** The token and the customer's saas token, both of one moment; of a `customer` only, where one is asked for. */
  checkout(whose = "checkout") {
    return this.call(async () => {
      await this.look();
      this.requireSession();
      const { token, saas, identity } = await this.operate("accessToken", [whose]);
      return { token, saas, identity: `${this.place.id}-${identity}` };
    });
  }

  get snapshot() {
    return this.#snapshot;
  }

  get signal() {
    return this.#epoch.signal;
  }

  /** Whether there is somebody already, or somebody of whom nothing can be said. */
  get hasBegun() {
    return this.isStored || this.#trouble !== undefined;
  }

  /** Whether it has gone on under another name, or has ended. */
  get isOver() {
    return this.#trouble === overtakenError;
  }

  /** Whether there is a session in the store. */
  get isStored() {
    return (this.#record.guest ?? this.#record.customer) !== undefined;
  }

  get saas() {
    return saasOf(this.#record, this.now());
  }

  now() {
    return this.host.options.now();
  }

  // What was found

  /** Finds the record: what is overridden where it is not known yet where that is. */
  async find() {
    return this.host.records.read(this.place.key);
  }

  /** Looks what is stored, unless that was done a moment ago. */
  async look() {
    const isRecent = this.#looked?.isWithin(lookInterval) && this.host.latest.is(this.place.key, this.#seen?.revision);
    if (isRecent) return;
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookNow() {
    const had = this.#seen;
    const found = await this.find().catch((error) => {
      this.watched?.notRead(error);
      throw error;
    });
    const isGone = found === undefined && had !== undefined && !this.mayBegin;
    if (found?.replaced || isGone) this.end();
    // Another request of this process has seen a later one.
    else if (!(found?.revision < this.#seen?.revision)) this.take(found);
    this.#looked = new Moment(this.host.options.now);
    this.watched?.found({ isReplaced: this.isOver, snapshot: this.snapshot, isStored: this.isStored });
  }

  /** It has gone on under another name, or has ended. */
  end() {
    this.#lease = undefined;
    if (this.#trouble) return;
    this.watched?.ended();
    this.#trouble = overtakenError;
    this.#epoch.abort(overtakenError());
  }

  /** Nobody can be told who this is. */
  refuse(error) {
    this.watched?.refused(error);
    this.#trouble = () => error;
  }

  /** Puts in force what is stored, and tells who has heard of it. */
  take(seen, { isOurs = false } = {}) {
    if (seen !== undefined && seen.text === this.#seen?.text) return;
    this.watched?.took(seen?.text, isOurs);
    this.#seen = seen;
    this.#lease = undefined;
    if (seen) this.#read(seen.text);
    else this.#record = nobody;
    const shown = JSON.parse(JSON.stringify(snapshotOf(this.#record)));
    shown.identity = `${this.place.id}-${shown.identity}`;
    const previous = this.#snapshot;
    if (previous && JSON.stringify(previous) === JSON.stringify(shown)) return;
    this.#snapshot = Object.freeze(shown);
    if (!previous || previous.identity === shown.identity) return;
    const ended = this.#epoch;
    this.#epoch = new AbortController();
    ended.abort(overtakenError());
    // Where nobody is found, nothing has begun.
    if (!isOurs && this.isStored) this.#announce({ type: this.#record.began, reason: "requested", origin: "remote", snapshot: this.#snapshot, previous });
  }

  #announce(event) {
    this.watched?.event(event);
    this.tell(event);
  }

  /** Nobody listens here. */
  tell() {}

  #read(text) {
    try {
      this.#record = recordOf(text, this.host.options.apiUrl);
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = () => error;
    }
  }

  // The token

  /** The token and whose it is: at once where it is at hand, otherwise a promise of it. */
  grant = () => (this.#isGood(this.#lease) ? this.#lease.grant : this.call(() => this.#obtain()));

  async #obtain() {
    await this.look();
    this.requireSession();
    const { key } = this.place;
    const { renewals } = this.host;
    const good = grantOf(this.#record, this.now());
    if (good && !good.isDue) return this.#lend(good);
    const cooling = renewals.cooling(key);
    if (cooling) {
      this.watched?.spared(cooling);
      return this.#lend(this.#stillGood(cooling));
    }
    const { seen, token, identity, lease } = await renewals.join(key, async () => {
      try {
        const value = await this.operate("accessToken");
        // What was to be renewed and was not will hardly be a moment later.
        if (value.lease > 0) renewals.succeeded(key);
        else renewals.failed(key, timeoutError());
        return { seen: this.#seen, ...value };
      } catch (error) {
        if (error.retryable && error.code !== "storage") renewals.failed(key, error);
        throw error;
      }
    });
    this.adopt(seen);
    return this.#lend({ token, identity, lease });
  }

  /** A token that could not be renewed serves to its end. */
  #stillGood(error) {
    const { access } = this.#record.customer?.pair ?? this.#record.guest ?? {};
    const age = access && this.now() - access.received;
    if (!(age >= 0 && age < access.lives)) throw error;
    return { token: access.token, identity: this.#record.identity, lease: 0 };
  }

  #lend({ token, identity, lease: time }) {
    const grant = { token, identity: `${this.place.id}-${identity}` };
    this.#lease = { grant, time, since: new Moment(this.host.options.now), revision: this.#seen?.revision };
    return grant;
  }

  #isGood(lease) {
    if (!lease || this.host.isClosed || !this.host.latest.is(this.place.key, lease.revision)) return false;
    return lease.since.isWithin(lease.time);
  }

  /** A call with this token was answered with 401: another one, or nothing where the 401 is the caller's. */
  async #tokenInstead(refused, began, method, path) {
    this.#looked = undefined;
    await this.look();
    this.requireSession();
    const endpoint = `${method} ${path}`;
    const { key } = this.place;
    const { renewals } = this.host;
    if (this.snapshot.identity !== began) throw overtakenError();
    const good = grantOf(this.#record, this.now());
    if (good && good.token !== refused) return good.token;
    if (good && renewals.isCallers(key, endpoint)) return undefined;
    const identity = this.#record.identity;
    const { seen, value } = await renewals.join(`${key} ${refused}`, async () => {
      const value = await this.operate("tokenInstead", [refused, identity, method, path]);
      return { seen: this.#seen, value };
    });
    this.adopt(seen);
    if (value === undefined) renewals.noteRefusal(key, endpoint);
    return value;
  }

  /** Takes over what an operation of this process has stored. */
  adopt(seen) {
    if (seen && !(seen.revision < this.#seen?.revision)) this.take(seen, { isOurs: true });
    this.#looked = new Moment(this.host.options.now);
  }

  /** An operation on the record as it was found, and what it comes to. */
  async operate(method, values = [], { kind, isHeard } = {}) {
    const { host, place, snapshot: previous } = this;
    const events = [];
    const track = (promise) => this.track(promise);
    const asked = { method, values, kind, track, isHeard, watched: this.watched, hear: (event) => events.push(event) };
    const { turn, value, error } = await operate(host, { place, seen: this.#seen, mayBegin: this.mayBegin || !this.#seen }, asked);
    // It may be somebody else's by now: another call has signed him in or out.
    if (this.place.key !== place.key) {
      if (error) throw error;
      return value;
    }
    const isHere = turn.place.key === place.key && !turn.hasEnded;
    if (!isHere) this.#moveTo(turn.hasEnded ? host.freshPlace() : turn.place);
    if (turn.isGone) this.end();
    else {
      if (turn.seen || !isHere) host.latest.note(place.key, isHere ? turn.seen.revision : undefined);
      this.take(turn.seen, { isOurs: true });
      this.#looked = new Moment(this.host.options.now);
    }
    for (const event of events) this.#announce({ ...event, snapshot: this.snapshot, previous });
    if (error) throw error;
    return value;
  }

  #moveTo(place) {
    this.place = place;
    this.#seen = undefined;
    this.#record = nobody;
  }

  requireSession() {
    if (this.#trouble) throw this.#trouble();
  }

  // Calls

  /** A call that settles whatever becomes of it. `work` is given what says whether it has not yet. */
  call(work) {
    return this.#calls.call(work);
  }

  /** Keeps in mind what goes on. */
  track(promise) {
    return this.#calls.track(promise);
  }

  /** Resolves when all that was begun has ended. */
  settled() {
    return this.#calls.settled();
  }
}
