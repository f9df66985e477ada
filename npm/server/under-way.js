import { inTime } from "../answer.js";

/** For how long a token request holds its lease at most: what the platform has not answered by then it may never. */
const longest = 60_000;

/**
 * Resolves when none of these promises is open any more, which may become more meanwhile, and never fail. At the latest after the
 * time that a token request is given and the store's after it; a process does not end before.
 */
export const ended = (underWay, patience) =>
  inTime(longest + patience, async () => {
    while (underWay.size) await Promise.all(underWay);
  }).catch(() => {});
