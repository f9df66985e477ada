import { after } from "../answer.js";
import { seconds } from "./lines.js";

/** How long a lock is waited for before a line says so. */
const patienceOfReader = 1_000;

/**
 * Tells that a lock is waited for; what is given tells how that has ended. `holder()` says in words who has it or had it, as far
 * as that is known.
 */
export function tellWaiting(lines, patience, holder) {
  const begin = lines.clock();
  const held = () => (holder() ? `, after ${holder()} had it` : "");
  const cancel = after(patienceOfReader, () => lines.add("lock", `still waited for${holder() ? `, held by ${holder()}` : ""}`));
  return {
    isOver: cancel,
    granted: (more = "") => lines.end("lock-wait", "lock", `granted${held()}${more}`, begin),
    refused: (why = ` in ${seconds(patience)}`) => lines.end("lock-wait", "lock", `not granted${why}${held()}`, begin),
  };
}
