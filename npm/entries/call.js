import { check, fail } from "./checks.js";
import { checkAnswer } from "./refusal.js";

/** Asks the platform; `read` makes the result of the answer's text and headers, `codes` are the endpoint's own for its refusals. */
export async function ask(session, path, { codes, read = parsed, ...init } = {}) {
  check("session", session?.tenant);
  try {
    // Addresses and bodies hold secrets: no cache may keep one, no redirect take one elsewhere.
    const more = { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(session.timeoutMs) };
    const answer = await session.fetch(path.replace("{}", session.tenant), { ...more, ...init });
    const text = await answer.text();
    checkAnswer(answer, text, codes);
    return read(text, answer.headers);
  } catch (error) {
    if (error.retryable != null) throw error;
    fail(error.name === "TimeoutError" ? "timeout" : "network", "no answer", { retryable: true });
  }
}

/** The same, sent once: the session would send it again after any 401, and a wrong password would count twice. */
export async function askOnce(session, path, init, isForGuests) {
  check("session", session?.tenant);
  const { identity, kind } = session.getSnapshot();
  const askAs = (token) => ask(session, path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  // The bearer of another guest, whose session nobody goes on with.
  if (isForGuests && kind === "customer") {
    const query = new URLSearchParams({ tenant: session.tenant, client_id: session.clientId });
    return askAs((await ask(session, `/customerlogin/auth/anonymous/login?${query}`)).access_token);
  }
  try {
    return await askAs(await session.accessToken());
  } catch (error) {
    // It is the bearer that is refused.
    if (error.code !== "configuration" || session.getSnapshot().identity !== identity) throw error;
    return ask(session, path, init);
  }
}

export function checkCustomer(session) {
  check("session", session?.tenant);
  if (session.getSnapshot().kind !== "customer") fail("login_required", "no customer");
}

export const sent = (method, body) => ({ method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

const parsed = (text) => (text ? JSON.parse(text) : undefined);
