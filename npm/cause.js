/**
 * A stranger's error as the cause of ours: name, code and message, without what may be a secret (a request's text and
 * address hold passwords and tokens). It may be anything that can be thrown.
 */
export function redacted(it, depth = 4) {
  try {
    const { name = "Error", message = it, code, cause } = Object(it);
    const error = new Error(clean(`${message ?? ""}`), depth && cause && { cause: redacted(cause, depth - 1) });
    for (const [field, value] of Object.entries({ name, code })) if (/^[A-Z]\w{0,40}$/.test(value)) error[field] = value;
    error.stack = `${error}`;
    return error;
  } catch {
    return new Error();
  }
}

/** Whether it is the code that is wrong. For a line that is bad `fetch` has a TypeError as well. */
export const isBug = ({ name, message }) =>
  /^(Reference|Syntax|Range)/.test(name) || (name === "TypeError" && /^can('t|not) |\bis (undefined|null|not (a|iter))/i.test(message));

/** Without quoted texts, what follows the path of an address, e-mail addresses, credentials, and what looks like a token. */
const clean = (text) =>
  text
    .slice(0, 5_000)
    .replace(/"(\\.|[^"\\])*"?|\B'(\\.|[^'\\])*'/g, '"…"')
    .replace(/[?#]\S+/g, "?…")
    .replace(/\S+@\S+|(bearer|basic) \S+|[\w+=~-]{24,}/gi, "…")
    .slice(0, 500);
