import { after, attempt, clockOf, shown } from "./answer.js";
import { loadCore } from "./chunk.js";
import { eventTypes } from "./event-types.js";
import { sessionFetch } from "./fetch.js";
import { listen } from "./news.js";
import { isFunction, isText, oneOf, read } from "./options.js";
import { readRecord, snapshotOf } from "./record.js";
import {
  SessionError,
  abortedError,
  check,
  closedError,
  internalError,
  overtakenError,
  timeoutError,
} from "./session-error.js";
import { tombstoneOf } from "./tombstone.js";
import { unless } from "./abort.js";

/** With what a person waits for meanwhile. */
const changes = { login: "login", adopt: "login", switchLegalEntity: "switching", refresh: "" };
const questions = "adoptFromUrl legalEntities validate checkoutHeaders";

/**
 * The session on this side of the border: what must be quick (the token at hand, which needs nobody to decide), what must
 * outlive the WebAssembly (listeners, signal, snapshot), and what must not be left to it (that every promise settles).
 */
export class Manager {
  #options;
  #locate;
  #release;
  #core;
  #live;
  /** Until the core is there: the record's key, its text that the page has begun with, that of another identity since, and the last of the same. */
  #key;
  #known;
  #heard;
  #renewed;
  #clock;
  #now;
  #deafen;
  #asked;
  #wakes = { count: 0 };
  #snapshot;
  #lease;
  #epoch = new AbortController();
  /** No accessor: engines keep objects slow of which each has a getter of its own, and a framework's proxy has no private fields for a common one. */
  signal = this.#epoch.signal;
  #closing = new AbortController();
  #listeners = new Set();
  #unheard = [];
  /** How each call that is under way fails, and what a person waits for with it. */
  #pending = new Map();

  constructor(options, locate, release) {
    this.#options = options;
    const { place, storage } = options;
    // What the package's other entries need to know.
    for (const name of "tenant clientId timeoutMs".split(" ")) this[name] = options[name];
    // Whoever looks at a page that is prerendered now has another tab's record by then.
    const isLight = place === "page" && storage === "local" && !shown();
    if (isLight) this.#key = options.key;
    this.#now = clockOf(options.now);
    this.#locate = locate;
    this.#release = release;
    // Methods that only the core can answer, which checks what they are given; the first ones come to the snapshot afterwards.
    for (const name in changes) this[name] = (...given) => this.#call((core) => core[name](...given), changes[name]).then(this.getSnapshot);
    for (const name of questions.split(" ")) this[name] = (...given) => this.#call((core) => core[name](...given));
  }

  /** Restores what is stored: with the core, unless the record says all that is asked for now. */
  async start() {
    if (this.#readNow()) this.#wait();
    else {
      await this.#call(() => {}).catch((error) => {
        // The core may open yet.
        this.#end();
        throw error;
      });
    }
    const fetch = sessionFetch(this, this.#options, { grant: this.#grant, call: (work) => this.#call(work), core: () => this.#live });
    this.fetch = (input, init) => {
      const answer = this.#isClosed || fetch(input, init);
      // What changes the session's context may change the site, of which there is another cart.
      if (this.#options.mergeCart && init?.method === "PATCH") this.#call((core) => core.ask("changeContext", [input, answer])).catch(() => {});
      return unless(this.#closing.signal, answer, closedError);
    };
    return this;
  }

  getSnapshot = () => this.#snapshot;

  subscribe = (listener, options) => this.#listen(listener, options?.initial);

  on = (type, listener) => {
    check("type", oneOf(eventTypes)(type), `one of ${eventTypes}`);
    return this.#listen(listener, type === "initial", type);
  };

  #listen(listener, isInitial, type) {
    check("listener", isFunction(listener), "a function");
    // A function of its own each time: whoever subscribes twice hears twice, and ends one at a time.
    const hear = (event) => {
      try {
        if (!type || type === event.type) listener(event);
      } catch (error) {
        (globalThis.reportError ?? console.error)(error);
      }
    };
    this.#listeners.add(hear);
    // What happened while the session was opened is told to whoever listens first.
    const unheard = this.#unheard.splice(0);
    Promise.resolve().then(() => {
      unheard.forEach(this.#tell);
      if (isInitial && this.#listeners.has(hear)) hear(this.#eventOf("initial"));
    });
    return () => void this.#listeners.delete(hear);
  }

  // No async function: the promise of the token at hand is made once, and nothing is when it is asked for again.
  accessToken = (options) =>
    options === undefined && this.#isGood(this.#lease) ? this.#lease.token : this.#obtain(options);

  /** The token and whose it is: at once where it is at hand, otherwise a promise of it. */
  #grant = () => {
    if (this.#isGood(this.#lease) || this.#readNow()) return this.#lease.grant;
    return this.#call(async (core) => this.#lend(await core.ask("accessToken")));
  };

  async #obtain(options) {
    const signal = read(options, "signal");
    check("signal", signal === undefined || attempt(() => isSignal(signal)), "an AbortSignal");
    if (signal?.aborted) throw abortedError(signal);
    const { token } = await unless(signal, this.#grant(), abortedError);
    return token;
  }

  logout = () => {
    const { identity } = this.#snapshot;
    const end = () => this.#endAlone(identity);
    // The page may be gone before the core is there.
    if (this.#key) window.addEventListener("pagehide", end);
    return this.#call((core) => core.ask("logout"), "logout").catch((error) => {
      // It is done on this side; whether the platform has heard of it is told by an event.
      if (!end() && error.code !== "timeout") throw error;
    });
  };

  hasScope = (scope) => {
    check("scope", isText(scope), "a text");
    // Scopes come with a validation, which needs the core.
    return this.#live?.hasScope(scope);
  };

  saasToken = () => (this.#live ? this.#live.tell("saasToken") : this.#readNow()?.saas);

  close = () => {
    if (!this.#isClosed && this.#release()) this.#end();
  };

  /** The same as `close`, for `using`. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")] = () => this.close();

  #end() {
    this.#listeners.clear();
    this.#fail(closedError());
    this.#closing.abort();
    this.#lease = undefined;
    this.#deafen?.();
    this.#live?.free();
    this.#live = undefined;
  }

  get #isClosed() {
    return this.#closing.signal.aborted;
  }

  /**
   * Hands out the token for that long without asking again. Two clocks end it, because one stands still while the machine
   * sleeps and the other can be set: a timer for the first, which costs nothing at a call; the second is read at each.
   */
  #lend({ token, identity, lease: time }) {
    const grant = { token, identity };
    // It may have changed since the answer was given.
    if (identity !== this.#snapshot.identity) return grant;
    const lease = { token: Promise.resolve(token), grant, time, since: this.#now(), wakes: this.#wakes.count };
    this.#lease = lease;
    after(time, () => {
      if (this.#lease === lease) this.#lease = undefined;
    });
    return grant;
  }

  #isGood(lease) {
    if (lease?.wakes !== this.#wakes.count) return false;
    const age = this.#now() - lease.since;
    return age >= 0 && age < lease.time;
  }

  /** A call that the core must decide, and that settles whatever becomes of it. `busy`: a person waits for it. */
  #call(work, busy) {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError());
      const showBusy = () => busy && this.#hear(this.#eventOf("busy"));
      const cancel = after(this.#options.timeoutMs, () => fail(timeoutError()), true);
      const settle = (how) => (value) => {
        cancel();
        if (this.#pending.delete(fail)) showBusy();
        how(value);
      };
      const fail = settle(reject);
      this.#pending.set(fail, busy);
      showBusy();
      // Where the instance inside is there, the work begins before this returns: the page may be gone a moment later.
      const begin = async (core) => work(core);
      const begun = this.#live ? begin(this.#live) : this.#started().then(begin);
      begun.then(settle(resolve), (error) => fail(asSessionError(error)));
    });
  }

  #started() {
    this.#core ??= this.#startCore().catch((error) => {
      this.#core = undefined;
      throw error;
    });
    return this.#core;
  }

  async #startCore() {
    const { Core, wasm } = await loadCore(() => this.#options.wasm ?? this.#locate());
    const core = await Core.open(this.#options, wasm, {
      news: () => ({ known: this.#known, heard: this.#heard, snapshot: this.#snapshot }),
      hear: this.#hear,
      adopt: this.adopt,
      fail: (error) => {
        this.#live = this.#core = this.#lease = undefined;
        this.#fail(internalError(error));
      },
    });
    if (this.#isClosed) {
      core.free();
      throw closedError();
    }
    this.#live = core;
    this.#wakes = core.wakes;
    this.#deafen?.();
    this.#key = undefined;
    this.#take(core.tell("getSnapshot"));
    return core;
  }

  /** The token that the record holds, where there is no core yet and nobody need decide. */
  #readNow() {
    if (!this.#key || this.#heard || this.#isClosed) return;
    const now = this.#now();
    // How far it is before the clock that never goes back: a clock that was set back makes tokens look younger.
    const clock = now - (attempt(() => performance.now()) ?? 0);
    this.#clock ??= clock;
    const text = clock > this.#clock - 1_000 && attempt(() => localStorage.getItem(this.#key));
    let read = text && readRecord(text, this.#options.apiUrl, now);
    if (!read || read.snapshot.identity !== (this.#snapshot ?? read.snapshot).identity) return;
    // What another tab has stored may not be visible here yet.
    const renewed = this.#renewed && readRecord(this.#renewed, this.#options.apiUrl, now);
    if (renewed?.revision > read.revision) read = renewed;
    if (!this.#snapshot) {
      this.#known = text;
      this.#take(read.snapshot);
    }
    this.#lend(read);
    if (read.isDue) this.#startSoon();
    return read;
  }

  /** Ends the session in storage and in this page where the core is not there to do it; nothing where somebody came since. */
  #endAlone(identity) {
    const record = attempt(() => JSON.parse(localStorage.getItem(this.#key)));
    if (record?.identity !== identity) return;
    if (!record.guest && !record.customer) return true;
    const tombstone = tombstoneOf(record);
    this.#known = JSON.stringify(tombstone);
    attempt(() => localStorage.setItem(this.#key, this.#known));
    this.#hear({ ...this.#eventOf("logout"), snapshot: snapshotOf(tombstone) });
    return true;
  }

  /** Nobody waits for it: what could not be loaded is not asked for again until there is news. */
  #startSoon = () => {
    if (!this.#isClosed) this.#asked ??= this.#started().catch(() => {});
  };

  /** Waits with the core until another tab changes something or the page is at rest. */
  #wait() {
    this.#deafen = listen(this.#key, (text) => {
      this.#lease = this.#asked = undefined;
      if (text === undefined) return;
      // Who has the same identity is told when he asks.
      if (attempt(() => JSON.parse(text).identity) === this.#snapshot.identity) this.#renewed = text;
      else {
        this.#heard = text ?? "";
        this.#startSoon();
      }
    });
    // What the page loads goes first. Where nobody tells when it is idle, or what does so throws, it is after two seconds.
    const rest = () => attempt(() => requestIdleCallback(this.#startSoon)) ?? after(2_000, this.#startSoon);
    if (document.readyState === "complete") rest();
    else window.addEventListener("load", rest, { once: true });
  }

  #fail(error) {
    this.#pending.forEach((_, fail) => fail(error));
  }

  /** Something of which the core does not tell. */
  #eventOf(type) {
    return Object.freeze({ type, reason: "requested", origin: "local", snapshot: this.#snapshot, previous: this.#snapshot });
  }

  #hear = (event) => {
    if (this.#isClosed) return;
    this.#lease = undefined;
    const previous = this.#snapshot ?? Object.freeze(event.previous);
    this.#take(event.snapshot);
    const told = Object.freeze({ ...event, snapshot: this.#snapshot, previous });
    this.#options.hear?.(told);
    if (this.fetch === undefined) this.#unheard.push(told);
    else this.#tell(told);
  };

  /** Puts a snapshot in force. The old object stays where nothing has changed, and the signal where nobody has. */
  #take(snapshot) {
    const previous = this.#snapshot;
    let busy;
    this.#pending.forEach((it) => (busy = it || busy));
    const text = JSON.stringify({ ...snapshot, busy });
    if (JSON.stringify(previous) === text) return;
    this.#snapshot = Object.freeze(JSON.parse(text));
    if ((previous ?? snapshot).identity === snapshot.identity) return;
    const ended = this.#epoch;
    this.#epoch = new AbortController();
    this.signal = this.#epoch.signal;
    ended.abort(overtakenError());
  }

  #tell = (event) => [...this.#listeners].forEach((hear) => hear(event));
}

const isSignal = (value) => typeof value?.aborted === "boolean" && isFunction(value.addEventListener);

function asSessionError(error) {
  if (error instanceof SessionError) return error;
  return isText(error?.code) && !(error instanceof Error) ? new SessionError(error) : internalError(error);
}
