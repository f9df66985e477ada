/**
 * What the WebAssembly waits for, and how long. Timers are bounds only: tests replace them by clocks that stand still, so
 * nothing may need one to go on. And none of them keeps a process alive, but those that a caller waits for: where nothing
 * else is open, Node.js would end with his promise unsettled.
 */

/** What a promise comes to, for those who look at it: 0 while it is open, 1 when it is kept, 2 when it is broken. */
export class Answer {
  state = 0;

  constructor(promise, tell) {
    const settle = (state) => (value) => {
      this.value = value;
      this.state = state;
      tell();
    };
    this.settled = promise.then(settle(1), settle(2));
  }

  forget() {}

  /** Calls `run` once whoever calls now has returned. */
  static soon(run) {
    Promise.resolve().then(run);
  }
}

/** A field that is there, of an object: a text has a `length`, and that is nobody's. A getter may throw. */
export function field(object, name) {
  if (typeof object === "object") return attempt(() => object[name]) ?? undefined;
}

export function attempt(work) {
  try {
    return work?.();
  } catch {}
}

/** A clock that tells a moment which dates know: the machine's, where the one that is given throws or tells something else. */
export const clockOf = (given) => () => {
  // Each call for a token at hand asks it.
  const time = given && attempt(given);
  return typeof time === "number" && time >= 0 && time <= 8.64e15 ? time : Date.now();
};

/** Nobody waits for this promise, if it is one. */
export const unheard = (it) => attempt(() => it?.catch?.(() => {}));

/** Browsers take the time as a signed 32-bit number and ring at once beyond it. */
export const longest = 2 ** 31 - 1;

/** A page that is prerendered has not begun for its visitor: until it is shown, no waiting counts. */
export const shown = () =>
  attempt(() => document.prerendering) &&
  new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));

/** Calls `ring` after that time; gives the function that sees to it that it does not. `isAwaited`: a process does not end before. */
export function after(time, ring, isAwaited) {
  let timer;
  const start = () => {
    if (timer === null) return;
    timer = setTimeout(ring, Math.min(time, longest));
    isAwaited || timer?.unref?.();
  };
  const waiting = shown();
  if (waiting) waiting.then(start);
  else start();
  return () => {
    clearTimeout(timer);
    timer = null;
  };
}

/** The work's outcome; rejected when it is not there in time. */
export function inTime(patience, work) {
  return new Promise((resolve, reject) => {
    const cancel = after(patience, reject, true);
    (async () => work())()
      .finally(cancel)
      .then(resolve, reject);
  });
}

/** A task of its own, which comes as soon as it can, in a hidden page too. */
export const nextTask = () =>
  new Promise((resolve) => {
    const channel = attempt(() => new MessageChannel());
    if (!channel) return after(0, resolve);
    const { port1, port2 } = channel;
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
