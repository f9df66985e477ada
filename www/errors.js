const SENTENCES = {
  invalid_credentials:
    "E-mail or password is wrong. That cost one sign-in request; your cart and session are untouched.",
  invalid_argument: "Something in the input is missing or malformed. No request was made.",
  invalid_state: "Somebody else is signed in already; sign out first.",
  login_required: "Sign in first: this is for customers. No request was made.",
  network: "The platform could not be reached. Nothing is lost; try again.",
  timeout: "The platform took too long to answer. Nothing is lost; try again.",
  rate_limited: "The platform asks for a pause. Nothing is lost; try again later.",
  server: "The platform has a fault of its own. Nothing is lost; try again.",
  session_expired: "The session cannot be renewed any more.",
  legal_entity_refused: "The platform refused this company. The former choice is still in force.",
  forbidden: "The platform does not allow this.",
  not_renewable: "This session can be renewed no more. It lasts until its token ends.",
  configuration: "The platform refuses this shop: its tenant, its client id or its origin.",
  conflict: "Somebody was quicker. Look again.",
  storage: "The browser's storage failed.",
  protocol: "The platform's answer made no sense. Nothing was changed.",
  aborted: "Who you are changed meanwhile, so this was given up.",
  closed: "This session object was closed.",
  internal: "The WebAssembly module failed. The next call starts it again from storage.",
};

/** One sentence for people; the code stays visible for developers. */
export function sentence(error) {
  if (error?.name === "SessionError") {
    if (error.code === "invalid_argument" && error.field === "email") return "Please enter an e-mail address.";
    if (error.code === "invalid_argument" && error.field === "password") return "Please enter a password.";
    if (error.code === "invalid_argument" && error.status) return "The platform does not accept this.";
    const pause = error.retryAfterMs ? ` (in ${Math.ceil(error.retryAfterMs / 1000)} s)` : "";
    return (SENTENCES[error.code] ?? error.message) + pause;
  }
  if (error?.name === "AbortError") return SENTENCES.aborted;
  if (unreachable(error)) return SENTENCES.network;
  return error?.message ?? String(error);
}

/** What fetch rejects with has no code, only a text of the browser's own. */
const unreachable = (error) => error instanceof TypeError && /fetch|network|load failed/i.test(error.message);

export const code = (error) =>
  error?.name === "SessionError" ? error.code : error?.name === "AbortError" ? "aborted" : undefined;

/** The identity changed or ended while something was under way: the event says so, and whoever was waiting asks again. */
export const superseded = (error) => ["aborted", "session_expired"].includes(code(error));

/** An answer that is no success, as an error. */
export class AnswerError extends Error {
  constructor(what, status) {
    super(`${what}: the platform answered ${status}.`);
    this.name = "AnswerError";
    this.status = status;
  }
}
