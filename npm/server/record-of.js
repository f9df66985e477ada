import { attempt } from "../answer.js";
import { isRecord } from "../record.js";
import { storageError } from "./records.js";

/** The record that a stored text holds. Throws where nobody can be told by it who this is. */
export function recordOf(text, apiUrl) {
  const record = attempt(() => JSON.parse(text));
  const { schema, readableBy = schema, apiUrl: theirs } = Object(record);
  if (schema > 1 && readableBy > 1) throw storageError("the session was stored by a later version of this module", undefined, false);
  const isOurs = theirs === apiUrl && isRecord(schema === 1 ? record : { ...record, schema: 1, readableBy: 1 });
  if (!isOurs) throw storageError("what is stored makes no sense", undefined, false);
  return record;
}
