import { inTime } from "./answer.js";
import { addressOf } from "./options.js";
import { tombstoneOf } from "./tombstone.js";

const patience = 5_000;

/**
 * Goes on with the session that a former version has stored for this address under one key for all of them: the record is
 * written under the key of today, and its place is taken by a tombstone, which the former version's tabs obey. Under the
 * locks of both. Loaded where there is such a record.
 */
export async function takeOver({ former, key, storage, apiUrl, isShared }) {
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
    const tombstone = JSON.stringify(tombstoneOf(record));
    storage.setItem(former, tombstone);
    if (!isShared) return;
    const channel = new BroadcastChannel(former);
    channel.postMessage(tombstone);
    channel.close();
  };
  const work = async () => {
    if (!found()) return;
    const locked = (name, work) => navigator.locks.request(name, work);
    await locked(key, () => locked(former, move)).catch(move);
  };
  // Where it cannot be done, the session begins anew.
  await inTime(patience, work).catch(() => {});
}
