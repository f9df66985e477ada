import { askOnce } from "./call.js";

/** Takes over the tokens that an endpoint answers, in the session that is there: who is signed in has lent its bearer from another. */
export async function adopt(session, path, init) {
  const answer = await askOnce(session, path, { ...init, codes }, true);
  return session.adopt({ ...answer, sessionId: session.getSnapshot().sessionId });
}

/** Nobody whom the platform knows, or would register. */
const codes = () => ({ 404: "invalid_credentials" });
