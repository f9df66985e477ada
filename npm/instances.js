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
    const { expected = {} } = await loadExpected().catch(() => ({}));
    check(field, false, expected[field] ?? "something else");
  }
  const begin = async (release) => {
    const manager = new Class(options, locate, release);
    if (options.debug) await loadDebug().then((it) => it.watch(manager, options, instances)).catch(() => {});
    return manager.start();
  };
  if (options.place !== "page") return begin(() => true);

  const key = keyOf(options);
  const known = instances.get(key);
  if (known) {
    known.count += 1;
    return known.session;
  }
  const instance = { count: 1 };
  const release = () => !--instance.count && instances.delete(key);
  instance.session = begin(release);
  instances.set(key, instance);
  instance.session.catch(() => instances.delete(key));
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
