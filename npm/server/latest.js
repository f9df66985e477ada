/** More records than this are not remembered: after a second everybody looks anyway. */
const many = 1_000;

/**
 * What this process has stored last: another request of it, which has read the record before, must not go on with what was
 * there. What other processes store is seen at the next look.
 */
export class Latest {
  #revisions = new Map();
  #active = new Map();

  /** The record of this key has that revision now; none where it is gone from there. */
  note(key, revision) {
    this.#revisions.set(key, revision);
    if (this.#revisions.size > many) this.#revisions.delete(this.#revisions.keys().next().value);
    for (const session of this.#active.get(key) ?? []) if (session.place.key === key && revision === undefined) session.end();
  }

  /** Whether nothing later is known. */
  is(key, revision) {
    return !this.#revisions.has(key) || revision >= this.#revisions.get(key);
  }

  /** A session with something under way is told when it ends elsewhere. */
  join(session) {
    const { key } = session.place;
    if (!this.#active.has(key)) this.#active.set(key, new Set());
    this.#active.get(key).add(session);
    (session.joined ??= new Set()).add(key);
  }

  leave(session) {
    for (const key of session.joined ?? []) {
      const sessions = this.#active.get(key);
      sessions?.delete(session);
      if (sessions?.size === 0) this.#active.delete(key);
    }
    session.joined?.clear();
  }
}
