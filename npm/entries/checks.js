/**
 * Throws a `SessionError`, which is told from others by its name, by `instanceof` too: an entry has no copy of the class. The codes of
 * what passes come late in the alphabet: network, protocol, rate_limited, server, timeout. `more` tells where another that comes late does not.
 */
export function fail(code, message, more) {
  throw Object.assign(Error(message), { name: "SessionError", code, retryable: code > "m", ...more });
}

/** What `work` makes of what is given, which may be anything: where it makes nothing, or throws, that is not valid. */
export function check(field, work) {
  try {
    const made = work();
    if (made) return made;
  } catch {}
  fail("invalid_argument", field + " is not valid", { field });
}

/** The session's snapshot. */
export const checkSession = (session) => check("session", () => session.tenant && session.getSnapshot());

/** What is given under the names of these tests, each read once. */
export function read(given, tests) {
  const found = {};
  for (const field in tests) check(field, () => tests[field]((found[field] = given?.[field])));
  return found;
}

/** No more than an address can hold, and no half of a character, which would be sent as another: it throws. */
export const isText = (it, form = /\S/) => typeof it === "string" && !it[8192] && encodeURIComponent(it) && form.test(it);
export const isMaybe = (it, form) => it == null || isText(it, form);
export const isObject = (it) => typeof it === "object" && it && !Array.isArray(it);

/** A part of a path. Two dots lead out of it, however they are escaped. */
export const segment = (field, value) => check(field, () => isText(value, /[^.\s]/) && encodeURIComponent(value));
