import { inTime } from "./answer.js";

/**
 * The latest revision that the tabs made known to each other. For its order only: IndexedDB lets nobody read what was there
 * before, and neither localStorage nor messages promise that.
 */

const database = "storefront-session";
const store = "revisions";
const patience = 2_000;
const isRevision = (value) => Number.isSafeInteger(value) && value >= 0 && value <= 9e15;
const notFound = { name: "NotFoundError" };
const unanswered = new Set();

/**
 * The latest revision of the record of that name; with `next`, it is raised to that. `undefined` where none is known or there
 * is no IndexedDB; not a number where what was kept is none, or the database has no place for it: both are made good.
 */
export async function latestRevision(name, next) {
  // Where the browser never answers, it is waited for once.
  if (unanswered.has(name)) return;
  unanswered.add(name);
  const reading = read(name, next).finally(() => unanswered.delete(name));
  return inTime(patience, () => reading).catch(() => {});
}

async function read(name, next) {
  const opened = await open();
  try {
    const transaction = opened.transaction(store, next ? "readwrite" : "readonly");
    const revisions = transaction.objectStore(store);
    // One that takes its keys from what is put into it takes no numbers.
    if (revisions.keyPath !== null) throw notFound;
    const reading = revisions.get(name);
    // An answer may come late; it must not lower what others have raised since.
    reading.onsuccess = () => next > (isRevision(reading.result) ? reading.result : 0) && revisions.put(next, name);
    await when("oncomplete", transaction);
    const { result } = reading;
    return result === undefined || isRevision(result) ? result : NaN;
  } catch (error) {
    if (error?.name !== notFound.name) throw error;
    opened.close();
    await when("onsuccess", indexedDB.deleteDatabase(database));
    (await open()).close();
    return NaN;
  } finally {
    // A connection that is kept may be in the way of the back-forward cache and of whoever deletes the database.
    opened.close();
  }
}

function open() {
  const opening = indexedDB.open(database);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  return when("onsuccess", opening);
}

function when(event, target) {
  return new Promise((resolve, reject) => {
    target[event] = () => resolve(target.result);
    target.onerror = target.onabort = reject;
  });
}
