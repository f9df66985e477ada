/**
 * What becomes of a call of `session.fetch` that the platform has refused with 401. `session` is asked for another token,
 * `tokenInstead(token, identity, method, path)`, told where that is refused too, `refusedAgain(method, path)`, and has the
 * tokens of a `checkout()`.
 */
export class Refusals {
  #session;
  /** Which token was got for an endpoint by a call that could not be repeated: nobody has tried it there. */
  #untried = new Map();

  constructor(session) {
    this.#session = session;
  }

  /** The token, and for a checkout the saas token, to repeat the call with; nothing where the refusal is the caller's or the call can be sent once only. */
  async instead(grant, method, address, isOnce, isCheckout) {
    const { token, identity } = grant;
    if (this.#untried.get(nameOf(method, address)) === token) {
      this.forget(grant, method, address);
      this.again(grant, method, address);
    }
    const other = await this.#session.tokenInstead(token, identity, method, pathOf(address));
    if (isOnce && other) this.#untried.set(nameOf(method, address), other);
    if (isOnce || !other) return;
    return isCheckout ? this.#session.checkout() : { token: other };
  }

  /** The endpoint has refused a token too that was got for it. */
  again(grant, method, address) {
    this.#session.refusedAgain(method, pathOf(address));
  }

  /** The endpoint has taken a token. */
  forget(grant, method, address) {
    if (this.#untried.size) this.#untried.delete(nameOf(method, address));
  }
}

const pathOf = (address) => new URL(address).pathname;
const nameOf = (method, address) => `${method} ${pathOf(address)}`;
