import { attempt, longest } from "./answer.js";
import { placeOf } from "./place.js";
import { check } from "./session-error.js";

export const isText = (it) => typeof it === "string";
export const isFlag = (it) => typeof it === "boolean";
const isObject = (it) => typeof it === "object" && it !== null;
/** What is given under a name; what throws there is nothing that anybody takes. */
export const read = (it, name) => (attempt(() => [it?.[name]]) ?? [NaN])[0] ?? undefined;
export const oneOf = (words) => (it) => words.split(" ").includes(it);
export const isFunction = (it) => typeof it === "function";
const defaultApiUrl = "https://api.emporix.io";

/**
 * What `open` is given, checked before anything is loaded, with the defaults in place, so that equal ones look equal. And the record's key.
 * What each must be is said in words by `expected.js`.
 */
export function readOptions(given) {
  check("options", isObject(given));
  const options = { place: placeOf(globalThis) };
  const names = "tenant clientId apiUrl context storage timeoutMs now fetch wasm mergeCart company debug";
  for (const name of names.split(" ")) options[name] = read(given, name);
  const { tenant, clientId, apiUrl = defaultApiUrl, context = {}, storage = "local", timeoutMs = 15_000 } = options;
  const { now, fetch, mergeCart = false, company = "none", wasm = "", debug } = options;
  const address = addressOf(apiUrl);
  const isGood = {
    // `^[a-z][a-z0-9]+$`, 3 to 16 characters: customer service's specification, parameter `tenant`.
    tenant: isText(tenant) && /^[a-z][a-z0-9]{2,15}$/.test(tenant),
    clientId: isText(clientId) && /\S/.test(clientId),
    apiUrl: address,
    context: isObject(context),
    storage: isObject(storage)
      ? "getItem setItem removeItem".split(" ").every((name) => isFunction(read(storage, name)))
      : oneOf("local session memory")(storage),
    timeoutMs: typeof timeoutMs === "number" && timeoutMs >= 1 && timeoutMs <= longest,
    now: isFunction(now ?? check),
    fetch: isFunction(fetch ?? check),
    mergeCart: isFlag(mergeCart),
    company: oneOf("restore only none")(company),
    wasm: isText(wasm) || isObject(wasm),
    debug: debug === true || isFunction(debug || check),
  };
  const texts = {};
  for (const name of "currency siteCode language targetLocation".split(" ")) {
    texts[name] = read(context, name);
    isGood[`context.${name}`] = isText(texts[name] ?? "");
  }
  for (const name in isGood) check(name, isGood[name]);
  // As `Platform::record_key` has it: with the address where that is not the default one.
  const key = `storefront-session:${tenant}:${clientId}${address === defaultApiUrl ? "" : `:${address}`}`;
  return { ...options, mergeCart, company, apiUrl: address, context: texts, storage: areaOf(storage, options.place), timeoutMs, key };
}

/** Where the record is kept. A server has no storage that is its visitor's own, and a page's own is known by its name. */
function areaOf(storage, place) {
  if (place === "server") return isObject(storage) ? storage : "memory";
  const isOwn = (area) => attempt(() => globalThis[`${area}Storage`] === storage);
  // A page that touches its storage waits for it.
  return (isObject(storage) && ["local", "session"].find(isOwn)) || storage;
}

/** The address as `URL` spells it, without a dot after the host and slashes at the end; nothing where it cannot serve. */
export const addressOf = (given) =>
  attempt(() => {
    const text = isText(given) ? given : given.href;
    // `URL` makes something of these, and something else than was meant.
    if (!/^https?:\/\/[^/.:\\?#@\0- ][^\\?#@\0- ]*$/i.test(text)) return;
    const url = new URL(text);
    url.hostname = url.hostname.replace(/\.$/, "");
    return /\.(\.|$)/.test(url.hostname) ? undefined : url.href.replace(/\/+$/, "");
  });
