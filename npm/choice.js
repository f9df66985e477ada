import { attempt, inTime } from "./answer.js";

/**
 * The company that was chosen last. It outlives a logout, so it is kept as a hash that is keyed with a random number of its own:
 * whoever comes to this computer next finds no id, and nobody can look one up in a list that was made elsewhere.
 */

/** What is kept in memory, by whose it is: a page's, or on a server, where each instance has a visitor of its own, the instance's. */
const memories = new WeakMap();

/** For who wants to keep it in memory. */
function memoryOf(options) {
  const owner = options.place === "server" ? options : memories;
  if (!memories.has(owner)) memories.set(owner, new Map());
  const memory = memories.get(owner);
  return {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, text) => memory.set(key, text),
    removeItem: (key) => memory.delete(key),
  };
}

/** No record's key begins so. */
const choiceKey = ({ key }) => key.replace("-session:", "-company:");

function storageOf(options) {
  const { storage } = options;
  if (typeof storage === "object") return storage;
  return attempt(() => ({ local: () => localStorage, session: () => sessionStorage })[storage]()) ?? memoryOf(options);
}

const hexOf = (bytes) => Array.from(new Uint8Array(bytes), (it) => it.toString(16).padStart(2, "0")).join("");

async function hashOf(secret, id) {
  const encode = (text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hexOf(await crypto.subtle.sign("HMAC", key, encode(id)));
}

/** Storage and WebCrypto may be missing, refuse, or never answer: what takes its time is done without. */
const orNone = (work) => inTime(1_000, work).catch(() => {});

/** Keeps the choice; of none, nothing. */
export const keepChoice = (options, id) =>
  orNone(async () => {
    const storage = storageOf(options);
    if (id === null) return storage.removeItem(choiceKey(options));
    const secret = hexOf(crypto.getRandomValues(new Uint8Array(16)));
    await storage.setItem(choiceKey(options), `${secret} ${await hashOf(secret, id)}`);
  });

/** Which of these was chosen last; nothing where none was, or it is not one of them any more. */
export const lastChoice = (options, ids) =>
  orNone(async () => {
    const [secret, hash] = `${await storageOf(options).getItem(choiceKey(options))}`.split(" ");
    const hashes = await Promise.all(ids.map((id) => hashOf(secret, id)));
    return ids[hashes.indexOf(hash)];
  });
