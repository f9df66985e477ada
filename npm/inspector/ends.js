const MINUTE = 60_000;

/**
 * When a session's tokens end, and when the module will renew them. A snapshot says when the access token ends; how long
 * tokens live at all must be told.
 */
export class Ends {
  /** In seconds, by the names of the sandbox's profile. */
  lifetimes = {};

  /**
   * Times, each undefined where nobody knows it: `received`, `access` and `refresh` (the ends), `renewal`. Only a
   * customer's tokens are renewed ahead of their end; a guest's when somebody asks.
   */
  of({ kind, expiresAt: access, renewable }) {
    const who = kind === "customer" ? "customer" : "anonymous";
    const accessLife = this.#life(`${who}ExpiresIn`);
    const refreshLife = (this.lifetimes.refreshLifetime ?? "reset") === "reset" ? this.#life(`${who}RefreshExpiresIn`) : NaN;
    const received = access - accessLife;
    const refresh = renewable ? received + refreshLife : NaN;
    const renewal =
      who === "customer" && renewable
        ? Math.min(access - Math.min(MINUTE, accessLife / 10), received + 0.75 * refreshLife)
        : NaN;
    return { received: known(received), access, refresh: known(refresh), renewal: known(renewal) };
  }

  #life(reading) {
    const seconds = this.lifetimes[reading];
    return seconds > 0 ? seconds * 1000 : NaN;
  }
}

const known = (time) => (Number.isFinite(time) ? time : undefined);
