import { onAbort } from "../abort.js";
import { after } from "../answer.js";
import { SessionError, closedError, timeoutError } from "../session-error.js";
import { silent, storageError } from "./records.js";
import { ended } from "./under-way.js";

/** The calls of one session: each settles whatever becomes of it, and what it has begun is kept in mind to its end. */
export class Calls {
  #session;
  #underWay = new Set();

  /** `session` has its `host` and its `place`. */
  constructor(session) {
    this.#session = session;
  }

  /** The outcome of `work`, which is given what says whether the call is still open. */
  call(work) {
    const session = this.#session;
    const { host } = session;
    let isSettled = false;
    return new Promise((resolve, reject) => {
      if (host.isClosed) return reject(closedError());
      host.latest.join(session);
      // It is said what was waited for.
      const late = () => (host.records.isWaitingFor(session.place.key) ? silent() : timeoutError());
      const cancel = after(host.options.timeoutMs, () => settle(reject)(late()), true);
      const forget = onAbort(host.closing, () => settle(reject)(closedError()));
      const settle = (how) => (value) => {
        cancel();
        forget();
        isSettled = true;
        how(value);
      };
      const begun = this.track((async () => work(() => !isSettled))());
      begun.then(settle(resolve), (error) => settle(reject)(asSessionError(error)));
    });
  }

  /** Keeps in mind what goes on. */
  track(promise) {
    const { host } = this.#session;
    const known = promise.then(() => {}, () => {}).then(() => {
      this.#underWay.delete(known);
      if (!this.#underWay.size) host.latest.leave(this.#session);
    });
    this.#underWay.add(known);
    host.track(known);
    return promise;
  }

  /** Resolves when all that was begun has ended. */
  settled() {
    return ended(this.#underWay, this.#session.host.options.timeoutMs);
  }
}

const asSessionError = (error) => (error instanceof SessionError ? error : storageError("the session failed", error));
