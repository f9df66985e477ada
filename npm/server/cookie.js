import { createHash, randomBytes } from "node:crypto";

import { check } from "../session-error.js";

/** Browsers keep a cookie no longer; how long a session lasts is the store's affair. */
const longestAge = 400 * 24 * 3600;

/** A name has 256 random bits. */
const form = /^[\w-]{43}$/;

export const freshName = () => randomBytes(32).toString("base64url");

/** What a session is stored under: who can read the store learns no name. */
export const hashOf = (name) => createHash("sha256").update(name).digest("hex");

/** How the cookie is read and written, by the option `cookie`. */
export class Cookie {
  #name;
  #attributes;
  #maxAge;

  constructor(given = {}) {
    const option = (field, isGood, expected) => {
      check(`cookie.${field}`, isGood, expected);
    };
    check("cookie", typeof given === "object" && given !== null, "an object");
    const { secure = true, sameSite = "Lax", maxAge = longestAge } = given;
    option("secure", typeof secure === "boolean", "true or false");
    const { name = secure ? "__Host-storefront-session" : "storefront-session" } = given;
    option("name", typeof name === "string" && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name), "a cookie's name");
    option("name", secure || !/^__(Host|Http|Secure)-/i.test(name), "without the prefix of a secure cookie where secure is false");
    const policy = typeof sameSite === "string" && /^(lax|strict|none)$/i.exec(sameSite)?.[1].toLowerCase();
    option("sameSite", policy, `"Lax", "Strict" or "None"`);
    option("sameSite", secure || policy !== "none", `"Lax" or "Strict" where secure is false`);
    option("maxAge", Number.isInteger(maxAge) && maxAge > 0, "a number of seconds");
    this.#name = name;
    this.#maxAge = Math.min(maxAge, longestAge);
    const words = ["Path=/", "HttpOnly", secure && "Secure", `SameSite=${policy[0].toUpperCase()}${policy.slice(1)}`];
    this.#attributes = words.filter(Boolean).join("; ");
  }

  /** The names that a cookie header holds, each once. What does not have a name's form names nothing. */
  read(header) {
    const names = new Set();
    for (const pair of header.split(";")) {
      const at = pair.indexOf("=");
      if (pair.slice(0, at).trim() !== this.#name) continue;
      const value = pair.slice(at + 1).trim().replace(/^"(.*)"$/, "$1");
      if (form.test(value)) names.add(value);
    }
    return [...names];
  }

  /** What makes the browser keep this name. */
  set(name) {
    return `${this.#name}=${name}; Max-Age=${this.#maxAge}; ${this.#attributes}`;
  }

  /** What makes the browser forget it: by `Expires` too, because Next.js writes headers anew without a Max-Age of zero. */
  clear() {
    return `${this.#name}=; Max-Age=0; Expires=${new Date(0).toUTCString()}; ${this.#attributes}`;
  }
}
