import { attempt } from "./answer.js";
import { isBug, redacted } from "./cause.js";
import { flag } from "./flag.js";
import { load } from "./module.js";
import { catchUp, wakes } from "./page.js";
import { Refusals } from "./refusals.js";
import { retried } from "./retried.js";
import { onTrap } from "./trap.js";

/**
 * An instance of the session inside the WebAssembly, which decides what changes. What goes wrong is an object of fields here,
 * of which the package makes its error.
 */
export class Core {
  #inside;
  #options;
  /** Ends with the instance inside: its listeners and its lock go with it, though nobody is left in there to let go. */
  #life = new AbortController();
  #forget;
  #customer;
  #adopt;
  /** What the token was found to allow (npm/validate.js). */
  #has;
  /** What the last request of each kind failed with, and when, counted in failures. */
  #failures = {};
  #failureCount = 0;
  /** How many logouts were asked for: each means those too who still wait for a file to sign in. */
  #logouts = 0;
  wakes = wakes;
  refusals = new Refusals({
    tokenInstead: (...call) => this.ask("tokenInstead", call),
    refusedAgain: (...call) => this.tell("refusedAgain", ...call),
    checkout: () => this.checkout(),
  });

  /** Loads the WebAssembly alone. */
  static load = load;

  /**
   * Loads the module and restores what is stored. `news` gives `known`, the record's text that the page has begun
   * with, `heard`, the last that it has heard since, and the `snapshot` that it shows. `hear` is called with each event, `fail` with the error when the module has failed; `adopt` is the session's.
   */
  static async open(options, wasm, { news, hear, fail, adopt }) {
    const Inside = await load(wasm, options.wasm);
    await takeOver(options);
    const core = new Core();
    core.#options = options;
    core.#adopt = adopt;
    core.#forget = onTrap((error) => {
      // The object inside is not freed: there is nobody left who could.
      core.#inside = undefined;
      core.#life.abort();
      core.#forget();
      fail(error);
    });
    const given = { ...options, fetch: core.#send, ...news() };
    core.#inside = await promised((done) => Inside.open(given, hear, core.#life.signal, done));
    const snapshot = core.tell("getSnapshot");
    // What the page is busy with is its own affair.
    const { busy, ...seen } = Object(news().snapshot);
    if (seen.identity && JSON.stringify(seen) !== JSON.stringify(snapshot)) {
      const reason = seen.identity === snapshot.identity ? "restored" : "cleared";
      hear({ type: "storage", reason, origin: "local", snapshot });
    }
    return core;
  }

  /** Something that takes its time. What seldom a storefront asks for is in a file of its own. */
  ask(method, values = [], kind) {
    const { mergeCart, company } = this.#options;
    const isMore = method === "legalEntities" || ((mergeCart || company !== "none") && /^(login|ado|swi|cha)/.test(method));
    return isMore ? this.#askMore(method, values) : this.#ask(method, values, kind);
  }

  async #askMore(method, values) {
    // The rest can wait.
    const { Customer } = await this.#inTurn(loadCustomer().catch(method === "legalEntities" ? isMissing : () => ({})));
    if (!Customer) return this.#ask(method, values);
    this.#customer ??= new Customer(this.#options, this.#ask, () => this.tell("getSnapshot") ?? {}, this.#inTurn);
    return this.#customer[method](...values);
  }

  /** Waits; where a logout was asked for meanwhile, it was meant to be the last. */
  #inTurn = async (work) => {
    const logouts = this.#logouts;
    const outcome = await work;
    if (logouts !== this.#logouts) throw { code: "aborted", message: "a logout was asked for meanwhile" };
    return outcome;
  };

  /** Something the module takes its time for. It begins before this returns. `kind` is that of the request it makes beside the token's. */
  #ask = (method, values, kind) => {
    if (method === "logout") this.#logouts++;
    const since = this.#failureCount;
    catchUp();
    return promised((done) => this.#inside.call(method, values, done)).catch((error) => {
      throw this.#explained(error, kind, since);
    });
  };

  // What a session has under the same names.
  login = (credentials) => this.ask("login", [credentials]);
  refresh = () => this.ask("refresh");
  switchLegalEntity = (id, options) => this.ask("switchLegalEntity", [id, flag(options, "verify")]);
  legalEntities = (paging) => this.ask("legalEntities", [paging]);

  async validate() {
    const { validate } = await loadValidate();
    const { info, has } = await validate(this.ask.bind(this), this.#options);
    this.#has = has;
    return info;
  }

  /** Whether the token has that scope; nothing where it was not asked for it under this identity. */
  hasScope = (scope) => this.#has?.(scope, this.tell("getSnapshot")?.identity);

  /** The token with the saas token, both of one moment. */
  checkout = (kind = "checkout") => this.ask("accessToken", [kind]);

  /** The headers of the token and of the customer's saas token. */
  async checkoutHeaders(options) {
    const { token, saas } = await this.checkout(flag(options, "customer") ? "customer" : undefined);
    return { Authorization: `Bearer ${token}`, ...(saas && { "saas-token": saas }) };
  }

  // Tokens that were got somewhere else, and an address that hands some over.
  adopt = async (tokens) => (await this.#inTurn(loadAdopt())).adopt(this, this.#options, tokens);
  adoptFromUrl = async (url) => (await this.#inTurn(loadAdopt())).adoptFromUrl(this.#adopt, url);

  /** Something the module answers at once. What it throws `onTrap` has told. */
  tell(method, ...values) {
    catchUp();
    return attempt(() => this.#inside?.call(method, values));
  }

  free() {
    this.#forget();
    attempt(() => this.#inside?.free());
    this.#inside = undefined;
  }

  /** Sends the requests of the instance inside, which is not told why one has failed. */
  #send = async (...call) => {
    const kind = kindOf(call[0]);
    try {
      const answer = await (this.#options.fetch ?? globalThis.fetch)(...call);
      const { status, headers, text } = Object(answer);
      if (typeof text !== "function") throw new TypeError("it gave no Response");
      // The line may break while the text is on its way.
      const body = await text.call(answer);
      return { status, headers, text: () => body };
    } catch (error) {
      this.#failures[kind] = { number: ++this.#failureCount, cause: redacted(error) };
      throw error;
    }
  };

  /** The error that the instance inside gave, with what the request has failed with. */
  #explained(error, kind, since) {
    if (error?.code !== "network") return error;
    // While it asks nothing after a failure, that one still stands for the last.
    const recent = [kind, "token", "validateauthtoken"].find((it) => this.#failures[it]?.number > since);
    const { cause } = this.#failures[recent ?? "token"] ?? {};
    if (!cause) return error;
    const sender = this.#options.fetch ? "the option fetch" : "fetch";
    const message = `${error.message}: ${sender} failed with ${cause.name}`;
    return { ...error, message, cause, retryable: !isBug(cause) };
  }
}

const isMissing = (cause) => {
  throw { code: "network", message: "a part of the session module could not be loaded", retryable: true, cause: redacted(cause) };
};
const loadFormer = retried(() => import("./former.js"), "takeOver");
const loadCustomer = retried(() => import("./customer.js"), "Customer");
const importAdopt = retried(() => import("./adopt.js"), "adopt");
const loadAdopt = () => importAdopt().catch(isMissing);
const importValidate = retried(() => import("./validate.js"), "validate");
const loadValidate = () => importValidate().catch(isMissing);

/** What the module tells when it is done. */
const promised = (work) => new Promise((resolve, reject) => work((isOk, value) => (isOk ? resolve : reject)(value)));

/** Which request it is: one of the token's, or of those that may be under way beside it. */
const kindOf = (request) => {
  const url = request?.url ?? request;
  const [, kind = "more"] = /\/(validateauthtoken|logout)(\?|$)/.exec(url) ?? [];
  return kind !== "more" || /\/(customer-management|cart|session-context)\/|\/me$/.test(url) ? kind : "token";
};

/** Goes on with what a former version has stored for all addresses under one key, where there is such a record. */
async function takeOver({ place, storage: area, tenant, clientId, key, apiUrl }) {
  const former = `storefront-session:${tenant}:${clientId}`;
  // Of the default address it is the former one: nothing is to be moved.
  if (key === former) return;
  const storage = place === "page" && attempt(() => ({ local: localStorage, session: sessionStorage })[area]);
  const isThere = (key) => storage.getItem(key) !== null;
  if (!attempt(() => storage && isThere(former) && !isThere(key))) return;
  // Once this session has stored something it is too late.
  const { takeOver } = await loadFormer().catch(loadFormer).catch(() => ({}));
  // Where it cannot be done, the session begins anew.
  await takeOver?.({ former, key, storage, apiUrl, isShared: area === "local" });
}
