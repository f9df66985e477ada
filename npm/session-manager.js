import { after } from "./answer.js";
import { isBug, redacted } from "./cause.js";
import { sessionFetch } from "./fetch.js";
import { takeOver } from "./former.js";
import { load } from "./module.js";
import { wakes } from "./page.js";
import {
  SessionError,
  abortedError,
  argumentError,
  closedError,
  internalError,
  overtakenError,
  timeoutError,
} from "./session-error.js";
import { unless } from "./abort.js";
import { onTrap, trapped } from "./trap.js";

const defaultApiUrl = "https://api.emporix.io";

/**
 * The session on this side of the border: what must be quick (the token at hand), what must outlive the WebAssembly
 * (listeners, signal, snapshot), and what must not be left to it (that every promise settles).
 */
export class Manager {
  #options;
  #locate;
  #release;
  #forget;
  #core;
  #live;
  /** Ends with the instance inside: its listeners and its lock go with it, though nobody is left in there to let go. */
  #life;
  #snapshot;
  #lease;
  #epoch = new AbortController();
  #closing = new AbortController();
  #listeners = new Set();
  #unheard = [];
  #pending = new Set();
  /** What the last request of each kind failed with, and when, counted in failures. */
  #failures = {};
  #failureCount = 0;

  constructor(options, locate, release) {
    this.#options = options;
    this.#locate = locate;
    this.#release = release;
    // A property of its own: a framework's proxy is no object that has private fields.
    Object.defineProperty(this, "signal", { get: () => this.#epoch.signal, enumerable: true });
  }

  /** Loads the module and restores what is stored. */
  async start() {
    this.#forget = onTrap(this.#trapped);
    try {
      await this.#call(() => {});
    } catch (error) {
      // The one inside may open yet.
      this.#end();
      throw error;
    }
    const { apiUrl, fetch: send = (...call) => globalThis.fetch(...call), place } = this.#options;
    const guest = this.#snapshot.kind === "anonymous" && this.#snapshot.identity;
    const fetch = sessionFetch({
      apiUrl: apiUrl ?? defaultApiUrl,
      send,
      session: {
        grant: this.#grant,
        identity: () => this.#snapshot.identity,
        signal: () => this.signal,
        // Browsers keep answers by their address, whoever asked, and a server keeps none. What a customer or whoever comes
        // after him in this page reads is not kept, nor read from what was: the guest it began with has the cache.
        mayCache: (identity) => place === "server" || identity === guest,
        tokenInstead: (...call) => this.#call((core) => ask(core, "tokenInstead", call)),
        refusedAgain: (...call) => this.#ask("refusedAgain", ...call),
      },
    });
    this.fetch = (input, init) => unless(this.#closing.signal, this.#isClosed || fetch(input, init), closedError);
    return this;
  }

  getSnapshot = () => this.#snapshot;

  subscribe = (listener) => {
    if (typeof listener !== "function") throw argumentError("listener", "a function");
    // A function of its own each time: whoever subscribes twice hears twice, and ends one at a time.
    const hear = (event) => listener(event);
    this.#listeners.add(hear);
    // What happened while the session was opened is told to whoever listens first.
    const unheard = this.#unheard.splice(0);
    if (unheard.length > 0) Promise.resolve().then(() => unheard.forEach((event) => this.#tell(event)));
    return () => void this.#listeners.delete(hear);
  };

  // No async function: the promise of the token at hand is made once, and nothing is when it is asked for again.
  accessToken = (options) =>
    options === undefined && this.#isGood(this.#lease) ? this.#lease.token : this.#obtain(options);

  /** The token and whose it is: at once where it is at hand, otherwise a promise of it. */
  #grant = () => (this.#isGood(this.#lease) ? this.#lease.grant : this.#call(async (core) => this.#lend(await ask(core, "accessToken"))));

  async #obtain(options) {
    const signal = options?.signal;
    if (signal !== undefined && !isSignal(signal)) throw argumentError("signal", "an AbortSignal");
    if (signal?.aborted) throw abortedError(signal.reason);
    const { token } = await unless(signal, this.#grant(), ({ reason }) => abortedError(reason));
    return token;
  }

  login = (credentials) => this.#change("login", credentials);
  refresh = () => this.#change("refresh");
  switchLegalEntity = (id) => this.#change("switchLegalEntity", id);
  legalEntities = () => this.#call((core) => ask(core, "legalEntities"), "me");
  validate = () => this.#call((core) => ask(core, "validate"), "validateauthtoken");

  logout = () =>
    this.#call((core) => ask(core, "logout")).catch((error) => {
      // It is done on this side; whether the platform has heard of it is told by an event.
      if (error.code !== "timeout") throw error;
    });

  hasScope = (scope) => {
    if (typeof scope !== "string") throw argumentError("scope", "a text");
    return this.#ask("hasScope", scope);
  };

  saasToken = () => this.#ask("saasToken");

  close = () => {
    if (!this.#isClosed && this.#release()) this.#end();
  };

  /** The same as `close`, for `using`. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")] = () => this.close();

  #end() {
    this.#closing.abort();
    this.#forget();
    this.#listeners.clear();
    this.#lease = undefined;
    this.#fail(closedError());
    try {
      this.#live?.free();
    } catch (error) {
      trapped(error);
    }
    this.#live = undefined;
  }

  get #isClosed() {
    return this.#closing.signal.aborted;
  }

  /** The page's own clock may throw, or tell nonsense. */
  #now() {
    try {
      const now = this.#options.now?.();
      return Number.isFinite(now) ? now : Date.now();
    } catch {
      return Date.now();
    }
  }

  /**
   * Hands out the token for that long without asking again. Two clocks end it, because one stands still while the machine
   * sleeps and the other can be set: a timer for the first, which costs nothing at a call; the second is read at each.
   */
  #lend({ token, identity, lease: time }) {
    const grant = { token, identity };
    // It may have changed since the answer was given.
    if (identity !== this.#snapshot.identity) return grant;
    const lease = { token: Promise.resolve(token), grant, time, since: this.#now(), wakes: wakes.count };
    this.#lease = lease;
    after(time, () => {
      if (this.#lease === lease) this.#lease = undefined;
    });
    return grant;
  }

  #isGood(lease) {
    if (lease?.wakes !== wakes.count) return false;
    const age = this.#now() - lease.since;
    return age >= 0 && age < lease.time;
  }

  async #change(method, ...values) {
    await this.#call((core) => ask(core, method, values));
    return this.#snapshot;
  }

  /** Something the module answers at once. */
  #ask(method, ...values) {
    try {
      return this.#live?.call(method, values);
    } catch (error) {
      trapped(error);
    }
  }

  /** A call into the module that settles whatever becomes of it. `kind` is that of the request it makes beside the token's. */
  #call(work, kind) {
    const since = this.#failureCount;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError());
      const cancel = after(this.#options.timeoutMs, () => fail(timeoutError()));
      const settle = (how) => (value) => {
        cancel();
        this.#pending.delete(fail);
        how(value);
      };
      const fail = settle(reject);
      this.#pending.add(fail);
      // Where the instance inside is there, the work begins before this returns: the page may be gone a moment later.
      const begin = async (core) => work(core);
      const begun = this.#live ? begin(this.#live) : this.#started().then(begin);
      begun.then(settle(resolve), (error) => fail(asSessionError(this.#explained(error, kind, since))));
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
    const Core = await load(() => this.#options.wasm ?? this.#locate());
    await takeOver(this.#options);
    const life = new AbortController();
    this.#life = life;
    const core = await promised((done) => Core.open({ ...this.#options, fetch: this.#send }, this.#hear, life.signal, done));
    if (this.#isClosed) {
      core.free();
      throw closedError();
    }
    this.#live = core;
    const previous = this.#snapshot;
    this.#take(core.call("getSnapshot", []));
    if (previous !== undefined && previous !== this.#snapshot) {
      const reason = this.#snapshot.identity === previous.identity ? "restored" : "cleared";
      this.#tell(Object.freeze({ type: "storage", reason, origin: "local", snapshot: this.#snapshot, previous }));
    }
    return core;
  }

  /** Sends the requests of the instance inside, which is not told why one has failed. */
  #send = async (...call) => {
    const kind = kindOf(call[0]);
    const note = (error) => {
      this.#failures[kind] = { number: ++this.#failureCount, cause: redacted(error) };
      throw error;
    };
    try {
      const answer = await (this.#options.fetch ?? globalThis.fetch)(...call);
      const text = answer?.text;
      if (typeof text !== "function") throw new TypeError("it gave no Response");
      // The line may break while the text is on its way. Where nothing can be defined, that goes without a cause.
      Reflect.defineProperty(answer, "text", { value: async () => Promise.resolve(text.call(answer)).catch(note) });
      return answer;
    } catch (error) {
      note(error);
    }
  };

  /** The error that the instance inside gave, with what the request has failed with. */
  #explained(error, kind, since) {
    if (error?.code !== "network") return error;
    // While it asks nothing after a failure, that one still stands for the last.
    const recent = [kind, "token", "validateauthtoken"].find((it) => this.#failures[it]?.number > since);
    const { cause } = this.#failures[recent ?? "token"] ?? {};
    if (!cause) return error;
    const sender = this.#options.fetch ? "the option fetch" : "fetch";
    const message = `${error.message}: ${sender} failed with ${cause.name}`;
    return { ...error, message, cause, retryable: !isBug(cause) };
  }

  #trapped = (error) => {
    // The object inside is not freed: there is nobody left who could.
    this.#live = this.#core = this.#lease = undefined;
    this.#life?.abort();
    this.#fail(internalError(error));
  };

  #fail(error) {
    for (const fail of [...this.#pending]) fail(error);
  }

  #hear = (event) => {
    if (this.#isClosed) return;
    this.#lease = undefined;
    const previous = this.#snapshot ?? Object.freeze(event.previous);
    this.#take(event.snapshot);
    const told = Object.freeze({ ...event, snapshot: this.#snapshot, previous });
    if (this.fetch === undefined) this.#unheard.push(told);
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

/** What the module tells when it is done. */
const promised = (work) => new Promise((resolve, reject) => work((isOk, value) => (isOk ? resolve : reject)(value)));

/** Something the module takes its time for. */
const ask = (core, method, values = []) => promised((done) => core.call(method, values, done));

/** Which request it is: one of the token's, or of those that may be under way beside it. */
const kindOf = (request) => /\/(me|validateauthtoken|logout)(\?|$)/.exec(request?.url ?? request)?.[1] ?? "token";

const isSignal = (value) => typeof value?.aborted === "boolean" && typeof value.addEventListener === "function";

function asSessionError(error) {
  if (error instanceof SessionError) return error;
  return typeof error?.code === "string" && !(error instanceof Error) ? new SessionError(error) : internalError(error);
}
