import { Answer, after, attempt, clockOf, inTime, nextTask, shown, unheard } from "./answer.js";
import { acquire } from "./lock.js";
import { closeConnection, keepConnection, latestRevision } from "./revisions.js";

/** How often time may have passed unseen: what was good before is to be looked at again. */
export const wakes = { count: 0 };

/** Pages that have put off reading what they heard. */
const behind = new Set();

/** Whoever is asked for something reads that first. */
export const catchUp = () => behind.forEach((read) => read());

const storagePatience = 2_000;

/** Without what no tab needs that does not take part in an operation that is under way. */
const settled = (text) => text.replace(/,"pending":\{[^}]*\}|"revision":\d+/g, "");
const identityIn = (text) => /"epoch":\d+,"identity":"[^"]+"/.exec(text)?.[0] ?? NaN;

/** What asks the copies of a page for their record. */
const question = "";

/** What a page is named by that is the first of its copies. Drawn late: hosts such as Workers draw nothing while they import. */
let first;

/**
 * What the WebAssembly needs of a page and Rust could only say at length: timers, lock, channel, listeners. It decides
 * nothing. Nothing throws here, whatever the page supplies: it would tear the module's memory apart.
 */
export class Page {
  #key;
  #area;
  #isShared;
  #fetch;
  #life;
  #run;
  #listening = new AbortController();
  #channel;
  #release;
  #cancelWake;
  #hear;
  /** The latest text of the record that this page has written, heard, or was told of by storage. */
  #known;
  /** What the inside was not told of it yet. */
  #unread;
  /** Whether storage has not answered in time, and not since. */
  #isSilent = false;
  /** Fires when the page is left, and then begins anew. */
  #leaving = new AbortController();
  #left;
  #tab = (first ??= String(Math.random()).slice(2));

  /**
   * `area` is where the record is kept: "local", "session", "memory" or an adapter. When `life` ends, nothing more is done.
   * `run` is called whenever an answer is there.
   */
  constructor(key, area, { services, now, fetch, place = typeof window === "undefined" ? "server" : "page" }, life, run) {
    // A server's are over the store that hosts share; those that are debugged tell what they are asked.
    if (services) return services(life, run, Page);
    this.#key = key;
    this.#area = area;
    this.#isShared = place !== "server" && area !== "memory";
    /** The wall clock. */
    this.now = clockOf(now);
    this.#fetch = fetch;
    this.#life = life;
    this.#run = run;
    life.addEventListener("abort", () => {
      this.close();
      this.#leaving.abort();
      this.#release?.();
    });
  }

  /** Calls `hear` with what another tab announces, and with nothing when time may have passed unseen; until `deafen`. */
  listen(hear) {
    this.#hear = hear;
    this.#join();
    if (!this.#isShared) return;
    const { signal } = this.#listening;
    // Ahead of the page's own listeners, which must not be told what was true before. What is told to the document passes here;
    // a worker hears nothing of it.
    const on = (events, act) =>
      events.split(" ").forEach((event) => attempt(() => window.addEventListener(event, act, { signal, capture: true })));
    on("pagehide freeze", () => this.#leave());
    on("resume prerenderingchange", () => this.#comeBack());
    on("pageshow", ({ persisted }) => (persisted || this.#left) && this.#comeBack());
    on("online", this.#wake);
    on("visibilitychange", () => this.#isHidden || this.#wake());
    // What else the shop stores is its own; storage that is cleared names no key.
    on("storage", ({ key, newValue }) => (key ?? this.#key) === this.#key && this.#notice(newValue, this.#wake));
  }

  #wake = () => {
    wakes.count += 1;
    this.#read();
    this.#hear?.();
  };

  /** What another tab has stored or announced, which may be twice the same. */
  #notice(text, tell) {
    const former = this.#known;
    this.#known = text;
    if (text && former) {
      if (text === former || settled(text) === settled(former)) return;
      // Who is hidden shows nothing: a renewal is read when the page is shown or asked. Of copies, each tells what it knows, also
      // what is former.
      if (this.#isHidden && this.#area !== "session" && identityIn(text) === identityIn(former)) {
        wakes.count += 1;
        this.#unread = text;
        behind.add(this.#read);
        return;
      }
    }
    this.#unread = undefined;
    tell(text);
  }

  #read = () => {
    const text = this.#unread;
    this.#unread = undefined;
    behind.delete(this.#read);
    if (text) this.#hear?.(text);
  };

  get #isHidden() {
    return attempt(() => document.visibilityState) === "hidden";
  }

  /** What is left, or stands still, waits for no lock: it may be granted to a page that is kept, and for good. */
  #leave() {
    // A message would throw the page out of the back-forward cache.
    this.#channel?.close();
    closeConnection();
    let resolve;
    const promise = new Promise((settle) => (resolve = settle));
    this.#left ??= { promise, resolve };
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  #comeBack() {
    this.#left?.resolve();
    this.#left = undefined;
    this.#join();
    this.#wake();
  }

  /** When the page may ask for a lock. */
  async #ready() {
    await shown();
    // Not in the task in which it is hidden, which may be the last before it is left.
    if (this.#isHidden) await nextTask();
    while (this.#left) await this.#left.promise;
    if (this.#life.aborted) throw undefined;
  }

  /** What lock, channel and revisions are named by: the key, and where storage is cloned with the page, the first of the clones. */
  get #name() {
    if (this.#area !== "session") return this.#key;
    const key = `${this.#key}:tab`;
    const known = attempt(() => sessionStorage.getItem(key));
    this.#tab = known ?? this.#tab;
    if (!known) attempt(() => sessionStorage.setItem(key, this.#tab));
    return `${this.#key}:${this.#tab}`;
  }

  #join() {
    this.#channel?.close();
    this.#channel = undefined;
    if (!this.#isShared || this.#listening.signal.aborted || shown()) return;
    attempt(() => {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data }) => {
        if (data === question) this.#tell();
        else if (typeof data === "string") this.#notice(data, (text) => this.#hear?.(text));
      };
      this.#channel.unref?.();
    });
    this.#ask();
  }

  /** A copy of this page may have written what this one's own storage does not show, or not know what this one's does. */
  #ask() {
    if (this.#area !== "session") return;
    this.#tell();
    this.#post(question);
  }

  #tell() {
    [this.#known, attempt(() => sessionStorage.getItem(this.#key))].forEach((text) => this.#post(text));
  }

  /** Whether anybody hears it is not known anyway; the record is in storage. */
  #post(text) {
    if (typeof text === "string") attempt(() => this.#channel?.postMessage(text));
  }

  announce(record) {
    this.#known = record;
    this.#post(record);
  }

  deafen() {
    this.#listening.abort();
    this.wakeAfter();
    this.#hear = undefined;
  }

  close() {
    this.#run = () => {};
    this.deafen();
    this.#channel?.close();
  }

  #answer(promise) {
    return new Answer(promise, () => {
      this.#read();
      this.#run();
    });
  }

  /** Milliseconds since the page began; it never goes back. */
  monotonic() {
    return attempt(() => performance.now()) ?? Date.now();
  }

  wakeAfter(time) {
    this.#cancelWake?.();
    if (time !== undefined && this.#hear) this.#cancelWake = after(time, this.#wake);
  }

  /** The answer's parts; nothing where there was none. The request is sent before this returns. */
  send(request, keepalive) {
    return this.#answer(this.#send(request, keepalive));
  }

  async #send(request, keepalive) {
    if (!request) return;
    try {
      const send = this.#fetch ?? globalThis.fetch;
      // The platform wants tokens in addresses: no cache may keep one, no referrer carry it on, no redirect take one elsewhere.
      const init = { cache: "no-store", credentials: "omit", redirect: "manual", referrerPolicy: "no-referrer", keepalive };
      // Firefox forgets it when a Request is made of another, as fetch does.
      const answer = await send(new Request(request, init), keepalive ? { keepalive } : undefined);
      const body = await answer.text();
      const retryAfter = attempt(() => this.#millisUntil(answer.headers.get("retry-after")));
      return typeof body === "string" ? { status: answer.status, body, retryAfter } : undefined;
    } catch {}
  }

  /** `Retry-After` is a number of seconds or a date. */
  #millisUntil(text) {
    const isSeconds = /^\s*\d+\s*$/.test(text);
    const time = isSeconds ? text * 1000 : Math.max(0, Date.parse(text) - this.now());
    return text !== null && time <= 2 ** 42 ? Math.floor(time) : undefined;
  }

  /** What `storage` holds. Rejected when it does not answer in time. */
  read(storage) {
    return this.#answer(this.#asked(() => storage.getItem(this.#key)));
  }

  /** What storage answers. While it is silent it is not asked anything else, or everybody would wait for it again and again. */
  #asked(work) {
    if (this.#isSilent) return Promise.reject();
    const answer = (async () => work())();
    return inTime(storagePatience, () => answer).catch((error) => {
      this.#isSilent = true;
      const over = () => (this.#isSilent = false);
      answer.then(over, over);
      throw error;
    });
  }

  /** What `storage` holds; `undefined` where it takes its time. */
  readNow(storage) {
    const item = attempt(() => storage.getItem(this.#key));
    unheard(item);
    return typeof item === "string" || item === null ? item : undefined;
  }

  /** Rejected with whether it is full. */
  write(storage, text) {
    const write = async () => {
      await storage.setItem(this.#key, text);
      if ((await storage.getItem(this.#key)) !== text) throw undefined;
      this.#known = text;
    };
    const isFull = (error) => /^(QuotaExceededError|NS_ERROR_DOM_QUOTA_REACHED)$/.test(attempt(() => error.name));
    return this.#answer(this.#asked(write).catch((error) => Promise.reject(isFull(error))));
  }

  /** Writes as far as storage can before this returns. */
  writeNow(storage, text) {
    unheard(attempt(() => storage.setItem(this.#key, text)));
  }

  /** The latest revision that was made known before `next`, which is known from now on. */
  publish(next) {
    return this.#answer(this.#latest(next));
  }

  /** Without a lock that is shared, nothing is handed over in any order. */
  async #latest(next) {
    if (this.#locks) return latestRevision(this.#name, next);
  }

  get #locks() {
    return this.#isShared ? attempt(() => navigator.locks) : undefined;
  }

  sleep(time) {
    let cancel;
    const answer = this.#answer(new Promise((resolve) => (cancel = after(time, resolve))));
    answer.forget = cancel;
    return answer;
  }

  /** A turn of IndexedDB, which comes in hidden pages too; a few milliseconds where there is none. */
  pause() {
    let cancel;
    const over = new Promise((resolve) => (cancel = after(10, resolve)));
    return this.#answer(Promise.race([this.#latest(), over]).finally(cancel));
  }

  /** The lock, with the latest revision that was made known; nothing where it was not to be had in time. */
  lock(patience) {
    return this.#answer(this.#lock(patience).catch(() => {}));
  }

  async #lock(patience) {
    const area = this.#area;
    // What is prerendered has another tab's storage until it is shown.
    await shown();
    const lock = await acquire(this.#name, patience, {
      // A page's storage is all its instances', whatever they reach it through; a server's is one visitor's.
      owner: area === "memory" ? this : this.#isShared ? globalThis : area,
      isMemory: area === "memory",
      locks: this.#locks,
      ready: () => this.#ready(),
      leaving: () => this.#leaving.signal,
    });
    const { release } = lock;
    const letGo = keepConnection();
    this.#release = lock.release = () => {
      letGo();
      release();
    };
    this.#ask();
    lock.revision = await this.#latest();
    return lock;
  }
}
