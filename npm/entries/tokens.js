import { askOnce } from "./call.js";
import { checkSession, fail } from "./checks.js";

/** Takes over the tokens that an endpoint answers, in the session that is there: who is signed in has lent its bearer from another. */
export async function adopt(session, path, init) {
  checkSession(session);
  const { signal } = session;
  const answer = await askOnce(session, path, { ...init, codes }, true);
  // Whoever logs out meanwhile means these tokens too.
  signal.throwIfAborted();
  return session.adopt({ ...answer, sessionId: checkSession(session).sessionId }).catch((error) => {
    // A captive portal's answer, say: what is wrong with it is not the caller's.
    if (error.field) fail("protocol", "no answer");
    throw error;
  });
}

/** Nobody whom the platform knows, or would register. */
const codes = () => ({ 404: "invalid_credentials" });
