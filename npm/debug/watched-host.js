import { Lines } from "./lines.js";
import { warnOfAddress } from "./mistakes.js";
import { tellCalls } from "./told-calls.js";
import { WatchedSession, shownId } from "./watched-session.js";

/** What the option `debug` brings on a server: a line for each decision of this host. It changes nothing of a session. */
export class WatchedHost {
  #options;

  constructor(options) {
    this.#options = options;
    const lines = this.#linesOf(() => "");
    warnOfAddress(options.apiUrl, (text) => lines.add("warning", text));
  }

  #linesOf(visitor) {
    return new Lines(this.#options.debug, visitor);
  }

  /** The session whose token all share that have none of their own. */
  shared(stored) {
    stored.watched = new WatchedSession(this.#linesOf(() => "shared"), this.#options);
  }

  /** The session of a request that came with so many names. */
  visitor(stored, count) {
    const lines = this.#linesOf(() => shownId(stored.place));
    stored.watched = new WatchedSession(lines, this.#options);
    stored.watched.visits(count);
  }

  /** The calls of a session as the request sees it. */
  calls(session, { watched }) {
    tellCalls(session, watched.lines, this.#options.apiUrl);
  }
}
