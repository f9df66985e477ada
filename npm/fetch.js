import { overtakenError } from "./session-error.js";

const reads = new Set(["GET", "HEAD"]);

/**
 * `fetch` with the session's token. `access` is what it needs of the session: `apiUrl`, `send`, `token()`, `identity()`,
 * `signal()`, `tokenInstead(...)` and `refusedAgain(...)`.
 */
export function sessionFetch(access) {
  const { origin } = new URL(access.apiUrl);

  const send = (request, token) => {
    const headers = new Headers(request.headers);
    headers.set("Authorization", `Bearer ${token}`);
    // What is read under one identity is of no use under the next.
    const signal = reads.has(request.method) ? AbortSignal.any([request.signal, access.signal()]) : request.signal;
    return access.send(new Request(request, { headers, signal }));
  };

  return async (input, init) => {
    const request = new Request(resolve(input, access.apiUrl), init);
    const url = new URL(request.url);
    if (url.origin !== origin || request.headers.has("Authorization")) return access.send(request);

    const token = await orAborted(access.token(), request.signal);
    const identity = access.identity();
    // A stream can be read once.
    const spare = init?.body instanceof ReadableStream ? undefined : request.clone();
    const response = await send(request, token);
    if (response.status !== 401 || !spare) return response;

    const other = await orAborted(access.tokenInstead(token, identity, request.method, url.pathname), request.signal);
    if (other === undefined) return response;
    if (!reads.has(request.method) && access.identity() !== identity) throw overtakenError();
    // Nobody will read the first answer.
    response.body?.cancel().catch(() => {});
    const second = await send(spare, other);
    if (second.status === 401) access.refusedAgain(request.method, url.pathname);
    return second;
  };
}

/** A relative address is the platform's. */
function resolve(input, apiUrl) {
  if (input instanceof Request || input instanceof URL) return input;
  const isRooted = /^\/(?!\/)/.test(input);
  return isRooted ? apiUrl.replace(/\/+$/, "") + input : new URL(input, `${apiUrl}/`);
}

/** The caller's own signal ends the wait for a token as it ends fetch: with its reason. */
function orAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
