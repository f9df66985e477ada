import { attempt, longest } from "./answer.js";
import { placeOf } from "./place.js";
import { check } from "./session-error.js";

export const isText = (it) => typeof it === "string";
const isObject = (it) => typeof it === "object" && it !== null;
/** What is given under a name; what throws there is nothing that anybody takes. */
export const read = (it, name) => (attempt(() => [it?.[name]]) ?? [NaN])[0] ?? undefined;
export const isFunction = (it) => typeof it === "function";
const defaultApiUrl = "https://api.emporix.io";

/**
 * What `open` is given, checked before anything is loaded, with the defaults in place, so that equal ones look equal. And the record's key.
 */
export function readOptions(given) {
  check("options", isObject(given), "an object");
  const options = { place: placeOf(globalThis) };
  const names = "tenant clientId apiUrl context storage timeoutMs now fetch wasm mergeCart company debug";
  for (const name of names.split(" ")) options[name] = read(given, name);
  const { tenant, clientId, apiUrl = defaultApiUrl, context = {} } = options;
  const { storage = "local", timeoutMs = 15_000, wasm = "" } = options;

  // `^[a-z][a-z0-9]+$`, 3 to 16 characters: customer service's specification, parameter `tenant`.
  const isTenant = isText(tenant) && /^[a-z][a-z0-9]{2,15}$/.test(tenant);
  check("tenant", isTenant, "3 to 16 lower-case letters and digits, a letter first");
  check("clientId", isText(clientId) && /\S/.test(clientId), "a text that is not empty");

  const address = addressOf(apiUrl);
  check("apiUrl", address, "an http or https URL without credentials, query, fragment");

  check("context", isObject(context), "an object");
  const texts = {};
  for (const name of "currency siteCode language targetLocation".split(" ")) {
    texts[name] = read(context, name);
    check(`context.${name}`, isText(texts[name] ?? ""), "a text");
  }

  const isStorage = isObject(storage)
    ? ["getItem", "setItem", "removeItem"].every((name) => isFunction(read(storage, name)))
    : ["local", "session", "memory"].includes(storage);
  check("storage", isStorage, `"local", "session", "memory" or an object with getItem, setItem, removeItem`);

  const isTime = typeof timeoutMs === "number" && timeoutMs >= 1 && timeoutMs <= longest;
  check("timeoutMs", isTime, "milliseconds, 1 to 2147483647");

  for (const name of ["now", "fetch"]) check(name, isFunction(options[name] ?? check), "a function");
  const { mergeCart = false, company = "none", debug } = options;
  check("mergeCart", typeof mergeCart === "boolean", "true or false");
  check("debug", debug === true || isFunction(debug || check), "true or a function");
  check("company", ["restore", "only", "none"].includes(company), `"restore", "only" or "none"`);
  check("wasm", isText(wasm) || isObject(wasm), "an address, bytes or a module");
  // As `Platform::record_key` has it: with the address where that is not the default one.
  const key = `storefront-session:${tenant}:${clientId}${address === defaultApiUrl ? "" : `:${address}`}`;
  return { ...options, mergeCart, company, apiUrl: address, context: texts, storage: areaOf(storage, options.place), timeoutMs, key };
}

/** Where the record is kept. A server has no storage that is its visitor's own, and a page's own is known by its name. */
function areaOf(storage, place) {
  if (place === "server") return isObject(storage) ? storage : "memory";
  const isOwn = (name) => {
    try {
      return globalThis[name] === storage;
    } catch {}
  };
  // A page that touches its storage waits for it.
  return (isObject(storage) && ["local", "session"].find((area) => isOwn(`${area}Storage`))) || storage;
}

/** The address as `URL` spells it, without a dot after the host and slashes at the end; nothing where it cannot serve. */
export function addressOf(given) {
  try {
    const text = isText(given) ? given : given.href;
    // `URL` makes something of these, and something else than was meant.
    if (!/^https?:\/\/[^/.:\\?#@\0- ][^\\?#@\0- ]*$/i.test(text)) return;
    const url = new URL(text);
    url.hostname = url.hostname.replace(/\.$/, "");
    return /\.(\.|$)/.test(url.hostname) ? undefined : url.href.replace(/\/+$/, "");
  } catch {}
}
