const told = new Set();
let isDead = false;

/**
 * The module's exports, with a watch on each. Whatever comes out of one as an exception, a trap or a throw of something
 * that was called from inside, has left the module's memory in a state that makes no sense: none of its promises will
 * settle, and a lock may be in its hand. The build puts this between the exports and the glue that calls them, and tells
 * which of them are `callbacks`.
 */
export function guard(exports, callbacks) {
  const guarded = { __proto__: null };
  for (const [name, value] of Object.entries(exports)) {
    guarded[name] = typeof value === "function" ? watched(value, callbacks.includes(name)) : value;
  }
  return guarded;
}

function watched(call, isCallback) {
  return (...values) => {
    try {
      return call(...values);
    } catch (error) {
      trapped(error);
      // A callback's caller is a promise, a timer or an event: nobody who could do anything. The glue reads an array.
      if (isCallback) return [];
      throw error;
    }
  };
}

/** The module has failed: all who use it are told, and the next call begins with an instance of its own. */
function trapped(error) {
  isDead = true;
  for (const tell of [...told]) tell(error);
}

/** Calls `tell` when the module has failed, until the function that is returned is called. */
export function onTrap(tell) {
  told.add(tell);
  return () => told.delete(tell);
}

/** Whether the module has failed since this was asked for the last time. */
export function wasTrapped() {
  const answer = isDead;
  isDead = false;
  return answer;
}
