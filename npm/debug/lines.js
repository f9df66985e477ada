import { attempt } from "../answer.js";

/** One decision. It holds no token, no e-mail address, and no sessionId or company id in full. */
class Line {
  constructor(kind, text, { ms, visitor }) {
    Object.assign(this, { at: Date.now(), kind, text, ...(ms !== undefined && { ms }), ...(visitor && { visitor }) });
    Object.freeze(this);
  }

  toString() {
    const whose = this.visitor ? ` [${this.visitor}]` : "";
    const time = this.ms === undefined ? "" : ` (${this.ms} ms)`;
    return `storefront-session ${this.kind}${whose}: ${this.text}${time}`;
  }
}

/** Where the lines go: to the console, or to the function that was given. `visitor()` says whose they are, on a server. */
export class Lines {
  #tell;
  #visitor;

  constructor(to, visitor) {
    this.#tell = typeof to === "function" ? to : (line) => console[line.kind === "warning" ? "warn" : "debug"](`${line}`);
    this.#visitor = visitor;
  }

  clock() {
    return attempt(() => performance.now());
  }

  add(kind, text, ms) {
    try {
      this.#tell(new Line(kind, text, { ms, visitor: this.#visitor?.() }));
    } catch (error) {
      // As a listener's: it harms nobody.
      (globalThis.reportError ?? console.error)(error);
    }
  }

  /** Something that has taken its time since `begin`, which also becomes a measure: not on a server, which keeps each for ever. */
  end(name, kind, text, begin) {
    const end = this.clock();
    if (!this.#visitor) attempt(() => performance.measure(`storefront-session:${name}`, { start: begin, end }));
    this.add(kind, text, end === undefined ? undefined : Math.round(end - begin));
  }
}

/** Enough of an id to tell it from another, and never all of it. */
export const brief = (id) => (typeof id === "string" && id ? `${id.slice(0, Math.min(4, id.length >> 1))}…` : "none");

/** The token's own endpoints, of whose path nothing is secret. */
const known = /^\/(customerlogin\/auth\/anonymous\/(login|refresh)|customer\/[^/]+\/(login|logout|refreshauthtoken|validateauthtoken|socialLogin|exchangeauthtoken|me))$/;

/** Method and place of a request: of the platform's addresses the service alone, of others nothing. */
export function target(input, init, apiUrl) {
  return (
    attempt(() => {
      const { href, origin, pathname } = new URL(input?.url ?? input, `${apiUrl}/`);
      const method = /^\w{1,10}$/.exec(init?.method ?? input?.method ?? "GET")?.[0].toUpperCase() ?? "…";
      if (href !== apiUrl && !href.startsWith(`${apiUrl}/`)) return `${method} another address`;
      const path = pathname.slice(new URL(apiUrl).pathname.replace(/\/+$/, "").length);
      const service = /^\/[a-z][a-z-]{1,30}(?=\/|$)/.exec(path)?.[0] ?? "/…";
      return `${method} ${known.test(path) ? path : service === path ? path : `${service}/…`}`;
    }) ?? "an address that cannot be read"
  );
}

/** What becomes of a call that fails. */
export const outcomeOf = (error) => `failed with ${attempt(() => error.code) ?? attempt(() => error.name) ?? "something that is no error"}`;

export const seconds = (ms) => `${Math.round(ms / 100) / 10} s`;
