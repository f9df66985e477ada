import { fail } from "./checks.js";

/**
 * The answer's text; throws what went wrong, by what the platform answers. `codes` are the endpoint's own, by status and what the
 * text is. The platform's words are not taken over: they quote what was sent.
 */
export async function textOf(answer, codes) {
  const { ok, status, headers } = answer;
  const text = await answer.text();
  // A proxy's page, or a captive portal's, is not the platform's word.
  const isPage = /^\s*</.test(text);
  if (ok && !isPage) return text;
  const known = {
    400: "invalid_argument",
    // The gateway blames the bearer, and nothing else: docs/platform.md §8.
    401: /\.\w*access_?token/i.test(text) ? "configuration" : "invalid_credentials",
    403: "forbidden",
    404: "invalid_argument",
    409: "conflict",
    ...codes?.(text),
  };
  const code = status === 429 ? "rate_limited" : (!isPage && known[status]) || "server";
  const field = /"field":\s*"([\w.]+)"/.exec(text);
  // In seconds; a date is left out.
  const wait = headers.get("retry-after") * 1000;
  fail(code, `the platform answers ${status}`, { status, ...(field && { field: field[1] }), ...(wait && { retryAfterMs: wait }) });
}
