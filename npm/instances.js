import { Manager } from "./session-manager.js";

const instances = new Map();
const numbers = new WeakMap();

/**
 * Opens a session of the class given. In one window the same options give the same instance, counted, so that a
 * component which is mounted twice has one session. On a server each visitor must have an instance of his own.
 */
export function open(Class, locate, options) {
  const normal = options?.apiUrl instanceof URL ? { ...options, apiUrl: options.apiUrl.href } : { ...options };
  const given = typeof options === "object" && options !== null ? normal : options;
  const key = typeof window === "undefined" ? undefined : keyOf(given);
  if (key === undefined) return new Class(given, locate, () => true).start();

  const known = instances.get(key);
  if (known !== undefined) {
    known.count += 1;
    return known.session;
  }
  const instance = { count: 1 };
  const release = () => {
    instance.count -= 1;
    if (instance.count === 0) instances.delete(key);
    return instance.count === 0;
  };
  instance.session = new Class(given, locate, release).start();
  instances.set(key, instance);
  instance.session.catch(() => instances.delete(key));
  return instance.session;
}

function keyOf(options) {
  if (typeof options !== "object" || options === null) return undefined;
  const { tenant, clientId, apiUrl, context, storage, timeoutMs, now, fetch, wasm } = options;
  const { currency, siteCode, language, targetLocation } = context ?? {};
  const parts = [tenant, clientId, apiUrl, currency, siteCode, language, targetLocation, timeoutMs];
  return JSON.stringify([...parts, ...[storage, now, fetch, wasm].map(numberOf)]);
}

/** Functions and objects are the same when they are one. */
function numberOf(value) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
  if (!numbers.has(value)) numbers.set(value, { number: ++count });
  return numbers.get(value);
}
let count = 0;

export { Manager };
