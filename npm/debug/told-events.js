import { brief } from "./lines.js";

/** Who is told of, without an id in full. */
export const whoIs = ({ kind, sessionId, legalEntityId }) => `${kind}, sessionId ${brief(sessionId)}, company ${brief(legalEntityId)}`;

export function tellEvent(lines, { type, reason, origin, snapshot, previous }) {
  const change = snapshot.identity === previous?.identity ? "the same identity" : "another identity";
  lines.add("event", `${type}, ${reason}, ${origin}: ${change}; ${whoIs(snapshot)}, durable ${snapshot.durable}, renewable ${snapshot.renewable}`);
}
