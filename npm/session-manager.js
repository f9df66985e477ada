import { sessionFetch } from "./fetch.js";
import { load, trapped, watch } from "./module.js";
import { SessionError, abortedError, argumentError, closedError, internalError, overtakenError } from "./session-error.js";

const defaultApiUrl = "https://api.emporix.io";
const defaultTimeout = 15_000;

/**
 * The session on this side of the border: what must be quick (the token at hand), what must outlive the WebAssembly
 * (listeners, signal, snapshot), and what must not be left to it (that every promise settles).
 */
export class Manager {
  #options;
  #locate;
  #core;
  #live;
  #snapshot;
  #lease;
  #epoch = new AbortController();
  #listeners = new Set();
  #unheard = [];
  #pending = new Set();
  #closed = false;
  #release;
  #unwatch;

  constructor(options, locate, release) {
    this.#options = options;
    this.#locate = locate;
    this.#release = release;
  }

  /** Loads the module and restores what is stored. */
  async start() {
    this.#unwatch = watch(this.#trapped);
    try {
      await this.#call(() => {});
    } catch (error) {
      this.#unwatch();
      throw error;
    }
    const { apiUrl, fetch = (request) => globalThis.fetch(request) } = this.#options;
    this.fetch = sessionFetch({
      apiUrl: apiUrl ?? defaultApiUrl,
      send: fetch,
      token: this.accessToken,
      identity: () => this.#snapshot.identity,
      signal: () => this.signal,
      tokenInstead: (...call) => this.#call((core) => core.tokenInstead(...call)),
      refusedAgain: (...call) => this.#live?.refusedAgain(...call),
    });
    return this;
  }

  getSnapshot = () => this.#snapshot;

  get signal() {
    return this.#epoch.signal;
  }

  subscribe = (listener) => {
    if (typeof listener !== "function") throw argumentError("listener", "a function");
    // A listener of its own each time: whoever subscribes twice hears twice, and ends one at a time.
    const hear = (event) => listener(event);
    this.#listeners.add(hear);
    // What happened while the session was opened is told to whoever listens first.
    const unheard = this.#unheard.splice(0);
    if (unheard.length > 0) queueMicrotask(() => unheard.forEach((event) => this.#tell(event)));
    return () => void this.#listeners.delete(hear);
  };

  accessToken = async (options) => {
    const lease = this.#lease;
    const signal = options?.signal;
    if (lease !== undefined && !signal && this.#isGood(lease)) return lease.token;
    return orAborted(
      this.#call(async (core) => {
        const token = await core.accessToken();
        this.#lease = { token, wall: this.#now(), mono: performance.now(), time: core.lease() };
        return token;
      }),
      signal,
    );
  };

  login = (credentials) => this.#change((core) => core.login(credentials));
  refresh = () => this.#change((core) => core.refresh());
  switchLegalEntity = (id) => this.#change((core) => core.switchLegalEntity(id));
  legalEntities = () => this.#call((core) => core.legalEntities());
  validate = () => this.#call((core) => core.validate());
  logout = () => this.#call((core) => core.logout());

  hasScope = (scope) => {
    if (typeof scope !== "string") throw argumentError("scope", "a text");
    return this.#ask((core) => core.hasScope(scope));
  };

  saasToken = () => this.#ask((core) => core.saasToken());

  close = () => {
    if (this.#closed || !this.#release()) return;
    this.#closed = true;
    this.#unwatch();
    this.#listeners.clear();
    this.#lease = undefined;
    this.#fail(closedError());
    this.#live?.close();
    this.#live?.free();
    this.#live = undefined;
  };

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  #now() {
    return this.#options.now?.() ?? Date.now();
  }

  /** Both clocks must say so: one stands still while the machine sleeps, the other jumps. */
  #isGood(lease) {
    return (
      performance.now() - lease.mono < lease.time && Math.abs(this.#now() - lease.wall) < lease.time
    );
  }

  async #change(work) {
    await this.#call(work);
    return this.#snapshot;
  }

  /** Something the module answers at once. */
  #ask(question) {
    if (this.#live === undefined) return undefined;
    try {
      return question(this.#live);
    } catch (error) {
      trapped(error);
      return undefined;
    }
  }

  /** A call into the module that settles whatever becomes of it. */
  #call(work) {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closedError());
      // The module keeps its own, shorter time. This one is for a module that has died without a word.
      const limit = 10_000 + 8 * (this.#options.timeoutMs ?? defaultTimeout);
      const alarm = setTimeout(() => trapped(new Error("the module did not answer")), limit);
      const settle = (how) => (value) => {
        clearTimeout(alarm);
        this.#pending.delete(fail);
        how(value);
      };
      const fail = settle(reject);
      this.#pending.add(fail);
      this.#started().then(work).then(settle(resolve), (error) => fail(asSessionError(error)));
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
    const Core = await load(this.#options.wasm ?? this.#locate());
    const core = await Core.open(this.#options, this.#hear);
    if (this.#closed) {
      core.free();
      throw closedError();
    }
    this.#live = core;
    const previous = this.#snapshot;
    this.#take(core.getSnapshot());
    if (previous !== undefined && previous !== this.#snapshot) {
      this.#tell({ type: "storage", reason: "restored", origin: "local", snapshot: this.#snapshot, previous });
    }
    return core;
  }

  #trapped = (error) => {
    // The object inside is not freed: there is nobody left who could.
    this.#live = this.#core = this.#lease = undefined;
    this.#fail(error);
  };

  #fail(error) {
    for (const fail of [...this.#pending]) fail(error);
  }

  #hear = (event) => {
    this.#lease = undefined;
    const previous = this.#snapshot ?? Object.freeze(event.previous);
    this.#take(event.snapshot);
    const told = Object.freeze({ ...event, snapshot: this.#snapshot, previous });
    if (this.#live === undefined) this.#unheard.push(told);
    else this.#tell(told);
  };

  /** Puts a snapshot in force. The old object stays where nothing has changed, and the signal where nobody has. */
  #take(snapshot) {
    const previous = this.#snapshot;
    if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(snapshot)) return;
    this.#snapshot = Object.freeze(snapshot);
    if (previous === undefined || previous.identity === snapshot.identity) return;
    const ended = this.#epoch;
    this.#epoch = new AbortController();
    ended.abort(overtakenError());
  }

  #tell(event) {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        globalThis.reportError ? reportError(error) : console.error(error);
      }
    }
  }
}

function asSessionError(error) {
  if (error instanceof SessionError) return error;
  if (typeof error?.code === "string" && !(error instanceof Error)) return new SessionError(error);
  if (error instanceof WebAssembly.RuntimeError) trapped(error);
  return internalError(error);
}

function orAborted(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortedError(signal.reason));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
