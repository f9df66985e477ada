const GENTLE_MS = 4000;
const SOON_MS = 60;

/**
 * The sandbox's request list, read soon after something happened here and gently otherwise, while somebody looks.
 * Each entry gets `at` (this page's time) and `mine` (sent by this tab). Events: `change` when the
 * list is another, `read` at each reading, `unreachable`.
 */
export class RequestLog extends EventTarget {
  #sandbox;
  #own = [];
  #behind = Infinity;
  #entries = [];
  #begun = false;
  #shown;
  #reading;
  #again = false;
  #timer;
  #watched = () => true;

  constructor(sandbox) {
    super();
    this.#sandbox = sandbox;
    this.#listenToOwn();
    setInterval(() => {
      if (document.visibilityState === "visible" && this.#watched()) this.read();
    }, GENTLE_MS);
  }

  get entries() {
    return this.#entries;
  }

  /** What was in the list before is history: it is shown, and stands in no timeline. */
  async begin(watched) {
    this.#watched = watched;
    await this.read();
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.read(), SOON_MS);
  }

  /** Never two at a time; who asks meanwhile gets one more reading after this one. */
  read() {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
      if (this.#again) {
        this.#again = false;
        this.soon();
      }
    });
    return this.#reading;
  }

  async #read() {
    let rows;
    const asked = performance.now();
    try {
      rows = await this.#sandbox.requests();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("unreachable", { detail: error }));
      return;
    }
    this.#adopt(rows.filter((row) => row.method !== "OPTIONS"), asked);
    this.dispatchEvent(new CustomEvent("read"));
    const shown = JSON.stringify(this.#entries);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** `asked`: when the list was asked for. What this tab had been answered by then is in it. */
  #adopt(rows, asked) {
    const first = !this.#begun;
    // The numbers begin anew after a reset, the platform's time does not.
    const known = new Map(this.#entries.map((entry) => [entry.key, entry]));
    const now = performance.now();
    this.#entries = rows.map((row) => {
      const key = `${row.seq} ${row.at}`;
      const at = Math.min(now, row.at + this.#behind);
      const entry = known.get(key) ?? { key, seen: now, sent: row.at, at, mine: false, earlier: first };
      const path = row.path.split("?")[0];
      return Object.assign(entry, {
        method: row.method,
        path,
        status: row.status,
        bearer: row.bearer,
        legalEntityId: row.legalEntityId,
        delivered: row.delivered !== false,
      });
    });
    this.#begun = true;
    this.#own = this.#own.filter((own) => own.end > asked || !this.#match(own));
  }

  /** Another tab may have asked the same: of the rows that could be this tab's the nearest in time is. */
  #match(own) {
    const distance = ({ sent }) => Math.abs(own.end - sent - this.#behind);
    const entry = this.#entries
      .filter(({ mine, earlier, path, seen }) => !mine && !earlier && path === own.path && own.start <= seen)
      .reduce((best, entry) => (best && distance(best) <= distance(entry) ? best : entry), undefined);
    if (!entry) return false;
    entry.mine = true;
    entry.at = own.end;
    // The platform's clock in this page's time: other tabs' requests are placed by it, not by when they were read. It only
    // ever jumps ahead, and an answer takes time: the least that was seen is the nearest to the truth.
    this.#behind = Math.min(this.#behind, own.end - entry.sent);
    return true;
  }

  /** The browser's own account of what this tab sent: the path alone is kept, for queries hold tokens. */
  #listenToOwn() {
    if (typeof PerformanceObserver !== "function") return;
    const origin = new URL(this.#sandbox.url).origin;
    new PerformanceObserver((list) => {
      let found = false;
      for (const entry of list.getEntries()) {
        const url = new URL(entry.name);
        if (url.origin !== origin || url.pathname.startsWith("/_sandbox/")) continue;
        this.#own.push({ path: url.pathname, start: entry.startTime, end: entry.responseEnd || entry.startTime });
        found = true;
      }
      if (this.#own.length > 200) this.#own.splice(0, 100);
      if (found) this.soon();
    }).observe({ type: "resource", buffered: true });
  }
}
