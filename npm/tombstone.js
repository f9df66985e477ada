/** The record that a logout leaves of another: no tokens, and an epoch and a revision that no late writer wins against. */
export function tombstoneOf({ apiUrl, revision, epoch }) {
  // As `LEAP` in `src/session/transition.rs`.
  return { schema: 1, apiUrl, revision: revision + 1_000, epoch: (epoch += 1_001), identity: `${epoch}-${Math.random()}`, began: "logout" };
}
