import { after, attempt, inTime, unheard } from "./answer.js";

/**
 * One lock for all that share a record: those of this page queue here, so that a page asks for the shared lock once; the
 * pages queue for a Web Lock.
 */

/** For how long others may be in the middle of something where no lock is shared, and where it was taken from its holder. */
const unshared = 10_000;
const taken = 60_000;

/** How long a waiter must have seen one acquisition before it may take the lock: longer than any holder that runs keeps it. */
const standstill = 75_000;

/** How often a waiter looks who holds the lock. Looking also wakes those whom Chromium 156 has forgotten. */
const look = 5_000;

const lines = new WeakMap();

/** Whether the browser has shown that its locks are never granted: one call has waited for that. */
let isMute = false;

/** The end of the queue of this page for that lock. `owner` is what the record is stored with. */
function lineOf(owner, name) {
  if (!lines.has(owner)) lines.set(owner, new Map());
  const line = lines.get(owner);
  if (!line.has(name)) line.set(name, { end: Promise.resolve() });
  return line.get(name);
}

/** The lock, as it is held. `rivals` is for how long others may be in the middle of something all the same. */
export class Lock {
  constructor(release, rivals) {
    this.release = release;
    this.rivals = rivals;
  }
}

/**
 * The lock of that name; rejected when it is not to be had in time. `page` is who asks: `owner`, `locks` (the browser's, where
 * they are shared), `isMemory`, `ready()`, which resolves when the page may ask, and `leaving()`, a signal that ends its asking.
 */
export async function acquire(name, patience, page) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const line = lineOf(page.owner, name);
  const before = line.end;
  line.end = before.then(() => held);
  const giveUp = new AbortController();
  try {
    const rivals = await inTime(patience, async () => {
      await before;
      if (page.isMemory) return 0;
      return page.locks && !isMute ? request(name, held, page, giveUp.signal) : unshared;
    });
    return new Lock(release, rivals);
  } catch (error) {
    giveUp.abort();
    release();
    throw error;
  }
}

/** Asks for the Web Lock until it is granted, taken, or turns out not to be there; gives `rivals`. */
async function request(name, held, page, giveUp) {
  for (;;) {
    await page.ready();
    if (giveUp.aborted) return;
    const asking = new AbortController();
    const end = () => asking.abort();
    const leaving = page.leaving();
    for (const signal of [giveUp, leaving]) signal.addEventListener("abort", end, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        // The callback's promise is what holds the lock; that the callback was called is what is waited for.
        const hold = (rivals) => () => {
          resolve(rivals);
          unheard(attempt(() => page.locks.request(`${name}:held:${Math.random()}`, () => held)));
          return held;
        };
        watch(name, page.locks, asking.signal, hold(taken), resolve);
        page.locks.request(name, { signal: asking.signal }, hold(0)).catch(reject);
      });
    } catch {
      // A lock that is refused is a lock that is not there.
      if (!asking.signal.aborted) return unshared;
      if (giveUp.aborted) return;
    } finally {
      end();
      for (const signal of [giveUp, leaving]) signal.removeEventListener("abort", end);
    }
  }
}

/** For each name: which acquisition was seen last, when, for how long by now, and by which watch. */
const watched = new Map();

/**
 * Looks now and then who holds the lock, until it is free, though the waiter has given up: whoever comes next finds what was
 * seen. Where it is one and the same acquisition for longer than a page that runs keeps it, the lock is taken. A browser that
 * twice does not answer, or shows no holder and grants nothing, has no locks.
 */
function watch(name, locks, signal, hold, resolve) {
  const turn = {};
  let last = { ...watched.get(name), turn };
  watched.set(name, last);
  let idle = 0;
  const step = async () => {
    const holder = await inTime(2_000, () => holderOf(name, locks)).catch(() => {});
    if (watched.get(name).turn !== turn) return;
    idle = holder ? 0 : idle + 1;
    if (idle > 1 && !signal.aborted) {
      isMute = true;
      // Should it be granted after all, they are there.
      unheard(attempt(() => locks.request(`${name}:there`, () => void (isMute = false))));
      return resolve(unshared);
    }
    const at = Date.now();
    // A machine that slept has not watched.
    const passed = holder && holder === last.holder ? last.passed + Math.min(Math.max(0, at - last.at), 2 * look) : 0;
    last = { holder, at, passed, turn };
    watched.set(name, last);
    const isStill = passed >= standstill;
    if (signal.aborted && (isStill || !holder)) return;
    if (isStill) await take(name, locks, holder, hold);
    after(holder ? look : 1_000, step);
  };
  after(1_000, step);
}

/** What tells one acquisition from another: the name of the second lock that its holder has. */
async function holderOf(name, locks) {
  const { held } = await locks.query();
  const main = held.find((lock) => lock.name === name);
  const isOurs = (lock) => lock.clientId === main.clientId && lock.name.startsWith(`${name}:held:`);
  return main && (held.find(isOurs)?.name ?? main.clientId);
}

/** Takes the lock from a holder that stands still: one waiter at a time, and only what it has watched. */
function take(name, locks, holder, hold) {
  return locks
    .request(`${name}:takeover`, { ifAvailable: true }, async (turn) => {
      if (!turn || (await holderOf(name, locks)) !== holder) return;
      // Its promise ends with the lock; that it is granted is what is waited for.
      await new Promise((resolve) => {
        const granted = () => (resolve(), hold());
        locks.request(name, { steal: true }, granted).catch(resolve);
      });
    })
    .catch(() => {});
}
