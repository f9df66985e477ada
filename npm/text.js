import { attempt } from "./answer.js";

/** A text that can be sent: no longer than an address can be, and with no half of a character, which would arrive as another. */
export const isSendable = (it) => typeof it === "string" && !it[8192] && attempt(() => encodeURIComponent(it)) !== undefined;
