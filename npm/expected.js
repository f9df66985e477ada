/** What each option must be, in words: loaded when one of them is something else. */

const text = "a text";

export const expected = {
  options: "an object",
  tenant: "3 to 16 lower-case letters and digits, a letter first",
  clientId: "a text that is not empty",
  apiUrl: "an http or https URL without credentials, query, fragment",
  context: "an object",
  "context.currency": text,
  "context.siteCode": text,
  "context.language": text,
  "context.targetLocation": text,
  storage: `"local", "session", "memory" or an object with getItem, setItem, removeItem`,
  timeoutMs: "milliseconds, 1 to 2147483647",
  now: "a function",
  fetch: "a function",
  mergeCart: "true or false",
  debug: "true or a function",
  company: `"restore", "only" or "none"`,
  wasm: "an address, bytes or a module",
};
