import { attempt, inTime } from "./answer.js";
import { addressOf, keyOf } from "./options.js";

const patience = 5_000;

/**
 * Goes on with the session that a former version has stored for this address under one key for all of them: the record is
 * written under the key of today, and its place is taken by a tombstone, which the former version's tabs obey. Under the
 * locks of both.
 */
export async function takeOver({ place, storage: area, tenant, clientId, apiUrl }) {
  const former = `storefront-session:${tenant}:${clientId}`;
  // Of the default address it is the former one: nothing is to be moved.
  const key = keyOf({ tenant, clientId, apiUrl });
  const storage = place === "page" && attempt(() => ({ local: localStorage, session: sessionStorage })[area]);
  const found = () => {
    const text = storage.getItem(key) === null && storage.getItem(former);
    const record = text && JSON.parse(text);
    const isOurs = record && addressOf(record.apiUrl) === apiUrl && record.schema === 1;
    return isOurs && (record.guest || record.customer) && record;
  };
  const move = () => {
    const record = found();
    if (!record) return;
    const text = JSON.stringify({ ...record, apiUrl });
    storage.setItem(key, text);
    if (storage.getItem(key) !== text) return;
    const { schema, revision, epoch, apiUrl: spelling } = record;
    const identity = `${(epoch + 1).toString(16)}-${Math.floor(Math.random() * 2 ** 32).toString(16)}`;
    const tombstone = { schema, revision: revision + 1, epoch: epoch + 1, identity, began: "logout", apiUrl: spelling };
    storage.setItem(former, JSON.stringify(tombstone));
    if (area !== "local") return;
    const channel = new BroadcastChannel(former);
    channel.postMessage(JSON.stringify(tombstone));
    channel.close();
  };
  const work = async () => {
    if (!storage || !found()) return;
    const locked = (name, work) => navigator.locks.request(name, work);
    await locked(key, () => locked(former, move)).catch(move);
  };
  // Where it cannot be done, the session begins anew.
  await inTime(patience, work).catch(() => {});
}
