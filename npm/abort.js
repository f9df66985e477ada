const heard = new WeakMap();

/**
 * Calls `react` when the signal fires, until the function that is returned is called. All who wait for one signal share
 * one listener, because engines take many for a leak; none stays where nobody waits.
 */
export function onAbort(signal, react) {
  let all = heard.get(signal);
  if (!all) {
    heard.set(signal, (all = new Set()));
    all.tell = () => all.forEach((react) => react());
  }
  const { tell } = all;
  all.add(react);
  // Once more is no other listener.
  signal.addEventListener("abort", tell);
  return () => {
    all.delete(react);
    if (!all.size) signal.removeEventListener("abort", tell);
  };
}

/** Settles as `promise` does, or is rejected with `reason(signal)` when the signal fires first. */
export function unless(signal, promise, reason = ({ reason }) => reason) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(reason(signal));
    const forget = signal.aborted ? abort() : onAbort(signal, abort);
    Promise.resolve(promise).then(resolve, reject).then(forget);
  });
}
