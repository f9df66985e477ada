/** Who sent a request: his session, and what the answer must send. */
export class Visitor {
  #stored;
  #shared;
  #cookie;

  constructor(session, { stored, shared, cookie }) {
    this.session = session;
    this.#stored = stored;
    this.#shared = shared;
    this.#cookie = cookie;
  }

  /** The answer's `Set-Cookie`, if it must have one: what is not stored is never told. */
  get setCookie() {
    return this.#stored.cookie(this.#cookie);
  }

  /** Resolves when all that this request began has ended and is stored. */
  settled = async () => {
    await Promise.all([this.#stored.settled(), this.#shared.settled()]);
  };
}
