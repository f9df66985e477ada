import { overtakenError } from "./session-error.js";
import { unless } from "./settle.js";

const reads = new Set(["GET", "HEAD"]);
const reasonOf = (signal) => signal.reason;

/**
 * `fetch` with the session's token. `session` is what it needs of the session: `token()`, `identity()`, `signal()`,
 * `tokenInstead(...)` and `refusedAgain(...)`.
 */
export function sessionFetch({ apiUrl, send, session }) {
  const base = apiUrl.replace(/\/+$/, "");
  const { origin } = new URL(base);

  const sendWith = (token, request) => {
    const headers = new Headers(request.headers);
    headers.set("Authorization", `Bearer ${token}`);
    // What is read under one identity is of no use under the next.
    const signal = reads.has(request.method) ? AbortSignal.any([request.signal, session.signal()]) : request.signal;
    // A request that is made of another forgets where it came from, unless told.
    const { referrer, referrerPolicy } = request;
    return send(new Request(request, { headers, signal, referrer, referrerPolicy }));
  };

  return async (input, init) => {
    const request = new Request(resolve(input, base), init);
    const url = new URL(request.url);
    if (url.origin !== origin || request.headers.has("Authorization")) return send(request);

    request.signal.throwIfAborted();
    const token = await unless(request.signal, session.token(), reasonOf);
    const identity = session.identity();
    // A stream can be read once.
    const isOnce = init?.body instanceof ReadableStream;
    const spare = isOnce ? undefined : request.body === null ? request : request.clone();
    const response = await sendWith(token, request);
    if (response.status !== 401 || !spare) return response;

    const call = [request.method, url.pathname];
    const other = await unless(request.signal, session.tokenInstead(token, identity, ...call), reasonOf);
    if (other === undefined) return response;
    if (session.identity() !== identity) throw overtakenError();
    // Nobody will read the first answer.
    response.body?.cancel().catch(() => {});
    const second = await sendWith(other, spare);
    if (second.status === 401) session.refusedAgain(...call);
    return second;
  };
}

/** A relative address is the platform's. */
function resolve(input, base) {
  if (input instanceof Request || input instanceof URL) return input;
  const isRooted = /^\/(?!\/)/.test(input);
  return isRooted ? base + input : new URL(input, `${base}/`);
}
