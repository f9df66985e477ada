const unanswered = new Set();

/**
 * The latest revision of the record under this key that was made known to the other tabs; with `next`, it is raised to that.
 * For its order only: IndexedDB lets nobody read what was there before.
 */
export async function latestRevision(key, next) {
  // Where the browser never answers, it is waited for once.
  if (unanswered.has(key)) return;
  unanswered.add(key);
  try {
    const opening = indexedDB.open("storefront-session");
    opening.onupgradeneeded = () => opening.result.createObjectStore("revisions");
    const database = await when("onsuccess", opening);
    try {
      const transaction = database.transaction("revisions", next ? "readwrite" : "readonly");
      const revisions = transaction.objectStore("revisions");
      const reading = revisions.get(key);
      // An answer may come late; it must not lower what others have raised since.
      reading.onsuccess = () => next > (reading.result ?? 0) && revisions.put(next, key);
      await when("oncomplete", transaction);
      return reading.result;
    } finally {
      // A connection that is kept may be in the way of the back-forward cache and of whoever deletes the database.
      database.close();
    }
  } finally {
    unanswered.delete(key);
  }
}

function when(event, target) {
  return new Promise((resolve, reject) => {
    target[event] = () => resolve(target.result);
    target.onerror = target.onabort = reject;
  });
}
