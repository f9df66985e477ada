/** Settles as `promise` does, or is rejected with `reason(signal)` when the signal fires first. */
export function unless(signal, promise, reason) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(reason(signal));
    const forget = () => signal.removeEventListener("abort", abort);
    promise.then(resolve, reject).then(forget);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}

/** The time that timers take at the most; they ring at once beyond it. */
export const longest = 2 ** 31 - 1;
