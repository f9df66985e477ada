import { askOnce } from "./call.js";

/**
 * Takes over the tokens that an endpoint answers, in either spelling that the platform has (docs/platform.md §1). Where a customer
 * is signed in it is asked under a guest of its own, whose session is not taken over.
 */
export async function adopt(session, method, path) {
  const isOwn = session?.getSnapshot().kind === "anonymous";
  const { refreshTokenExpiresIn: refreshExpiresIn, sessionId, ...tokens } = await askOnce(session, path, { method, codes, read }, true);
  return session.adopt({ ...tokens, refreshExpiresIn, ...(isOwn && { sessionId }) });
}

/** Nobody whom the platform knows, or would register. */
const codes = () => ({ 404: "invalid_credentials" });

/** Seconds may be texts, and what is not there an empty one. */
const read = (text) =>
  JSON.parse(
    text.replace(/_(.)(?=\w*":)/g, (_, letter) => letter.toUpperCase()),
    (name, it) => (/In$/.test(name) ? +it : it) || undefined,
  );
