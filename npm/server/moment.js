/** A moment of two clocks: the one that is told, `now`, and the one that cannot be set. */
export class Moment {
  #now;
  #wall;
  #mono = performance.now();

  constructor(now) {
    this.#now = now;
    this.#wall = now();
  }

  /** Whether no more time has passed since, by either. */
  isWithin(time) {
    return [this.#now() - this.#wall, performance.now() - this.#mono].every((age) => age >= 0 && age < time);
  }
}
