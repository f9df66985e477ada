import { unless } from "../abort.js";
import { adoption, handedOver } from "../adopt.js";
import { flag } from "../flag.js";
import { SessionError, abortedError, check, closedError } from "../session-error.js";
import { validate } from "../validate.js";
import { View } from "./view.js";

/**
 * The session of one request's visitor, with the methods of `SessionManager`. It begins when it is needed: until then, what every
 * guest sees alike is read with the shared guest's token.
 */
export class VisitorSession {
  #stored;
  #shared;
  #paths;
  #view = new View(() => this.#stored.snapshot);
  #has;
  #isClosed = false;
  /** Those who are asked to sign in. */
  #signIns = new Set();

  constructor(stored, shared, paths) {
    this.#stored = stored;
    stored.tell = this.#view.tell;
    this.#shared = shared;
    this.#paths = paths;
    // What the package's other entries need to know, as they do of any session.
    ({ tenant: this.tenant, clientId: this.clientId, timeoutMs: this.timeoutMs } = stored.host.options);
    // A property of its own: a framework's proxy is no object that has private fields.
    Object.defineProperty(this, "signal", { get: () => this.#stored.signal, enumerable: true });
  }

  fetch = async (input, init) => {
    if (this.#isClosed) throw closedError();
    const isForAll = this.#paths.has(input, init);
    if (isForAll && this.#stored.hasToBe) await this.#stored.look();
    if (!isForAll || this.#stored.hasToBe) return this.#stored.send(input, init);
    this.#stored.watched?.shares(input, init);
    return this.#shared.fetch(input, init);
  };

  getSnapshot = this.#view.getSnapshot;
  subscribe = this.#view.subscribe;
  on = this.#view.on;

  accessToken = async (options) => {
    const signal = options?.signal;
    const isSignal = typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
    check("signal", signal === undefined || isSignal, "an AbortSignal");
    if (signal?.aborted) throw abortedError(signal);
    if (this.#isClosed) throw closedError();
    const { token } = await unless(signal, this.#stored.grant(), abortedError);
    return token;
  };

  login = (credentials) => this.#signIn(() => this.#ask("login", [credentials]));
  refresh = () => this.#ask("refresh").then(this.getSnapshot);
  switchLegalEntity = async (id, options) => {
    const verify = checked(() => flag(options, "verify"));
    return this.#view.during("switching", () => this.#ask("switchLegalEntity", [id, verify])).then(this.getSnapshot);
  };
  legalEntities = (paging) => this.#ask("legalEntities", [paging]);
  adopt = async (tokens) => {
    const given = checked(() => adoption(this, tokens));
    return this.#signIn(() => this.#ask("adopt", given));
  };

  adoptFromUrl = async (url) => {
    const { tokens, address } = checked(() => handedOver(url));
    if (tokens) await this.adopt(tokens);
    return address;
  };

  checkoutHeaders = async (options) => {
    if (this.#isClosed) throw closedError();
    const { token, saas } = await this.#stored.checkout(checked(() => flag(options, "customer")) ? "customer" : "checkout");
    return { Authorization: `Bearer ${token}`, ...(saas && { "saas-token": saas }) };
  };

  validate = async () => {
    const ask = async (...asked) => ({ ...(await this.#ask(...asked)), identity: this.#stored.snapshot.identity });
    const { info, has } = await validate(ask, this.#stored.host.options).catch(refuse);
    this.#has = has;
    return info;
  };

  hasScope = (scope) => {
    check("scope", typeof scope === "string", "a text");
    return this.#has?.(scope, this.#stored.snapshot.identity);
  };

  saasToken = () => this.#stored.saas;

  logout = () => {
    // Whoever was asked to sign in before, where nobody was yet, is meant too.
    const signIns = [...this.#signIns];
    return this.#view.during("logout", () =>
      this.#call(async () => {
        await this.#stored.look();
        if (!this.#stored.hasBegun) await Promise.allSettled(signIns);
        // Nobody is there who could be logged out.
        if (!this.#stored.hasBegun) return;
        this.#stored.requireSession();
        await this.#stored.operate("logout");
      }),
    );
  };

  close = () => {
    this.#isClosed = true;
    this.#view.close();
  };

  /** The same as `close`, for `using`. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")] = () => this.close();

  #signIn(work) {
    const signIn = this.#view.during("login", work);
    this.#signIns.add(signIn);
    const end = () => this.#signIns.delete(signIn);
    signIn.then(end, end);
    return signIn.then(this.getSnapshot);
  }

  #ask(method, values, kind) {
    return this.#call(async (isHeard) => {
      await this.#stored.look();
      this.#stored.requireSession();
      return this.#stored.operate(method, values, { kind, isHeard });
    });
  }

  #call(work) {
    return this.#isClosed ? Promise.reject(closedError()) : this.#stored.call(work);
  }
}

/** What is wrong with it is an object of fields there. */
function checked(read) {
  try {
    return read();
  } catch (fields) {
    refuse(fields);
  }
}

const refuse = (error) => {
  throw error instanceof SessionError ? error : new SessionError(error);
};
