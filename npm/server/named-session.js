import { SessionError } from "../session-error.js";
import { StoredSession } from "./stored-session.js";

/** The store is asked for no more names of one header: whoever sends them costs himself a session, and the store nothing. */
const most = 8;

/** The session that a cookie names: which of several names it is, or a fresh one, is known when the store has answered. */
export class NamedSession extends StoredSession {
  #names;
  #sent;
  #begins = false;
  #hasEnded = false;

  constructor(host, names) {
    super(host, names.length === 1 ? host.placeOf(names[0]) : host.freshPlace());
    this.#names = this.#sent = names;
  }

  /** Whether a request must be this visitor's own: he has a session, or whether he has is not known. */
  get hasToBe() {
    return !this.isOver && (this.#begins || this.hasBegun || this.#names.length > 0);
  }

  /** What the browser must be told: a name that it has not sent, or that the one it sent is over. */
  cookie(cookie) {
    if (this.isOver) return undefined;
    if (this.isStored) return this.#sent.includes(this.place.name) ? undefined : cookie.set(this.place.name);
    return this.#hasEnded && this.#sent.length > 0 ? cookie.clear() : undefined;
  }

  async find() {
    if (!this.#names.length) return this.#begins || this.isStored ? super.find() : undefined;
    const { host } = this;
    const isFlood = this.#names.length > most;
    const places = (isFlood ? [] : this.#names).map((name) => (name === this.place.name ? this.place : host.placeOf(name)));
    const found = await Promise.all(places.map(({ key }) => host.records.read(key)));
    const known = places.filter((_, index) => found[index]);
    this.#names = [];
    // Whose of two sessions this request is cannot be told; and somebody may have planted one.
    if (known.length > 1 || isFlood) {
      const message = `the cookie header names ${isFlood ? "too many" : "two"} sessions`;
      this.refuse(new SessionError({ code: "invalid_argument", field: "cookie", message }));
    }
    if (known.length === 1) {
      [this.place] = known;
      return found[places.indexOf(this.place)];
    }
    // A name that leads nowhere is never taken over.
    this.place = host.freshPlace();
  }

  async operate(method, ...asked) {
    this.#begins = true;
    const value = await super.operate(method, ...asked);
    this.#hasEnded = method === "logout";
    return value;
  }
}
