import { attempt, clockOf } from "../answer.js";
import { fail, isText, read } from "./checks.js";
import { inTime } from "./in-time.js";
import { textOf } from "./refusal.js";

const isFunction = (it) => it == null || typeof it === "function";
const forms = {
  tenant: (it) => isText(it, /^[a-z][a-z0-9]{2,15}$/),
  clientId: isText,
  clientSecret: isText,
  scopes: (it) => it == null || it.every((one) => isText(one, /^\S+$/)),
  apiUrl: (it) => it == null || (isText(it, /^https?:\/\/[^?#@\s]+$/) && new URL(it)),
  timeoutMs: (it) => it == null || (typeof it === "number" && it >= 1 && it < 2 ** 31),
  fetch: isFunction,
  now: isFunction,
};

/** Requests, by what lives as long as their signals count: in Node.js one that is collected tells its signal no more. */
const held = new WeakMap();

/** The token of a backend, had by a secret that no page may have. */
export class ServiceToken {
  // What is private is in this scope and not in fields, which are more bytes.
  constructor(given) {
    const { WorkerGlobalScope, process, window } = globalThis;
    if (window || WorkerGlobalScope || !process?.versions?.node) fail("invalid_state", "Node.js only");
    const { tenant, clientId, clientSecret, scopes, apiUrl, timeoutMs, ...options } = read(given, forms);
    const now = clockOf(options.now);
    const base = new URL(apiUrl ?? "https://api.emporix.io").href.replace(/\/+$/, "");
    // The token in force, when it was received and how long it lives, in milliseconds.
    let token;
    let since;
    let life;
    let asking;
    // Nobody asks before this time again, while the token is still good.
    let rest = 0;

    const send = (request, token) => {
      if (token) request.headers.set("Authorization", `Bearer ${token}`);
      return (options.fetch ?? fetch)(request);
    };

    const ask = async () => {
      const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
      if (scopes) body.set("scope", scopes.join(" "));
      const text = await inTime(timeoutMs ?? 15_000, async (signal) => {
        const request = new Request(`${base}/oauth/token`, { method: "POST", body, redirect: "manual", signal });
        held.set(signal, request);
        return textOf(await send(request), () => ({ 400: "configuration", 401: "configuration" }));
      });
      const { access_token, expires_in, scope } = attempt(() => JSON.parse(text)) ?? {};
      if (!(isText(access_token) && expires_in > 0)) fail("protocol", "no token");
      if ((/tenant=(\S+)/.exec(scope)?.[1] ?? tenant) !== tenant) fail("configuration", "another tenant's key");
      life = expires_in * 1000;
      since = now();
      return (token = access_token);
    };

    /** One request for all who want a token. */
    const renew = () => (asking ??= ask().finally(() => (asking = undefined)));

    this.accessToken = async () => {
      const age = now() - since;
      const isGood = age >= 0 && age < life;
      if (isGood && (age < life - Math.min(60_000, life / 10) || now() < rest)) return token;
      return renew().catch((error) => {
        if (!isGood) throw error;
        rest = now() + 10_000;
        return token;
      });
    };

    this.fetch = async (input, init) => {
      const request = new Request(input?.url ? input : new URL(/^\/(?!\/)/.test(input) ? base + input : input, `${base}/`), init);
      // The token is for the platform alone.
      const isOurs = request.url.startsWith(`${base}/`) && !/(\/|%2f|%5c)(\.|%2e){2}/i.test(new URL(request.url).pathname);
      const used = isOurs && !request.headers.has("Authorization") && (await this.accessToken());
      // In Node.js a clone's own signal is lost while the clone is there.
      const spare = used && new Request(request.clone(), { signal: request.signal });
      let answer = await send(request, used);
      if (used && answer.status === 401) {
        // Another one, unless this has just been made.
        if (token === used && now() - since > 10_000) await renew().catch(() => {});
        if (token !== used) answer = await send(spare, token);
      }
      held.set(Object(answer.body ?? answer), [input, request, spare]);
      return answer;
    };
  }
}
