import { unless } from "../abort.js";
import { adoption, handedOver } from "../adopt.js";
import { SessionError, abortedError, check, closedError } from "../session-error.js";

/**
 * The session of one request's visitor, with the methods of `SessionManager`. It begins when it is needed: until then, what every
 * guest sees alike is read with the shared guest's token.
 */
export class VisitorSession {
  #stored;
  #shared;
  #paths;
  #listeners = new Set();
  #scopes;
  #isClosed = false;

  constructor(stored, shared, paths) {
    this.#stored = stored;
    stored.tell = this.#tell;
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
    return isForAll && !this.#stored.hasToBe ? this.#shared.fetch(input, init) : this.#stored.send(input, init);
  };

  getSnapshot = () => this.#stored.snapshot;

  subscribe = (listener) => {
    check("listener", typeof listener === "function", "a function");
    const hear = (event) => listener(event);
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  };

  accessToken = async (options) => {
    const signal = options?.signal;
    const isSignal = typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
    check("signal", signal === undefined || isSignal, "an AbortSignal");
    if (signal?.aborted) throw abortedError(signal);
    if (this.#isClosed) throw closedError();
    const { token } = await unless(signal, this.#stored.grant(), abortedError);
    return token;
  };

  login = (credentials) => this.#change("login", credentials);
  refresh = () => this.#change("refresh");
  switchLegalEntity = (id, options) => this.#change("switchLegalEntity", id, options?.verify);
  legalEntities = (paging) => this.#ask("legalEntities", [paging]);
  adopt = async (tokens) => this.#change("adopt", ...checked(() => adoption(tokens)));

  adoptFromUrl = async (url) => {
    const { tokens, address } = handedOver(url);
    if (tokens) await this.adopt(tokens);
    return address;
  };

  checkoutHeaders = async (options) => {
    if (this.#isClosed) throw closedError();
    const { token, saas } = await this.#stored.checkout(options?.customer ? "customer" : "checkout");
    return { Authorization: `Bearer ${token}`, ...(saas && { "saas-token": saas }) };
  };

  validate = async () => {
    const info = await this.#ask("validate", [], "validateauthtoken");
    this.#scopes = { of: this.#stored.snapshot.identity, names: info.scopes.map(plain) };
    return info;
  };

  hasScope = (scope) => {
    check("scope", typeof scope === "string", "a text");
    if (this.#scopes?.of === this.#stored.snapshot.identity) return this.#scopes.names.includes(plain(scope));
  };

  saasToken = () => this.#stored.saas;

  logout = () =>
    this.#call(async () => {
      await this.#stored.look();
      // Nobody is there who could be logged out.
      if (!this.#stored.hasBegun) return;
      this.#stored.requireSession();
      await this.#stored.operate("logout");
    });

  close = () => {
    this.#isClosed = true;
    this.#listeners.clear();
  };

  /** The same as `close`, for `using`. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")] = () => this.close();

  async #change(method, ...values) {
    await this.#ask(method, values);
    return this.#stored.snapshot;
  }

  #ask(method, values, kind) {
    return this.#call(async () => {
      await this.#stored.look();
      this.#stored.requireSession();
      return this.#stored.operate(method, values, kind);
    });
  }

  #call(work) {
    return this.#isClosed ? Promise.reject(closedError()) : this.#stored.call(work);
  }

  #tell = (event) => {
    for (const listener of [...this.#listeners]) {
      try {
        listener(Object.freeze(event));
      } catch (error) {
        console.error(error);
      }
    }
  };
}

/** What is wrong with it is an object of fields there. */
function checked(read) {
  try {
    return read();
  } catch (fields) {
    throw new SessionError(fields);
  }
}

/** In their parts, `view` says the same as `read`. */
const plain = (scope) => scope.split("_").map((part) => (part === "view" ? "read" : part)).join("_");
