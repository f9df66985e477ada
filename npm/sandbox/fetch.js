// `sandbox.fetch`: the platform's answers without a connection, as Node's own `fetch` would bring them.

import { setImmediate } from "node:timers";

import { MAX_BODY } from "./platform.js";

const BODILESS = new Set([204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The `fetch` of a platform whose address is `url`. */
export function fetchFrom(platform, url) {
  const { host } = new URL(url);

  async function fetch(input, init) {
    // The signal is heeded here: `Request` refuses those of a simulated page (jsdom).
    const { signal = input?.signal, ...more } = init ?? {};
    if (signal != null && typeof signal.aborted !== "boolean") throw new TypeError("signal must be an AbortSignal");
    const request = requestOf(input, more);
    if (!isBelow(request.url)) {
      throw new TypeError(`sandbox.fetch answers for ${url} only, and not for ${new URL(request.url).origin}`);
    }
    signal?.throwIfAborted();
    const body = request.body ? await abortable(request.text(), signal) : "";
    // A turn of the event loop, as every request takes: a loop that waits for something must let it happen.
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    if (platform.isStopped) throw failed("the sandbox is stopped", "ECONNREFUSED");
    if (Buffer.byteLength(body) > MAX_BODY) return new Response("length limit exceeded", { status: 413 });

    const answer = platform.handle(request.method, request.url.slice(url.length).split("#", 1)[0] || "/", headersOf(request), body);
    const arrives = answer.delivery === "now" || (await platform.arrival(answer, signal));
    signal?.throwIfAborted();
    if (!arrives) throw failed("other side closed", "UND_ERR_SOCKET");
    if (REDIRECTS.has(answer.status) && request.redirect !== "manual") return follow(request, answer, signal);
    const isEmpty = BODILESS.has(answer.status) || request.method === "HEAD";
    const response = new Response(isEmpty ? null : answer.body, { status: answer.status, headers: answer.headers });
    return Object.defineProperty(response, "url", { value: request.url });
  }

  /** The provider next door sends back to a page; that page may be anywhere. */
  async function follow(request, { headers }, signal) {
    if (request.redirect === "error") throw failed("unexpected redirect");
    const [, location = ""] = headers.find(([name]) => name.toLowerCase() === "location") ?? [];
    const target = new URL(location, request.url).href;
    const response = await (isBelow(target) ? fetch : globalThis.fetch)(target, { signal });
    return Object.defineProperty(response, "redirected", { value: true });
  }

  /** A GET with headers and no more is most of what there is, and needs no `Request`, which is a tenth of the whole cost. */
  function requestOf(input, init) {
    const address = input instanceof Request ? input : new URL(input, url).href;
    const isPlain = typeof address === "string" && Object.keys(init).every((name) => name === "headers");
    if (!isPlain) return new Request(address, init);
    return { method: "GET", url: address, headers: new Headers(init.headers), body: null, redirect: "follow" };
  }

  const isBelow = (address) => address.startsWith(`${url}/`);

  function headersOf(request) {
    return [["host", host], ...request.headers];
  }

  return fetch;
}

/** What `fetch` rejects with when there is no answer. */
function failed(message, code) {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
