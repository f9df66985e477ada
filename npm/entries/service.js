import { attempt, clockOf } from "../answer.js";
import { fail, isText, read } from "./checks.js";
import { checkAnswer } from "./refusal.js";

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

/** The token of a backend, had by a secret that no page may have. */
export class ServiceToken {
  #given;
  #now;
  #base;
  /** The token in force, when it was received and how long it lives, in milliseconds. */
  #token = {};
  #asking;
  /** Nobody asks before this time again, while the token is still good. */
  #rest = 0;

  constructor(given) {
    const { WorkerGlobalScope, process, window } = globalThis;
    if (window || WorkerGlobalScope || !process?.versions?.node) fail("invalid_state", "Node.js only");
    this.#given = read(given, forms);
    this.#now = clockOf(this.#given.now);
    this.#base = new URL(this.#given.apiUrl ?? "https://api.emporix.io").href.replace(/\/+$/, "");
  }

  accessToken = async () => {
    const { text, life, since } = this.#token;
    const age = this.#now() - since;
    const isGood = age >= 0 && age < life;
    if (isGood && (age < life - Math.min(60_000, life / 10) || this.#now() < this.#rest)) return text;
    return this.#renew().catch((error) => {
      if (!isGood) throw error;
      this.#rest = this.#now() + 10_000;
      return text;
    });
  };

  fetch = async (input, init) => {
    const base = this.#base;
    const request = new Request(input?.url ? input : new URL(/^\/(?!\/)/.test(input) ? base + input : input, `${base}/`), init);
    // The token is for the platform alone.
    const isOurs = request.url.startsWith(`${base}/`) && !/(\/|%2f|%5c)(\.|%2e){2}/i.test(new URL(request.url).pathname);
    if (!isOurs || request.headers.has("Authorization")) return this.#send(request, init);
    const spare = request.clone();
    const token = await this.accessToken();
    const first = await this.#send(request, init, token);
    if (first.status !== 401) return first;
    // Another one, unless this has just been made.
    let { text, since } = this.#token;
    if (text === token && this.#now() - since > 10_000) text = await this.#renew().catch(() => token);
    return text === token ? first : this.#send(spare, init, text);
  };

  #send(request, init, token) {
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    // The caller's own signal once more: in Node.js a Request that is collected tells its signal no more.
    return (this.#given.fetch ?? fetch)(request, { signal: init?.signal });
  }

  /** One request for all who want a token. */
  #renew() {
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask() {
    const { tenant, clientId, clientSecret, scopes, timeoutMs } = this.#given;
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
    if (scopes) body.set("scope", scopes.join(" "));
    const signal = AbortSignal.timeout(timeoutMs ?? 15_000);
    let answer;
    const ask = async () => {
      answer = await this.#send(new Request(`${this.#base}/oauth/token`, { method: "POST", body, redirect: "manual", signal }));
      return answer.text();
    };
    // Not left to who sends it: he may not listen.
    const end = new Promise((_, reject) => (signal.onabort = reject));
    const noAnswer = () => fail(signal.aborted ? "timeout" : "network", "no answer", { retryable: true });
    const text = await Promise.race([ask(), end]).catch(noAnswer);
    checkAnswer(answer, text, () => ({ 400: "configuration", 401: "configuration" }));
    const { access_token: token, expires_in: seconds, scope } = attempt(() => JSON.parse(text)) ?? {};
    if (!(isText(token) && seconds > 0)) fail("protocol", "no token", { retryable: true });
    if ((/tenant=(\S+)/.exec(scope)?.[1] ?? tenant) !== tenant) fail("configuration", "another tenant's key");
    this.#token = { text: token, life: seconds * 1000, since: this.#now() };
    return token;
  }
}
