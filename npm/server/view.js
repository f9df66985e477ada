import { eventTypes } from "../event-types.js";
import { hearingFor } from "../listener.js";
import { check } from "../session-error.js";

/** A session as one request sees it: the snapshot, with what is under way in it, and who hears of changes. */
export class View {
  #snapshot;
  #listeners = new Set();
  #underWay = [];
  #shown = new WeakMap();
  #isClosed = false;

  /** `snapshot` gives the session's own. */
  constructor(snapshot) {
    this.#snapshot = snapshot;
  }

  getSnapshot = () => this.#show(this.#snapshot());

  /** The snapshot with what is under way: the same object for the same. */
  #show(snapshot) {
    const busy = this.#underWay.at(-1);
    if (!busy) return snapshot;
    let shown = this.#shown.get(snapshot);
    if (shown?.busy !== busy) this.#shown.set(snapshot, (shown = Object.freeze({ ...snapshot, busy })));
    return shown;
  }

  /** The outcome of a work that somebody waits for: `busy` is its name. */
  async during(busy, work) {
    if (this.#isClosed) return work();
    this.#change(() => this.#underWay.push(busy));
    try {
      return await work();
    } finally {
      this.#change(() => this.#underWay.splice(this.#underWay.indexOf(busy), 1));
    }
  }

  #change(act) {
    const previous = this.getSnapshot();
    act();
    this.#tellAll({ ...this.#now("busy"), previous });
  }

  #now(type) {
    const snapshot = this.getSnapshot();
    return { type, reason: "requested", origin: "local", snapshot, previous: snapshot };
  }

  subscribe = (listener, options) => this.#listen(listener, options?.initial);

  on = (type, listener) => {
    check("type", eventTypes.split(" ").includes(type), `one of ${eventTypes}`);
    return this.#listen(listener, type === "initial", type);
  };

  #listen(listener, isInitial, type) {
    const hear = hearingFor(listener, type);
    this.#listeners.add(hear);
    if (isInitial) this.#tellAll(this.#now("initial"), [hear]);
    return () => void this.#listeners.delete(hear);
  }

  /** Tells an event of the session itself. */
  tell = ({ snapshot, previous, ...event }) => this.#tellAll({ ...event, snapshot: this.#show(snapshot), previous: this.#show(previous) });

  /** In a turn of its own, as in a page. Whose promise is rejected would end the process. */
  #tellAll(event, to = this.#listeners) {
    Object.freeze(event);
    to.forEach((hear) => Promise.resolve().then(() => this.#listeners.has(hear) && hear(event)).catch(console.error));
  }

  close() {
    this.#isClosed = true;
    this.#listeners.clear();
  }
}
