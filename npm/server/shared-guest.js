import { SessionError } from "../session-error.js";

const invalid = () =>
  new SessionError({ code: "invalid_state", message: "the shared guest reads what every guest sees alike, and nothing else: use the visitor's session" });
const reject = async () => {
  throw invalid();
};
const refuse = () => {
  throw invalid();
};

/** One guest for all who have no session yet. Nobody sees a cart or a context of his. */
export class SharedGuest {
  #stored;
  #paths;

  constructor(stored, paths) {
    this.#stored = stored;
    this.#paths = paths;
  }

  fetch = async (input, init) => {
    if (!this.#paths.has(input, init)) throw invalid();
    return this.#stored.send(input, init);
  };

  getSnapshot = () => this.#stored.snapshot;

  accessToken = reject;
  login = reject;
  refresh = reject;
  switchLegalEntity = reject;
  legalEntities = reject;
  adopt = reject;
  adoptFromUrl = reject;
  checkoutHeaders = reject;
  validate = reject;
  logout = reject;
  subscribe = refuse;
  on = refuse;
  hasScope = refuse;
  saasToken = refuse;
  close = refuse;

  get signal() {
    throw invalid();
  }
}
