import { fail } from "./checks.js";

/**
 * Throws what went wrong, by what the platform answers; `codes` are the endpoint's own, by status and what the text is. The
 * platform's words are not taken over: they quote what was sent.
 */
export function checkAnswer({ ok, status, headers }, text, codes) {
  // A proxy's page, or a captive portal's, is not the platform's word.
  const isPage = /^\s*</.test(text);
  if (ok && !isPage) return;
  const common = {
    400: "invalid_argument",
    // The gateway blames the bearer, and nothing else: docs/platform.md §8.
    401: /"errorcode":[^}]+access_?token/i.test(text) ? "configuration" : "invalid_credentials",
    403: "forbidden",
    404: "invalid_argument",
    409: "conflict",
  };
  const code = status === 429 ? "rate_limited" : (!isPage && { ...common, ...codes?.(text) }[status]) || "server";
  const field = /"field":\s*"([\w.]+)"/.exec(text);
  // In seconds; a date is left out. The two codes that pass are the last in the alphabet.
  const wait = headers.get("retry-after") * 1000;
  fail(code, `the platform answers ${status}`, { status, retryable: code > "p", ...(field && { field: field[1] }), ...(wait && { retryAfterMs: wait }) });
}
