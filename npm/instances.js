import { readOptions } from "./options.js";
import { retried } from "./retried.js";
import { check } from "./session-error.js";
import { Manager } from "./session-manager.js";

const instances = new Map();
const numbers = new WeakMap();
let count = 0;
const loadDebug = retried(() => import("./debug.js"), "watch");
const loadExpected = retried(() => import("./expected.js"), "expected");

/**
 * Opens a session of the class given. In one page the same options give the same instance, counted, so that a component
 * which is mounted twice has one session. On a server each visitor must have an instance of his own.
 */
export async function open(Class, locate, given) {
  let options;
  try {
    options = readOptions(given);
  } catch ({ field }) {
    // Words are loaded where they are needed. Without them it is still told which option it is.
    const words = await loadExpected().catch(() => {});
    check(field, false, words?.expected[field] ?? "something else");
  }
  const begin = async (release) => {
    const manager = new Class(options, locate, release);
    if (options.debug) await loadDebug().then((it) => it.watch(manager, options, instances)).catch(() => {});
    return options.start();
  };
  if (options.place !== "page") return begin(() => true);

  const key = keyOf(options);
  let instance = instances.get(key);
  if (!instance) {
    instances.set(key, (instance = { count: 0 }));
    instance.session = begin(() => !--instance.count && instances.delete(key));
    instance.session.catch(() => instances.delete(key));
  }
  instance.count += 1;
  return instance.session;
}

function keyOf({ context, debug, ...options }) {
  // In the order of `readOptions`, which leaves none out.
  return JSON.stringify(Object.values({ ...options, ...context }).map(nameOf));
}

/** A name that tells values apart: functions and objects are the same when they are one. */
function nameOf(value) {
  if (Object(value) !== value) return `${typeof value} ${value}`;
  if (!numbers.has(value)) numbers.set(value, ++count);
  return numbers.get(value);
}

export { Manager };
