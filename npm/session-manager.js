import { after, attempt, clockOf, shown } from "./answer.js";
import { loadCore } from "./chunk.js";
import { eventTypes } from "./event-types.js";
import { sessionFetch } from "./fetch.js";
import { hearingFor } from "./listener.js";
import { atRest, listen } from "./news.js";
import { isFlag, isFunction, isText, oneOf, read } from "./options.js";
import { readRecord, snapshotOf } from "./record.js";
import { abortedError, asSessionError, check, closedError, internalError, overtakenError, timeoutError } from "./session-error.js";
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
  // What is private is in this scope and not in fields: of those a framework's proxy has none, and they are more bytes.
  constructor(options, locate, release) {
    const now = clockOf(options.now);
    let core;
    let live;
    // Until the core is there: the record's key, its text that the page has begun with, that of another identity since, and the last of
    // the same. Whoever looks at a page that is prerendered now has another tab's record by then.
    let key = options.place === "page" && options.storage === "local" && !shown() && options.key;
    let known;
    let heard;
    let renewed;
    let clock;
    let deafen;
    let asked;
    // Whether the page is left, and what ends the session then.
    let left;
    let ending;
    let wakes = { count: 0 };
    let snapshot;
    let lease;
    let epoch = new AbortController();
    let isClosed = false;
    const closing = new AbortController();
    const listeners = new Set();
    let unheard = [];
    // How each call that is under way fails, and what a person waits for with it.
    const pending = new Map();

    const listenTo = (listener, isInitial, type) => {
      const hear = hearingFor(listener, type);
      listeners.add(hear);
      // What happened while the session was opened is told to those who listen first, with what is so by then.
      unheard.forEach((event) => tell(shownBy(event), [hear]));
      if (isInitial) tell(shownBy(eventOf("initial")), [hear]);
      return () => void listeners.delete(hear);
    };

    /** In a turn of its own: all hear in the same order, also where one of them changes something. */
    const tell = (event, to = listeners) =>
      to.forEach((hear) => {
        const told = () => {
          if (!listeners.has(hear)) return;
          unheard = [];
          return hear(event);
        };
        Promise.resolve().then(told).catch(globalThis.reportError ?? console.error);
      });

    /** Something of which the core does not tell. */
    const eventOf = (type, next = snapshot) => ({ type, reason: "requested", origin: "local", snapshot: next });

    const shownBy = (event, previous = snapshot) => Object.freeze({ ...event, snapshot, previous });

    const hear = (event) => {
      lease = undefined;
      if (isClosed) return;
      const previous = snapshot ?? Object.freeze(event.previous);
      take(event.snapshot);
      const told = shownBy(event, previous);
      options.hear?.(told);
      if (this.fetch) tell(told);
      else unheard.push(event);
    };

    /** Puts a snapshot in force. The old object stays where nothing has changed, and the signal where nobody has. */
    const take = (next) => {
      const previous = snapshot;
      let busy;
      pending.forEach((it) => (busy = it || busy));
      const text = JSON.stringify({ ...next, busy });
      if (JSON.stringify(previous) === text) return;
      snapshot = Object.freeze(JSON.parse(text));
      if ((previous ?? snapshot).identity === snapshot.identity) return;
      const ended = epoch;
      epoch = new AbortController();
      this.signal = epoch.signal;
      ended.abort(overtakenError());
    };

    /**
     * Hands out the token for that long without asking again. Two clocks end it, because one stands still while the machine
     * sleeps and the other can be set: a timer for the first, which costs nothing at a call; the second is read at each.
     */
    const lend = ({ token, identity, lease: time }) => {
      const grant = { token, identity };
      // It may have changed since the answer was given.
      if (identity !== snapshot.identity) return grant;
      const lent = (lease = { token: Promise.resolve(token), grant, time, since: now(), wakes: wakes.count });
      after(time, () => {
        if (lease === lent) lease = undefined;
      });
      return grant;
    };

    const isGood = () => {
      if (lease?.wakes !== wakes.count) return false;
      const age = now() - lease.since;
      return age >= 0 && age < lease.time;
    };

    /** The token and whose it is: at once where it is at hand, otherwise a promise of it. */
    const grant = () => {
      if (isGood() || readNow()) return lease.grant;
      return call(async (core) => lend(await core.ask("accessToken")));
    };

    const obtain = async (given) => {
      const signal = read(given, "signal");
      check("signal", signal === undefined || attempt(() => isFunction(signal.addEventListener) && isFlag(signal.aborted)), "an AbortSignal");
      if (signal?.aborted) throw abortedError(signal);
      const { token } = await unless(signal, grant(), abortedError);
      return token;
    };

    /** A call that the core must decide, and that settles whatever becomes of it. `busy`: a person waits for it. */
    const call = (work, busy) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closedError());
        const showBusy = () => busy && hear(eventOf("busy"));
        const cancel = after(options.timeoutMs, () => fail(timeoutError()), true);
        const settle = (how) => (value) => {
          cancel();
          if (pending.delete(fail)) showBusy();
          how(value);
        };
        const fail = settle(reject);
        pending.set(fail, busy);
        showBusy();
        // Where the instance inside is there, the work begins before this returns: the page may be gone a moment later.
        const begun = (async () => work(live ?? (await started())))();
        begun.then(settle(resolve), (error) => fail(asSessionError(error)));
      });

    const failAll = (error) => pending.forEach((_, fail) => fail(error));

    /** Nobody waits for it: what could not be loaded is not asked for again until there is news. */
    const startSoon = () => {
      if (!isClosed) asked ??= started().catch(() => {});
    };

    const started = () =>
      (core ??= startCore().catch((error) => {
        core = undefined;
        throw error;
      }));

    const startCore = async () => {
      const { Core, wasm } = await loadCore(() => options.wasm ?? locate());
      const opened = await Core.open(options, wasm, {
        news: () => ({ known, heard, snapshot }),
        hear,
        adopt: this.adopt,
        fail: (error) => {
          live = core = lease = undefined;
          failAll(internalError(error));
        },
      });
      if (isClosed) {
        opened.free();
        throw closedError();
      }
      live = opened;
      wakes = opened.wakes;
      deafen?.();
      key = known = undefined;
      take(opened.tell("getSnapshot"));
      return opened;
    };

    /** The token that the record holds, where there is no core yet and nobody need decide. */
    const readNow = () => {
      if (!key || heard || isClosed) return;
      const time = now();
      // How far it is before the clock that never goes back: a clock that was set back makes tokens look younger.
      const ahead = time - (attempt(() => performance.now()) ?? 0);
      clock ??= ahead;
      const text = ahead > clock - 1_000 && attempt(() => localStorage.getItem(key));
      let found = text && readRecord(text, options.apiUrl, time);
      if (!found || (snapshot ?? found).identity !== found.identity) return;
      // What another tab has stored may not be visible here yet.
      const later = renewed && readRecord(renewed, options.apiUrl, time);
      if (later?.revision > found.revision) found = later;
      if (!snapshot) {
        known = text;
        take(found.snapshot);
      }
      lend(found);
      if (found.isDue) startSoon();
      return found;
    };

    const end = () => {
      listeners.clear();
      failAll(closedError());
      isClosed = true;
      closing.abort();
      deafen?.();
      live?.free();
      live = lease = undefined;
    };

    /** Waits with the core until another tab changes something or the page is at rest. */
    const wait = () => {
      deafen = listen(key, (text, isLeft) => {
        lease = asked = undefined;
        if ((left = isLeft)) ending?.();
        if (text === undefined) return;
        // Who has the same identity is told when he asks.
        if (attempt(() => JSON.parse(text).identity) === snapshot.identity) renewed = text;
        else {
          heard = text ?? "";
          startSoon();
        }
      });
      atRest(startSoon);
    };

    // What the package's other entries need to know.
    for (const name of "tenant clientId timeoutMs".split(" ")) this[name] = options[name];
    // Methods that only the core can answer, which checks what they are given; the first ones come to the snapshot afterwards.
    for (const name in changes) this[name] = (...given) => call((core) => core[name](...given), changes[name]).then(this.getSnapshot);
    for (const name of questions.split(" ")) this[name] = (...given) => call((core) => core[name](...given));
    this.signal = epoch.signal;
    this.getSnapshot = () => snapshot;
    this.subscribe = (listener, options) => listenTo(listener, options?.initial);
    this.on = (type, listener) => {
      check("type", oneOf(eventTypes)(type), `one of ${eventTypes}`);
      return listenTo(listener, type === "initial", type);
    };
    // No async function: the promise of the token at hand is made once, and nothing is when it is asked for again.
    this.accessToken = (given) => (given === undefined && isGood() ? lease.token : obtain(given));
    this.logout = () => {
      const { identity } = snapshot;
      // Ends the session in storage and in this page where the core is not there to do it, which the page may be gone before;
      // nothing where somebody came since.
      ending = () => {
        // Where storage was cleared since, other tabs would restore what they know.
        const record = attempt(() => JSON.parse(localStorage.getItem(key) ?? known));
        if (record?.identity !== identity) return;
        if (!record.guest && !record.customer) return true;
        const tombstone = tombstoneOf(record);
        attempt(() => localStorage.setItem(key, (known = JSON.stringify(tombstone))));
        hear(eventOf("logout", snapshotOf(tombstone)));
        return true;
      };
      if (left) ending();
      return call((core) => core.ask("logout"), "logout").catch((error) => {
        // It is done on this side; whether the platform has heard of it is told by an event.
        if (!ending() && error.code !== "timeout") throw error;
      });
    };
    this.hasScope = (scope) => {
      check("scope", isText(scope), "a text");
      // Scopes come with a validation, which needs the core.
      return live?.hasScope(scope);
    };
    this.saasToken = () => (live ? live.tell("saasToken") : readNow()?.saas);
    this.close = () => {
      if (isClosed || !release()) return;
      end();
    };
    /** The same as `close`, for `using`. */
    this[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = this.close;

    /** Restores what is stored: with the core, unless the record says all that is asked for now. */
    options.start = async () => {
      if (readNow()) wait();
      else {
        await call(() => {}).catch((error) => {
          // The core may open yet.
          end();
          throw error;
        });
      }
      const fetch = sessionFetch(this, options, grant, call, () => live);
      this.fetch = (input, init) => {
        const answer = isClosed || fetch(input, init);
        // What changes the session's context may change the site, of which there is another cart.
        if (options.mergeCart && /PATCH/.test(init?.method ?? input?.method)) call((core) => core.ask("changeContext", [input, answer])).catch(() => {});
        return unless(closing.signal, answer, closedError);
      };
      return this;
    };
  }
}
