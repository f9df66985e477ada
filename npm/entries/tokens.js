import { askOnce } from "./call.js";
import { check } from "./checks.js";

/** Takes over the tokens that an endpoint answers. Who is signed in keeps his session: another guest's has lent the bearer. */
export async function adopt(session, method, path) {
  check("session", session?.tenant);
  const { kind, sessionId } = session.getSnapshot();
  const answer = await askOnce(session, path, { method, codes }, true);
  return session.adopt(kind === "customer" ? { ...answer, sessionId } : answer);
}

/** Nobody whom the platform knows, or would register. */
const codes = () => ({ 404: "invalid_credentials" });
