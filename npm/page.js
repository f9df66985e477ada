/**
 * What the WebAssembly needs of a page and Rust could only say at length: timers, locks, channel, listeners. It decides
 * nothing. Nothing throws here, whatever the page supplies: it would tear the module's memory apart.
 */
export class Page {
  #key;
  #tabs;
  #place;
  #clock;
  #fetch;
  #life;
  #run;
  #listening = new AbortController();
  #channel;
  #line = Promise.resolve();
  #release;
  #alarm;
  #hear;

  /**
   * `tabs` says whether all tabs share the record under this key; when `life` ends, nothing more is done. `run` is called
   * whenever an answer is there.
   */
  constructor(key, tabs, { now, fetch, place }, life, run) {
    this.#key = key;
    this.#place = place;
    this.#tabs = tabs;
    this.#clock = now;
    this.#fetch = fetch;
    this.#life = life;
    this.#run = run;
    this.#join();
    life.addEventListener("abort", () => {
      this.close();
      this.#release?.();
      this.wakeAfter();
    });
  }

  /** Calls `hear` with what another tab announces, and with nothing when time may have passed unseen; until `deafen`. */
  listen(hear) {
    this.#hear = hear;
    if (this.#place !== "page") return;
    const { signal } = this.#listening;
    // Ahead of the page's own listeners, which must not be told what was true before.
    const on = (event, act, target = window) => target.addEventListener(event, act, { signal, capture: true });
    // A message would throw the page out of the back-forward cache.
    on("pagehide", () => this.#channel?.close());
    on("pageshow", ({ persisted }) => persisted && this.#join());
    for (const event of ["pageshow", "online"]) on(event, this.#wake);
    on("visibilitychange", this.#wake, document);
    // What else the shop stores is its own; storage that is cleared names no key.
    on("storage", ({ key }) => (key ?? this.#key) === this.#key && this.#wake());
  }

  #join() {
    if (!this.#tabs) return;
    this.#channel = attempt(() => new BroadcastChannel(this.#key));
    const { signal } = this.#listening;
    this.#channel?.addEventListener("message", ({ data }) => typeof data === "string" && this.#hear?.(data), { signal });
  }

  #wake = () => this.#hear();

  deafen() {
    this.#listening.abort();
    this.wakeAfter();
  }

  close() {
    this.#run = () => {};
    this.deafen();
    this.#channel?.close();
  }

  /** Calls `run` once whoever calls now has returned. */
  soon() {
    // A test's clock replaces `queueMicrotask`, and nothing replaces promises.
    Promise.resolve().then(() => this.#run());
  }

  #answer(promise) {
    return new Answer(promise, () => this.#run());
  }

  announce(record) {
    // Whether anybody hears it is not known anyway; the record is in storage.
    attempt(() => this.#channel?.postMessage(record));
  }

  /** The wall clock: the page's own, where it tells a moment that dates know. */
  now() {
    const time = attempt(this.#clock);
    return typeof time === "number" && time >= 0 && time <= 8.64e15 ? time : Date.now();
  }

  wakeAfter(time) {
    clearTimeout(this.#alarm);
    if (time === undefined || !this.#hear) return;
    this.#alarm = setTimeout(this.#wake, bounded(time));
    // Node waits for timers.
    this.#alarm?.unref?.();
  }

  /** The answer's parts; nothing where there was none. Rejected where it was not there in time. */
  send(request, keepalive, patience) {
    return this.#answer(inTime(patience, () => this.#send(request, keepalive)));
  }

  async #send(request, keepalive) {
    if (!request) return;
    try {
      const send = this.#fetch ?? globalThis.fetch;
      // The platform wants tokens in addresses: no cache may keep one, no referrer carry it on.
      const init = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", keepalive };
      const answer = await send(new Request(request, init));
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
    return this.#answer(inTime(storagePatience, () => storage.getItem(this.#key)));
  }

  /** The latest revision that was made known before `next`, which is known from now on. */
  publish(next) {
    return this.#answer(this.#latest(next));
  }

  /** Rejected with whether it is full. */
  write(storage, text) {
    const write = async () => {
      await storage.setItem(this.#key, text);
      if ((await storage.getItem(this.#key)) !== text) throw undefined;
    };
    const isFull = (error) => /^(QuotaExceededError|NS_ERROR_DOM_QUOTA_REACHED)$/.test(attempt(() => error.name));
    return this.#answer(inTime(storagePatience, write).catch((error) => Promise.reject(isFull(error))));
  }

  /** The latest revision that was made known. Without a lock that is shared, nothing is handed over in any order. */
  #latest(next) {
    return inTime(storagePatience, () => this.#locks && latestRevision(this.#key, next)).catch(() => {});
  }

  sleep(time) {
    let alarm;
    const over = new Promise((resolve) => (alarm = setTimeout(resolve, bounded(time))));
    const answer = this.#answer(over);
    answer.forget = () => clearTimeout(alarm);
    return answer;
  }

  /**
   * The lock, and the latest revision that was made known; nothing where it was not to be had in time, or is refused. Those
   * of this page queue here first, so that a page asks for the shared lock once.
   */
  lock(patience) {
    return this.#answer(this.#lock(patience));
  }

  async #lock(patience) {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const line = this.#line;
    this.#line = line.then(() => held);
    const giveUp = new AbortController();
    const wait = async () => {
      await line;
      const locks = this.#locks;
      if (!locks || giveUp.signal.aborted) return;
      const signal = AbortSignal.any([giveUp.signal, this.#life]);
      // The callback's promise is what holds the lock; that the callback was called is what is waited for.
      await new Promise((resolve, reject) => {
        const callback = () => (resolve(), held);
        locks.request(this.#key, { signal }, callback).catch(reject);
      });
    };
    try {
      await inTime(patience, wait);
      this.#release = release;
      return { release, revision: await this.#latest() };
    } catch {
      giveUp.abort();
      release();
    }
  }

  get #locks() {
    return this.#tabs ? globalThis.navigator?.locks : undefined;
  }
}

/** What a promise comes to, for those who look at it: 0 while it is open, 1 when it is kept, 2 when it is broken. */
export class Answer {
  state = 0;

  constructor(promise, tell) {
    const settle = (state) => (value) => {
      this.value = value;
      this.state = state;
      tell();
    };
    promise.then(settle(1), settle(2));
  }

  forget() {}
}

/** A field that is there, of an object: a text has a `length`, and that is nobody's. A getter may throw. */
export function field(object, name) {
  if (typeof object === "object") return attempt(() => object[name]) ?? undefined;
}

const storagePatience = 2_000;

/** Browsers take the time as a signed 32-bit number and ring at once beyond it. */
const bounded = (time) => Math.min(time, 2 ** 31 - 1);

function attempt(work) {
  try {
    return work?.();
  } catch {}
}

function inTime(patience, work) {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(reject, bounded(patience));
    (async () => work())()
      .finally(() => clearTimeout(alarm))
      .then(resolve, reject);
  });
}

const unanswered = new Set();

/**
 * The latest revision of the record under this key that was made known to the other tabs; with `next`, it is raised to that.
 * For its order only: IndexedDB lets nobody read what was there before.
 */
async function latestRevision(key, next) {
  // Where the browser never answers, it is waited for once.
  if (unanswered.has(key)) return;
  unanswered.add(key);
  try {
    const opening = indexedDB.open("storefront-session");
    opening.onupgradeneeded = () => opening.result.createObjectStore("revisions");
    const database = await when("onsuccess", opening);
    try {
      const transaction = database.transaction("revisions", next ? "readwrite" : "readonly");
      const revisions = transaction.objectStore("revisions");
      const reading = revisions.get(key);
      // An answer may come late; it must not lower what others have raised since.
      reading.onsuccess = () => next > (reading.result ?? 0) && revisions.put(next, key);
      await when("oncomplete", transaction);
      return reading.result;
    } finally {
      // A connection that is kept may be in the way of the back-forward cache and of whoever deletes the database.
      database.close();
    }
  } finally {
    unanswered.delete(key);
  }
}

function when(event, target) {
  return new Promise((resolve, reject) => {
    target[event] = () => resolve(target.result);
    target.onerror = target.onabort = reject;
  });
}
