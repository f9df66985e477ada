import { attempt, inTime, unheard } from "./answer.js";

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

/** The connection that those who use it share, how many of them will go on with it, and what closes it. */
let connection;
let users = 0;

/** Keeps the connection that is opened next until the function that is given back is called; calling that again does nothing. */
export function keepConnection() {
  let isKept = true;
  users += 1;
  return () => {
    if (isKept && --users === 0) closeConnection();
    isKept = false;
  };
}

/** For who may be in somebody's way with it: a page that is left, or whoever deletes the database. It is opened again at need. */
export function closeConnection() {
  unheard(connection?.then((it) => it.close()));
  connection = undefined;
}

async function read(name, next) {
  const letGo = keepConnection();
  try {
    const opened = await (connection ??= open());
    const transaction = opened.transaction(store, next ? "readwrite" : "readonly");
    const revisions = transaction.objectStore(store);
    // One that takes its keys from what is put into it takes no numbers.
    if (revisions.keyPath !== null) throw notFound;
    const reading = revisions.get(name);
    // An answer may come late; it must not lower what others have raised since.
    reading.onsuccess = () => {
      const isLater = next > (isRevision(reading.result) ? reading.result : 0);
      // What is thrown here nobody catches.
      if (isLater && !attempt(() => revisions.put(next, name))) transaction.abort();
    };
    await when("oncomplete", transaction);
    const { result } = reading;
    return result === undefined || isRevision(result) ? result : NaN;
  } catch (error) {
    closeConnection();
    if (error?.name !== notFound.name) throw error;
    await when("onsuccess", indexedDB.deleteDatabase(database));
    await (connection = open());
    return NaN;
  } finally {
    letGo();
  }
}

async function open() {
  const opening = indexedDB.open(database);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const opened = await when("onsuccess", opening);
  opened.onversionchange = opened.onclose = closeConnection;
  return opened;
}

function when(event, target) {
  return new Promise((resolve, reject) => {
    target[event] = () => resolve(target.result);
    target.onerror = target.onabort = reject;
  });
}
