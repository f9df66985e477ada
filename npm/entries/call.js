import { check, checkSession, fail } from "./checks.js";
import { inTime } from "./in-time.js";
import { textOf } from "./refusal.js";

/** Asks the platform; `read` makes the result of the answer's text and headers, `codes` are the endpoint's own for its refusals. */
export async function ask(session, path, { codes, read = (text) => (text ? JSON.parse(text) : undefined), ...init } = {}) {
  return inTime(session.timeoutMs, async (signal) => {
    // Addresses and bodies hold secrets: no cache may keep one, no redirect take one elsewhere.
    const answer = await session.fetch(path.replace("{}", session.tenant), { cache: "no-store", redirect: "manual", signal, ...init });
    return read(await textOf(answer, codes), answer.headers);
  });
}

/** The same, sent once: the session would send it again after any 401, and a wrong password would count twice. */
export async function askOnce(session, path, init, isForGuests) {
  const { kind } = checkSession(session);
  const { signal } = session;
  const askAs = (token) => ask(session, path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  // The bearer of another guest, whose session nobody goes on with.
  if (isForGuests && kind === "customer") {
    const { access_token } = await ask(session, `/customerlogin/auth/anonymous/login?tenant={}&client_id=${encodeURIComponent(session.clientId)}`);
    return askAs(access_token);
  }
  try {
    return await askAs(await session.accessToken());
  } catch (error) {
    // It is the bearer that is refused.
    if (error.code !== "configuration" || signal.aborted) throw error;
    return ask(session, path, init);
  }
}

export function checkCustomer(session) {
  if (checkSession(session).kind !== "customer") fail("login_required", "no customer");
}

export const sent = (method, body) => ({
  method,
  body: body && check("body", () => JSON.stringify(body)),
  headers: { "Content-Type": "application/json" },
});
