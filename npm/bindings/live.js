import { SessionManager } from "storefront-session";

const nothing = Object.freeze({});

/**
 * A session as a framework shows it: one frozen object, `{ session, snapshot, error }`, which is replaced when anything
 * changes. It is opened by `start` and let go by `stop`, so that a server, which calls neither, opens none.
 */
export class Live {
  #source;
  #listeners = new Set();
  #stop = () => {};
  #companies = nothing;
  /** Counts who has signed in or out: companies are a customer's, whichever of them is chosen. */
  #visit = 0;
  /** The visit whose companies were asked for. */
  #asked;

  /**
   * `source`: the options of a session of its own, or a session, or the promise of one, that is closed by whoever has opened it. Without one
   * there is nothing to start.
   */
  constructor(source, snapshot) {
    this.#source = source;
    this.first = this.state = Object.freeze({ session: undefined, snapshot, error: undefined });
  }

  subscribe = (listener) => {
    const hear = () => listener();
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  };

  start = () => {
    if (!this.#source) return;
    let session;
    let end;
    let isOver = false;
    const isOwn = !(this.#source.then || this.#source.subscribe);
    const opening = isOwn ? SessionManager.open(this.#source) : Promise.resolve(this.#source);
    opening.then(
      (it) => {
        if (isOver) return isOwn && it.close();
        session = it;
        const show = () => this.#show({ session, snapshot: session.getSnapshot() });
        end = it.subscribe(({ type, snapshot, previous }) => {
          // Who was signed in is not any more, whatever has ended it.
          if (/login|logout|expired/.test(type) || snapshot.kind !== previous.kind) this.#begin();
          show();
        });
        show();
      },
      (error) => isOver || this.#show({ ...this.first, error }),
    );
    this.#stop = () => {
      isOver = true;
      end?.();
      if (isOwn) session?.close();
      // What it was is not what it is when it is started again, nor is it busy.
      this.#begin();
      this.#show(this.first);
    };
  };

  #begin() {
    this.#visit += 1;
    this.#companies = nothing;
  }

  stop = () => this.#stop();

  /** `{ legalEntities, error }` */
  companies = () => this.#companies;

  /** Asks while a customer is signed in, once; after an error anew. */
  askForCompanies = () => {
    const { session, snapshot } = this.state;
    const visit = this.#visit;
    if (!session || snapshot.kind !== "customer" || this.#asked === visit) return;
    this.#asked = visit;
    const show = (companies) => {
      if (visit !== this.#visit) return;
      if (companies.error) this.#asked = undefined;
      this.#companies = Object.freeze(companies);
      this.#tell();
    };
    session.legalEntities().then(
      (legalEntities) => show({ legalEntities }),
      (error) => show({ error }),
    );
  };

  #show({ session, snapshot, error }) {
    const { state } = this;
    if (state.session === session && state.snapshot === snapshot && state.error === error) return;
    this.state = Object.freeze({ session, snapshot, error });
    this.#tell();
  }

  #tell() {
    for (const hear of [...this.#listeners]) hear();
  }
}
