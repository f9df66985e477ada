/** Who waits for a turn in this process: one holder for each key, the others queue. A store is asked once for all of them. */
export class Queues {
  #ends = new Map();

  /** Whether somebody of this process has that key's turn. */
  isTaken(key) {
    return this.#ends.has(key);
  }

  /** Resolves, with the function that ends the turn, when nobody of this process has that key's turn. */
  async wait(key) {
    const before = this.#ends.get(key);
    let end;
    const over = new Promise((resolve) => (end = resolve));
    const mine = Promise.resolve(before).then(() => over);
    this.#ends.set(key, mine);
    await before;
    return () => {
      end();
      if (this.#ends.get(key) === mine) this.#ends.delete(key);
    };
  }
}
