/** The one error of this module. It holds what the WebAssembly tells of it, and that holds no secret. */
export class SessionError extends Error {
  // A bundler's short name for the class would stand in every stack trace.
  static name = "SessionError";

  // Not assigned: where a page has frozen Error.prototype, that throws.
  get name() {
    return "SessionError";
  }

  constructor({ message, ...fields }) {
    super(message, fields);
    Object.assign(this, { retryable: false }, fields);
  }

  /** Known by its name: each file of the package that a page imports has a class of its own. */
  static [Symbol.hasInstance](it) {
    return it?.name === "SessionError";
  }
}

/** Bad input is told: which argument, and what was expected. */
export function check(field, isGood, expected) {
  if (!isGood) throw new SessionError({ code: "invalid_argument", message: `${field} must be ${expected}`, field });
}

export const abortedError = ({ reason: cause }) =>
  new SessionError({ code: "aborted", message: "the call was given up by its caller", cause });

export const overtakenError = () =>
  new SessionError({ code: "aborted", message: "the identity changed while the call was under way" });

export const timeoutError = () =>
  new SessionError({ code: "timeout", message: "the session did not answer in time", retryable: true });

export const closedError = () => new SessionError({ code: "closed", message: "the session was closed" });

export const internalError = (cause) =>
  new SessionError({
    code: "internal",
    message: "the session module failed; the next call starts it again",
    retryable: true,
    cause,
  });

/** What the core tells of a failure as the error that it is, and anything else as a failure of the core. */
export function asSessionError(error) {
  if (error instanceof SessionError) return error;
  return typeof error?.code === "string" && !(error instanceof Error) ? new SessionError(error) : internalError(error);
}
