import { clockOf } from "../answer.js";
import { WatchedHost } from "../debug/watched-host.js";
import { expected } from "../expected.js";
import { readOptions } from "../options.js";
import { check, closedError } from "../session-error.js";
import { Cookie, freshName, hashOf } from "./cookie.js";
import { Latest } from "./latest.js";
import { memoryStore } from "./memory-store.js";
import { NamedSession } from "./named-session.js";
import { Queues } from "./queues.js";
import { Records } from "./records.js";
import { Renewals } from "./renewals.js";
import { Seal } from "./seal.js";
import { SharedGuest } from "./shared-guest.js";
import { SharedPaths } from "./shared-paths.js";
import { StoredSession } from "./stored-session.js";
import { ended } from "./under-way.js";
import { Visitor } from "./visitor.js";
import { VisitorSession } from "./visitor-session.js";

/** What the requests of one process have in common. */
class Server {
  queues = new Queues();
  latest = new Latest();
  renewals = new Renewals();
  #closing = new AbortController();
  #underWay = new Set();
  #base;

  constructor(options, store, seal, locate) {
    const { now, timeoutMs } = options;
    this.options = options;
    this.locate = locate;
    this.closing = this.#closing.signal;
    this.#base = options.key;
    this.records = new Records({ store, seal, timeoutMs, now });
  }

  get isClosed() {
    return this.closing.aborted;
  }

  /** Where the record of that name is, and what its identities begin with. */
  placeOf = (name) => {
    const hash = hashOf(name);
    return { name, key: `${this.#base}:${hash}`, id: hash.slice(0, 16) };
  };

  freshPlace = () => this.placeOf(freshName());

  get sharedPlace() {
    return { key: `${this.#base}:shared`, id: "shared" };
  }

  /** Keeps in mind what goes on; it never fails. */
  track(promise) {
    this.#underWay.add(promise);
    promise.then(() => this.#underWay.delete(promise));
  }

  /** Resolves when nothing of any request is under way. */
  settled() {
    return ended(this.#underWay, this.options.timeoutMs);
  }

  close() {
    this.#closing.abort();
  }
}

/** Told in words at once: nothing is loaded late here. */
function readServerOptions(given) {
  const options = { ...given, storage: "memory" };
  try {
    return readOptions(options);
  } catch ({ field }) {
    check(field, false, expected[field]);
  }
}

/** Sessions of a shop that is rendered on servers: a cookie names them, a store holds them, and no token leaves the server. */
export class SessionServer {
  #server;
  #cookie;
  #paths;
  #sharedSession;
  #watched;

  constructor(given, locate) {
    // A server whatever it is dressed as, and whatever storage it shows.
    const options = { ...readServerOptions(given), place: "server" };
    options.now = clockOf(options.now);
    const { cookie, encryptionKey, sharedPaths } = given;
    const store = given.store ?? memoryStore({ now: options.now });
    const isStore = ["get", "set", "lock", "delete"].every((name) => typeof store[name] === "function");
    check("store", isStore, "an object with get, set, lock and delete");
    this.#cookie = new Cookie(cookie ?? undefined);
    this.#paths = new SharedPaths(options.apiUrl, sharedPaths ?? undefined);
    this.#server = new Server(options, store, new Seal(encryptionKey ?? undefined), locate);
    this.#sharedSession = new StoredSession(this.#server, this.#server.sharedPlace, { mayBegin: true });
    if (options.debug) this.#watched = new WatchedHost(options);
    this.#watched?.shared(this.#sharedSession);
    this.shared = new SharedGuest(this.#sharedSession, this.#paths);
  }

  /** Who sent this cookie header. Makes no request of the platform, and creates nothing. */
  visit = async (header) => {
    if (this.#server.isClosed) throw closedError();
    check("cookie", typeof (header ?? "") === "string", "the text of a cookie header, or nothing");
    const names = header ? this.#cookie.read(header) : [];
    const stored = new NamedSession(this.#server, names);
    this.#watched?.visitor(stored, names.length);
    const session = new VisitorSession(stored, this.shared, this.#paths);
    this.#watched?.calls(session, stored);
    // Where the store fails, whoever needs the session is told so: a page may do without.
    if (names.length) await stored.look().catch(() => {});
    return new Visitor(session, { stored, shared: this.#sharedSession, cookie: this.#cookie });
  };

  /** Lets go: calls are rejected with `closed`. Resolves when what was begun has ended and is stored. */
  close = async () => {
    this.#server.close();
    await this.#server.settled();
  };
}
