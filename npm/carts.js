/** The visitor's cart: which it is, and that what a guest has put into his is in the customer's after the login. */

const isText = (it) => typeof it === "string" && /\S/.test(it);
const nonsense = () => ({ code: "protocol", message: "the platform's answer makes no sense", retryable: true });

export class Carts {
  #inside;
  #tenant;
  /** The site that a session begins with. */
  #firstSite;
  /** Whether each operation is done by an instance of its own, which has seen no change. */
  #isServed;
  /** Which session's site was changed, if any, and what it is by now, where it has been asked for. */
  #moved;
  /** Whether it is not known if the guest has a cart. */
  #isDoubtful = false;
  /** The session whose the guest's cart is. */
  #guests;

  /**
   * `inside` asks the platform as who the visitor was a moment ago: `inquire(path, body, identity)`; has all tabs know of a
   * cart: `note(identity, cart)`, as `src/session/cart.rs` writes it; and tells who the visitor is: `snapshot()`.
   */
  constructor({ tenant, context, services }, inside) {
    this.#tenant = tenant;
    this.#inside = inside;
    this.#isServed = Boolean(services);
    // The platform's word for the main site.
    this.#firstSite = context.siteCode ?? "default";
  }

  /** Before a login: the guest's cart is looked for and noted, so that its id outlives whatever becomes of the login. */
  async findGuests() {
    const { identity, sessionId, cartId } = this.#inside.snapshot();
    // Who has no session has no cart.
    if (!sessionId) return;
    this.#guests = sessionId;
    this.#isDoubtful = true;
    const cart = await this.#find(identity);
    this.#isDoubtful = false;
    const isFilled = cart && !cart.isEmpty;
    if (isFilled || cartId) await this.#inside.note(identity, isFilled ? `f${cart.id}` : "");
  }

  /** After a login or another company: the guest's cart, where one is still owed, is merged into the customer's, which is found. */
  async settle() {
    const { identity, sessionId, legalEntityId, cartId } = this.#inside.snapshot();
    // What a login or a switch leaves is the guest's.
    let guests = cartId;
    try {
      // Who did not answer the guest may answer the customer, whose session it is.
      if (!guests && this.#isDoubtful) {
        const cart = await this.#find(identity, { sessionId });
        if (cart && !cart.isEmpty) guests = cart.id;
      }
      this.#isDoubtful = false;
      const own = await this.#find(identity, { legalEntityId, ...(guests && { create: true }) });
      const isMerged = guests && guests !== own.id && (await this.#merge(identity, sessionId, guests, own.id));
      if (own) await this.#inside.note(identity, (isMerged ? "m" : "f") + own.id);
    } catch (error) {
      if (guests || this.#isDoubtful) await this.#inside.note(identity, `o${guests ?? ""}`);
      else throw error;
    }
  }

  /** Another site, where the answer says so: the cart of the former one is known no more, and that of the new one is found, a guest's when he signs in. */
  async changeSite(answer) {
    // Who signs in before the answer is looked at is asked about as well.
    const move = () => (this.#moved = { sessionId: this.#inside.snapshot().sessionId });
    move();
    if (!(await answer).ok) return;
    move();
    const { identity, kind, cartId } = this.#inside.snapshot();
    if (kind === "anonymous" && !cartId) return;
    await this.#inside.note(identity, "");
    await (kind === "anonymous" ? this.findGuests() : this.settle());
  }

  /** The session's site. Who begins anew begins at the first one; a customer whose session becomes another is asked about again. */
  async #site(identity) {
    const { kind, sessionId } = this.#inside.snapshot();
    const mayBeMoved = this.#isServed || (this.#moved && kind === "customer");
    if (this.#moved?.sessionId !== sessionId) this.#moved = mayBeMoved ? { sessionId } : undefined;
    const moved = this.#moved;
    if (moved) moved.siteCode ??= (await this.#ask(identity, `/session-context/${this.#tenant}/me/context`))?.siteCode;
    return isText(moved?.siteCode) ? moved.siteCode : this.#firstSite;
  }

  /** The open cart of these criteria, where there is one. */
  async #find(identity, criteria) {
    const query = new URLSearchParams({ siteCode: await this.#site(identity) });
    for (const [name, value] of Object.entries(criteria ?? {})) if (value !== undefined) query.set(name, value);
    const answer = await this.#ask(identity, `/cart/${this.#tenant}/carts?${query}`);
    if (!answer) return;
    const { id, items } = Array.isArray(answer) ? (answer[0] ?? {}) : answer;
    if (!isText(id)) throw nonsense();
    return { id, isEmpty: Array.isArray(items) && items.length === 0 };
  }

  /** Whether it is merged; false where there is nothing left to merge. A request that was not answered may have done its work. */
  async #merge(identity, sessionId, guests, own) {
    const path = (id) => `/cart/${this.#tenant}/carts/${encodeURIComponent(id)}`;
    const merge = () => this.#inside.inquire(`${path(own)}/merge`, JSON.stringify({ carts: [guests] }), identity);
    const isGone = async () => !(await this.#ask(identity, path(guests)));
    try {
      await merge();
      return true;
    } catch (error) {
      if (error?.code === "aborted") throw error;
      const isUnanswered = error?.status === undefined;
      // What is another session's is not seen, whether it is there or not.
      const isSeen = (this.#guests ?? sessionId) === sessionId;
      if (isSeen && (isUnanswered || error.status === 404) && (await isGone())) return isUnanswered;
      throw error;
    }
  }

  /** The platform's answer; nothing where it knows of none. */
  async #ask(identity, path) {
    let text;
    try {
      text = await this.#inside.inquire(path, undefined, identity);
    } catch (error) {
      if (error?.status === 404) return;
      throw error;
    }
    try {
      return JSON.parse(text);
    } catch {
      throw nonsense();
    }
  }
}
