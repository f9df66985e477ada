import { seconds, target } from "./lines.js";
import { tellEvent, whoIs } from "./told-events.js";
import { tellWaiting } from "./told-lock.js";
import { ToldRecord } from "./told-record.js";
import { tellRequest, tellingRefusals } from "./told-requests.js";

/** Enough of the hash that a session is stored under. */
export const shownId = ({ id }) => id.slice(0, 8);

/** A session whose record is in a store, as one host sees it: what it finds, adopts, asks for and stores. */
export class WatchedSession {
  #options;
  #told;
  /** Whether it is still to be told whom the name of a request leads to. */
  #isVisit = false;

  constructor(lines, options) {
    this.lines = lines;
    this.#options = options;
    this.#told = new ToldRecord(lines, options.now);
    /** `fetch` for what the application asks of the platform. */
    this.send = tellingRefusals(lines, options, () => {});
  }

  // What is found

  /** A request came with so many names. */
  visits(count) {
    this.#isVisit = count > 0;
    if (!count) this.#visit("no name: a session begins with the first call that is the visitor's own");
  }

  #visit(text) {
    this.#isVisit = false;
    this.lines.add("visit", text);
  }

  /** What was found for the first time, and whose that is. */
  found({ isReplaced, snapshot, isStored }) {
    if (!this.#isVisit) return;
    if (isReplaced) this.#visit("a name that was replaced at a login: what is not for everybody is rejected with aborted");
    else if (isStored) this.#visit(whoIs(snapshot));
    else this.#visit("a name that leads nowhere: a session under a fresh one begins with the first call that is the visitor's own");
  }

  /** It cannot be told whose session this is. */
  refused({ code, message }) {
    if (this.#isVisit) this.#visit(`nobody can be told: ${message} (${code})`);
  }

  /** It is not known what is stored. */
  notRead({ code, message }) {
    this.lines.add("record", `not read: ${message} (${code})`);
  }

  /** What this host or another has stored is in force. */
  took(text, isOurs) {
    if (text) this.#told.see(text, isOurs ? "another request of this host has stored" : "another host or request has stored");
    else this.#told.forget();
  }

  /** It has gone on under another name, or has ended. */
  ended() {
    if (this.#told.isKnown) this.lines.add("record", "the name leads nowhere any more, after a login or a logout elsewhere: calls are rejected with aborted");
    this.#told.forget();
  }

  event(event) {
    // Whose session a request has is no change of it.
    if (!this.#isVisit) tellEvent(this.lines, event);
  }

  // What is decided

  /** The shared guest's token is used in the place of one of his own. */
  shares(input, init) {
    this.lines.add("visit", `${target(input, init, this.#options.apiUrl)} is read with the shared guest's token: the visitor has no session`);
  }

  /** The platform is left in peace. */
  spared({ code, retryAfterMs }) {
    this.lines.add("request", `no renewal for ${seconds(retryAfterMs)}, because the last one failed with ${code}`);
  }

  // One operation

  /** A turn that tells how the lease was had, and what was found and stored under it. */
  turn(turn) {
    const { lines } = this;
    const told = this.#told;
    const { lock, write } = turn;
    let last;
    turn.lock = async (patience) => {
      const waiting = tellWaiting(lines, patience, () => turn.holder);
      let held;
      try {
        held = await lock.call(turn, patience);
      } catch (error) {
        if (!turn.hasEnded) waiting.refused(turn.isGone || turn.trouble ? `: ${whyNot(turn)}` : undefined);
        throw error;
      } finally {
        waiting.isOver();
      }
      // One that was reserved is told already.
      if (held !== last) {
        waiting.granted();
        this.#tellRelease(held, turn);
      }
      last = held;
      told.see(turn.seen?.text, "another host or request has stored");
      return held;
    };
    turn.write = async (text) => {
      const begin = lines.clock();
      const { record, what, isNote } = told.next(text);
      const former = turn.place;
      try {
        await write.call(turn, text);
      } catch (error) {
        lines.add("record", `not stored (${whyNot(turn)}): ${what}`);
        throw error;
      }
      told.keep(record);
      if (!isNote) turn.granted = undefined;
      const renamed = turn.place === former ? "" : ` under a fresh name, ${shownId(turn.place)}; the former is known as replaced for a minute`;
      lines.end("store", "record", turn.hasEnded ? `removed: ${what}` : `stored as revision ${record.revision}: ${what}${renamed}`, begin);
    };
    return turn;
  }

  #tellRelease(held, turn) {
    const begin = this.lines.clock();
    const { release } = held;
    held.release = () => {
      const { granted } = turn;
      if (granted) this.lines.add("record", `the answer to ${granted} was not stored: it came too late, or for somebody else`);
      turn.granted = undefined;
      if (!held.isReleased) this.lines.end("lock", "lock", "released", begin);
      release();
    };
  }

  /** What the WebAssembly asks for in a turn, by one of its methods: why it asks, and what comes of it. */
  services(services, turn, method) {
    const { send, mayAsk } = services;
    const state = { isCalled: (name) => name === method, refused: method === "tokenInstead" };
    const granted = (what) => (turn.granted = what);
    let isAsked;
    services.mayAsk = (request) => (isAsked = mayAsk.call(services, request));
    services.send = (request, keepalive) => {
      const answer = send.call(services, request, keepalive);
      const { apiUrl } = this.#options;
      if (request && isAsked) tellRequest(this.lines, this.#told, { request, answer, apiUrl, state, granted });
      else if (request) this.lines.add("request", `${target(request, undefined, apiUrl)} is not sent: the lease is over, or the store does not answer`);
      return answer;
    };
    return services;
  }
}

function whyNot({ isGone, isOvertaken, trouble }) {
  if (isGone) return "the name leads nowhere any more";
  if (isOvertaken) return "another host has stored something, or the lease is over";
  return trouble?.message ?? "nobody waits for the answer, who would be told the new name";
}
