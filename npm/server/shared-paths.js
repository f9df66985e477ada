import { check } from "../session-error.js";

/** What every guest sees alike. */
const catalogue = ["product", "category", "brand", "label", "media", "availability", "site", "country", "currency"];

/** What depends on the visitor, or is the session itself. */
const personal =
  /^(cart|customer|customerlogin|customer-management|session-context|context|checkout|order|order-v2|salesorder|iam|oauth|price|coupon|reward-points|shoppinglist|quote|returns?|invoice|approval|payment-gateway|customer-segment|ai-service)$/;
const byContext = /by-context|(^|\/)(me|context)(\/|$)/;

const expected = "paths such as \"product\", none of which depends on the visitor";

/** Which requests are answered alike for every guest: reads of these paths below `apiUrl`. */
export class SharedPaths {
  #base;
  #prefixes;

  constructor(apiUrl, given = catalogue) {
    check("sharedPaths", Array.isArray(given), `a list of ${expected}`);
    this.#base = new URL(`${apiUrl}/`);
    this.#prefixes = given.map((path) => {
      const plain = typeof path === "string" ? path.toLowerCase().replace(/^\/+|\/+$/g, "") : "";
      const [first, ...more] = plain.split("/");
      // Of prices one can say which are meant, and those by context are not.
      const isPersonal = (personal.test(first) && !(first === "price" && more.length > 1)) || byContext.test(plain);
      check("sharedPaths", /^[\w-]+(\/[\w~-][\w.~-]*)*$/.test(plain) && !isPersonal, expected);
      return `${plain}/`;
    });
  }

  /** Whether this call of `fetch` is one. Where that is not plain, it is not. */
  has(input, init) {
    try {
      const isRequest = typeof input === "object" && "method" in input;
      const method = `${init?.method ?? (isRequest ? input.method : "GET")}`.toUpperCase();
      if (method !== "GET" && method !== "HEAD") return false;
      const given = isRequest ? input.url : `${input?.href ?? input}`.trim();
      const url = new URL(/^\/(?!\/)/.test(given) ? this.#base.href.replace(/\/$/, "") + given : given, this.#base);
      if (url.origin !== this.#base.origin || !url.pathname.startsWith(this.#base.pathname)) return false;
      const path = url.pathname.slice(this.#base.pathname.length).toLowerCase();
      // Servers may read more into what is encoded, doubled or has parameters than is written there.
      if (/%(2e|2f|5c|25)|\\|\/\/|(^|\/)\.\.?(;|\/|$)|;/.test(path) || byContext.test(path)) return false;
      return this.#prefixes.some((prefix) => `${path}/`.startsWith(prefix));
    } catch {
      return false;
    }
  }
}
