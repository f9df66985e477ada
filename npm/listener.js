import { isFunction } from "./options.js";
import { check } from "./session-error.js";

/**
 * What hears for a listener: everything, or the events of one type. It throws nothing. A function of its own each time: whoever
 * subscribes twice hears twice, and ends one at a time.
 */
export function hearingFor(listener, type) {
  check("listener", isFunction(listener), "a function");
  return (event) => {
    try {
      if (!type || type === event.type) listener(event);
    } catch (error) {
      (globalThis.reportError ?? console.error)(error);
    }
  };
}
