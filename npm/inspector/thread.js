const KEY = "session-inspector:thread";

/** How long this tab has seen the same sessionId, and through how many changes of identity or tokens. Survives a reload. */
export class Thread {
  #seen = read();

  /** Looks at a snapshot; an event that left the sessionId as it was counts as a change it came through. */
  observe(snapshot, event) {
    const { sessionId } = snapshot;
    if (sessionId === undefined) this.#seen = undefined;
    else if (this.#seen?.sessionId !== sessionId)
      this.#seen = { sessionId, renewals: 0, changes: 0, replaced: this.#seen?.sessionId !== undefined };
    else if (event?.type === "renewed") this.#seen.renewals += 1;
    else if (["login", "switched", "expired"].includes(event?.type)) this.#seen.changes += 1;
    write(this.#seen);
  }

  get words() {
    if (!this.#seen) return "It comes with the first token.";
    const { renewals, changes, replaced } = this.#seen;
    if (changes + renewals === 0)
      return replaced ? "The platform began another session." : "Minted with the first token.";
    const parts = [
      count(changes, "change of identity", "changes of identity"),
      count(renewals, "renewal", "renewals"),
    ].filter(Boolean);
    return `The same since the first token, through ${parts.join(" and ")}.`;
  }

  get kept() {
    return this.#seen !== undefined && this.#seen.changes + this.#seen.renewals > 0;
  }
}

const count = (number, one, many) => (number === 0 ? "" : `${number} ${number === 1 ? one : many}`);

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(seen) {
  try {
    if (seen) sessionStorage.setItem(KEY, JSON.stringify(seen));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Blocked storage: the count begins anew after a reload.
  }
}
