import { redactUrl } from "../redact.js";

const services = /\/(customerlogin|customer|customer-management|product|price|cart|session-context|checkout|order-v2)\/[^?#]*/;

/** As many are kept. */
const most = 200;

/** What this tab has asked of the platform, by the browser's own account. The path alone is kept, for queries hold tokens. */
export class OwnRequests extends EventTarget {
  #entries = [];
  #observer;
  #count = 0;
  #since = -1;

  get entries() {
    return this.#entries;
  }

  begin() {
    if (this.#observer || typeof PerformanceObserver !== "function") return;
    this.#observer = new PerformanceObserver((list) => {
      const found = list.getEntries().filter(({ initiatorType, startTime, name }) => initiatorType === "fetch" && startTime > this.#since && services.test(name));
      for (const { name, startTime, responseEnd, responseStatus } of found) {
        this.#since = startTime;
        const [path] = services.exec(new URL(name).pathname) ?? [];
        if (!path) continue;
        const delivered = responseStatus !== 0;
        const status = responseStatus || undefined;
        this.#entries.push({ key: `own ${(this.#count += 1)}`, at: responseEnd || startTime, path: redactUrl(path), status, delivered, mine: true, earlier: false });
      }
      this.#entries = this.#entries.slice(-most);
      if (found.length > 0) this.dispatchEvent(new Event("change"));
    });
    this.#observer.observe({ type: "resource", buffered: true });
  }

  end() {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }
}
