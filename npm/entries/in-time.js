import { fail } from "./checks.js";

/**
 * What `work` comes to, which is given a signal, or a typed error after that time: who works may not listen. A signal of
 * `AbortSignal.timeout` keeps no process of Node.js alive; this timer does.
 */
export function inTime(timeoutMs, work) {
  const end = new AbortController();
  const settled = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(end.abort()), timeoutMs);
    work(end.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
  return settled.catch((error) => {
    if (error?.name === "SessionError") throw error;
    fail(end.signal.aborted ? "timeout" : "network", "no answer");
  });
}
