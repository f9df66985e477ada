import { attempt } from "./answer.js";
import { isFunction } from "./options.js";
import { check, overtakenError } from "./session-error.js";
import { onAbort, unless } from "./abort.js";

/** A path, as `URL` would spell it. */
const plainPath = /^\/(?!\/)[\w/~=&?:,@!$()*+;-]*$/;
// Of an answer that nobody reads to its end it is not known when it is done with. On a server its stream tells, which outlives the Response
// that it was taken from; in a page nobody looks at that, because WebKit makes another of it then. Some servers have no such registry.
const unread = /* @__PURE__ */ attempt(() => new FinalizationRegistry((end) => end()));

/**
 * `fetch` with the token of this session. It needs of it what nobody else is given: `grantNow()`, which is the token and whose it is,
 * or a promise of that; `ask(work)`, which gives the core to `work`; and `coreNow()`, where it is there. Of the core it takes
 * `checkout()` and `refusals`.
 */
export function sessionFetch(session, { apiUrl: base, place, fetch = (...call) => globalThis.fetch(...call), send = fetch }, grantNow, ask, coreNow) {
  const identityNow = () => session.getSnapshot().identity;
  // Browsers keep answers by their address, whoever asked, and a server keeps none. What a customer or whoever comes after
  // him in this page reads is not kept, nor read from what was: the guest it began with has the cache.
  const first = session.getSnapshot();
  const mayCache = (identity) => place === "server" || (first.kind === "anonymous" && identity === first.identity);
  // Servers may take these for what leads out of the path, while the address still begins with it.
  const leadsOut = base === new URL(base).origin ? /$^/ : /(\/|%2f|%5c)(\.|%2e){2}(%2f|%5c|;)/i;
  const isOurs = ({ origin, pathname }) => (origin + pathname + "/").startsWith(base + "/") && !leadsOut.test(pathname);
  // Where the DOM is a test environment's, its signals are none for the fetch that was there before.
  const canCut = attempt(() => new Request(base, { signal: new AbortController().signal }));

  return async (input, init) => {
    let { saas: isCheckout, ...sent } = members(init);
    const request = isRequest(input) ? input : false;
    // A Request of another library is taken apart: this engine would read it as a text.
    const theirs = !request && isFunction(input?.arrayBuffer) && input.method && input.url && members(input);
    if (theirs) sent = { ...withoutNull(theirs), body: undefined, ...sent };
    const method = `${sent.method ?? (request.method || "GET")}`.toUpperCase();
    const isRead = /^(GET|HEAD)$/.test(method);
    if (theirs && !isRead) sent.body ??= await input.arrayBuffer();

    const isPlain = typeof input === "string" && plainPath.test(input);
    const url = isPlain ? undefined : request ? new URL(request.url) : addressOf(theirs ? input.url : input, base);
    const { href } = url ?? { href: base + input };
    let target = request || href;
    const given = sent.headers ?? request.headers;
    let headers = new Headers(given);
    if ((url && !isOurs(url)) || (given && headers.has("Authorization"))) return send(target, sent);

    // A Request that is made of another forgets these, unless told: the first two everywhere, the third in Firefox.
    const { referrer, referrerPolicy, keepalive } = request;
    if (request) sent = { referrer, referrerPolicy, keepalive, ...sent };
    const { signal = request.signal } = sent;
    // What its owner may change is copied now; the second time it is the same. WebKit's Request does not copy bytes.
    const kind = Object.prototype.toString.call(sent.body);
    if (kind === "[object ArrayBuffer]" || ArrayBuffer.isView(sent.body)) sent.body = sent.body.slice?.() ?? new Blob([sent.body]);
    else if (kind === "[object URLSearchParams]") {
      sent.body = `${sent.body}`;
      if (!headers.has("Content-Type")) headers.set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
    } else if (kind === "[object FormData]") {
      target = new Request(target, { ...sent, signal: undefined });
      delete sent.body;
      headers = new Headers(target.headers);
    }
    const { body } = sent;
    const isOnce = isFunction(body?.getReader) || isFunction(body?.[Symbol.asyncIterator]) || isFunction(body?.pipe);
    let spare = target;
    // Its body is not looked at, because WebKit makes a stream of it then, which it cannot send.
    if (isFunction(target.clone) && !isRead && sent.body == null) spare = target.clone();

    /** What ends the call: nothing, the session's signal, or one that follows the caller's too, which need not be the engine's. */
    let guard;
    let cut;
    // In Node.js a Request that is collected tells its signal no more: it is held as long as the signal counts.
    const links = [() => request];
    const follow = (signal) => {
      const stop = () => cut.abort(signal.reason);
      if (signal.aborted) stop();
      else links.push(onAbort(signal, stop));
    };
    const end = () => links.forEach((unlink) => unlink());
    // Engines have reasons of their own for what was aborted.
    const wait = (work) => (guard ? unless(guard, (async () => work())()) : work());
    const sendWith = ({ token, saas }, target, headers) => {
      headers.set("Authorization", `Bearer ${token}`);
      if (saas) {
        headers.set("saas-token", saas);
        // Of what goes elsewhere with a redirect, fetch leaves out the other one only.
        sent.redirect = "error";
      }
      return wait(() => send(target, { ...sent, headers, signal: canCut && guard }));
    };
    /** The signals count until the answer has been read, where there is something to read. */
    const watched = (response) => {
      if (!guard) return response;
      for (const name of "arrayBuffer blob bytes formData json text clone".split(" ")) {
        const read = response[name];
        const readToEnd = () => wait(() => read.call(response)).finally(end);
        if (read) Reflect.set(response, name, name === "clone" ? () => watched(read.call(response)) : readToEnd);
      }
      if (method === "HEAD" || response.status === 204) end();
      else if (cut) unread?.register(place === "server" ? Object(response.body ?? response) : response, end);
      return response;
    };

    try {
      if (signal) {
        cut = new AbortController();
        guard = cut.signal;
        follow(signal);
        guard.throwIfAborted();
      }
      let grant = isCheckout ? ask((core) => core.checkout()) : grantNow();
      // A token at hand is sent in the turn of the call.
      if (grant.then) grant = await wait(() => grant);
      const { identity } = grant;
      if (isRead) {
        // What is read under one identity is of no use under the next.
        if (identityNow() !== identity) throw overtakenError();
        if (cut) follow(session.signal);
        else guard = session.signal;
        if (!mayCache(identity)) sent.cache = "no-store";
      }
      const first = await sendWith(grant, target, headers);
      const call = [grant, method, href];
      if (first.status !== 401) {
        coreNow()?.refusals.forget(...call);
        return watched(first);
      }
      // Where the session ends with it, that is the reason, and not that another identity follows.
      const again = await unless(signal, ask(({ refusals }) => refusals.instead(...call, isOnce, isCheckout)));
      if (!again) return watched(first);
      if (identityNow() !== identity) throw overtakenError();
      // Nobody will read the first answer.
      first.body?.cancel?.().catch(() => {});
      const second = await sendWith(again, spare, new Headers(headers));
      if (second.status === 401) coreNow()?.refusals.again(...call);
      return watched(second);
    } catch (error) {
      end();
      throw error;
    }
  };
}

/** The members of a dictionary as fetch sees them, with those that it does not know: a framework's. */
function members(it) {
  const found = { ...it };
  for (const name in it) found[name] = it[name];
  // Those of a class are not enumerated.
  for (const name of "method headers body signal".split(" ")) if (it?.[name] !== undefined) found[name] = it[name];
  return found;
}

/** Other libraries' Requests have members that are null, which fetch takes for a word. */
function withoutNull(it) {
  for (const name in it) if (it[name] === null) delete it[name];
  return it;
}

/** Whether this engine's fetch takes it for a Request, whatever window it is of. */
function isRequest(it) {
  return attempt(() => typeof it === "object" && Reflect.get(Request.prototype, "url", it));
}

/** A relative address is the platform's. */
function addressOf(input, base) {
  const given = `${input?.href ?? input}`;
  check("input", typeof input !== "object" || !given.startsWith("[object "), "an address or a Request");
  // As fetch reads it.
  const text = given.replace(/^[\0- ]+|[\t\n\r]/g, "");
  return new URL(/^(\/(?!\/)|\\(?![\\/]))/.test(text) ? base + text : text, base + "/");
}
