import { attempt } from "../answer.js";
import { brief, seconds } from "./lines.js";

/** The record as it was told last: what others have stored is told once, and why tokens are asked for is read from it. */
export class ToldRecord {
  #lines;
  #now;
  #record;

  constructor(lines, now) {
    this.#lines = lines;
    this.#now = now;
  }

  get isKnown() {
    return this.#record !== undefined;
  }

  /** What others have stored is adopted; the same again says nothing. */
  see(text, how) {
    const record = text && attempt(() => JSON.parse(text));
    const former = this.#record;
    if (!record || !(record.revision > (former?.revision ?? -1))) return;
    this.#record = record;
    if (!former) return;
    const change = record.identity === former.identity ? "the same identity" : "another identity";
    this.#lines.add("record", `${how} revision ${record.revision} (here: ${former.revision}), ${change}: ${contents(record, former)}; it is adopted`);
  }

  /** What is to be stored, in words, and whether it only notes that something begins: `{ record, what, isNote }`. */
  next(text) {
    const record = attempt(() => JSON.parse(text));
    const { pending } = record ?? {};
    const isNote = !!pending && !pending.late;
    return { record, isNote, what: isNote ? `that a ${pending.op} begins` : contents(record, this.#record) };
  }

  /** It is in force from now on. */
  keep(record = this.#record) {
    this.#record = record;
  }

  forget() {
    this.#record = undefined;
  }

  /** Why tokens are asked for, as far as the record and the calls under way tell it. */
  reason(what, request, { isCalled, refused }) {
    const record = this.#record;
    if (/anonymous\/login$/.test(what)) return record?.guest ? "the guest's token cannot be renewed" : "the guest has no token yet";
    if (!/anonymous\/refresh$|refreshauthtoken$/.test(what)) return "";
    const isGuest = /anonymous/.test(what);
    const { access, refresh } = (isGuest ? record?.guest : record?.customer?.pair) ?? {};
    const company = attempt(() => new URL(request.url).searchParams.get("legalEntityId"));
    const whom = company ? ` (for company ${brief(company)})` : "";
    const now = this.#now();
    const ended = endOf(access) - now;
    const share = (now - refresh?.received) / refresh?.lives;
    if (isGuest && record?.customer) return "the guest's token is what the customer's renewal is sent with";
    const name = ["switchLegalEntity", "refresh", "login", "adopt"].find(isCalled);
    if (name) return `${name}() was called${whom}`;
    if (refused) return `an API call was answered with 401${whom}`;
    if (now < access?.received) return `the clock was set back, and the token's age is not known${whom}`;
    if (ended <= 0) return `the access token ended ${seconds(-ended)} ago${whom}`;
    if (share >= 0.75) return `${Math.floor(share * 100)} % of the refresh token's life are over${whom}`;
    if (ended >= 0) return `the access token ends in ${seconds(ended)}${whom}`;
    return `the token's end is not known${whom}`;
  }
}

/** What a record says, beside the former. */
export function contents(record, former) {
  if (!record?.guest && !record?.customer) return "nobody's: a logout or an end";
  const pair = pairOf(record);
  const tokens = pair.access?.token === pairOf(former).access?.token ? "the same tokens" : "new tokens";
  return `${record.customer ? "customer" : "guest"}, ${tokens}, company ${brief(record.customer?.legalEntityId)}`;
}

const pairOf = (record) => record?.customer?.pair ?? record?.guest ?? {};
const endOf = (held) => (held?.lives === undefined ? NaN : held.received + held.lives);
