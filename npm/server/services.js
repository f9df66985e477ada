import { Answer, after } from "../answer.js";
import { Page } from "../page.js";

/** Requests that change no tokens. */
const harmless = /\/(validateauthtoken|logout)(\?|$)|\/(customer-management|cart|session-context)\/|\/me$/;

/**
 * What the WebAssembly needs of a page, on a server: the record is where hosts share it, and so is the lock. There is nobody to
 * announce anything to, and nothing is waited for in the background: no host is told, none wakes up.
 */
export class Services extends Page {
  #turn;
  #run;

  constructor(turn, { now, fetch }, life, run) {
    super(turn.place.key, "memory", { now, fetch, place: "server" }, life, run);
    this.#turn = turn;
    this.#run = run;
  }

  #answer(promise) {
    return new Answer(promise, () => this.#run());
  }

  listen() {}
  announce() {}
  wakeAfter() {}

  close() {
    this.#run = () => {};
    super.close();
  }

  /** A token is asked for only where its answer can be stored. */
  mayAsk(request) {
    if (!request || harmless.test(request.url)) return true;
    const is = this.#turn.mayAsk;
    this.#turn.hasAsked ||= is;
    return is;
  }

  send(request, keepalive) {
    if (!this.mayAsk(request)) return this.#answer(Promise.resolve());
    const answer = super.send(request, keepalive);
    this.#turn.track(answer.settled);
    return answer;
  }

  read() {
    return this.#answer(Promise.resolve(this.#turn.read()));
  }

  readNow() {}
  writeNow() {}

  /** Rejected with nothing: it is never full. What cannot be stored is told by the turn. */
  write(_, text) {
    const written = this.#turn.track(this.#turn.write(text));
    return this.#answer(written.catch(() => Promise.reject(undefined)));
  }

  /** The store has one order for all. */
  publish() {
    return this.#answer(Promise.resolve());
  }

  pause() {
    return this.#answer(new Promise((resolve) => after(10, resolve)));
  }

  /** Whose lease has run out is gone, or can store nothing any more: nobody has rivals. */
  lock(patience) {
    const locked = this.#turn.track(this.#turn.lock(patience));
    return this.#answer(locked.then(({ release }) => ({ release, rivals: 0 }), () => {}));
  }
}
