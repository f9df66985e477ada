/** Throws a `SessionError`, which is told from others by its name, by `instanceof` too: an entry has no copy of the class. */
export function fail(code, message, more) {
  throw Object.assign(new Error(message), { name: "SessionError", code, retryable: false, ...more });
}

export const check = (field, isGood) => isGood || fail("invalid_argument", `${field} is not valid`, { field });

export const isText = (it, form = /\S/) => typeof it === "string" && form.test(it);
export const isObject = (it) => Object(it) === it;

/** A part of a path. Two dots lead out of it, however they are escaped. */
export const segment = (field, value) => check(field, isText(value, /[^.\s]/)) && encodeURIComponent(value);

