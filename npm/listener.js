import { isFunction } from "./options.js";
import { check } from "./session-error.js";

/**
 * What hears for a listener: everything, or the events of one type. A function of its own each time: whoever subscribes twice
 * hears twice, and ends one at a time.
 */
export function hearingFor(listener, type) {
  check("listener", isFunction(listener), "a function");
  return (event) => (type ?? event.type) === event.type && listener(event);
}
