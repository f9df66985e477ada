import { attempt } from "../answer.js";
import { brief, target } from "./lines.js";

/** How long a lock is waited for before a line says so. */
const patienceOfReader = 1_000;

/**
 * The services of a page as the core has them, each of which tells what was asked of it. `state` says which methods are
 * under way (`isCalled`) and whether an API call was answered with 401 (`refused`).
 */
export const watchedPage = (Page, lines, state) =>
  class extends Page {
    #key;
    #apiUrl;
    #isShared;
    #isMemory;
    /** When the page is to look again by itself. */
    #due = 0;
    /** The record as this page knows it. */
    #record;
    /** A token's answer of which nothing is stored yet. */
    #answered;

    constructor(key, area, options, life, run) {
      super(key, area, options, life, run);
      this.#key = key;
      this.#apiUrl = options.apiUrl;
      this.#isMemory = area === "memory";
      this.#isShared = options.place !== "server" && area !== "memory";
    }

    listen(hear) {
      super.listen((...given) => {
        if (given.length > 0 && given[0]) this.#see(given[0], "another tab announced");
        else if (given.length > 0) lines.add("record", "another tab cleared it");
        hear(...given);
      });
    }

    read(storage) {
      const answer = super.read(storage);
      answer.settled.then(() => this.#see(answer.state === 1 ? answer.value : undefined, "another tab has stored"));
      return answer;
    }

    readNow(storage) {
      const text = super.readNow(storage);
      this.#see(text, "another tab has stored");
      return text;
    }

    /** What others have stored is adopted; the same again says nothing. */
    #see(text, how) {
      const record = text && attempt(() => JSON.parse(text));
      const former = this.#record;
      if (!record || !(record.revision > (former?.revision ?? -1))) return;
      this.#record = record;
      if (!former) return;
      const change = record.identity === former.identity ? "the same identity" : "another identity";
      lines.add("record", `${how} revision ${record.revision} (here: ${former.revision}), ${change}: ${this.#contents(record, former)}; it is adopted`);
    }

    write(storage, text) {
      const begin = lines.clock();
      const answer = super.write(storage, text);
      const record = attempt(() => JSON.parse(text));
      const what = record?.pending ? `that a ${record.pending.op} begins` : this.#contents(record, this.#record);
      if (!record?.pending) this.#answered = undefined;
      answer.settled.then(() => {
        if (this.#isMemory) lines.add("record", `kept in memory: ${what}`);
        else if (answer.state !== 1) lines.add("record", `not stored (${answer.value ? "storage is full" : "storage cannot be used"}): ${what}`);
        else lines.end("store", "record", `stored as revision ${record?.revision}: ${what}`, begin);
        this.#record = record ?? this.#record;
      });
      return answer;
    }

    #contents(record, former) {
      if (!record?.guest && !record?.customer) return "nobody's: a logout or an end";
      const pair = pairOf(record);
      const tokens = pair.access?.token === pairOf(former).access?.token ? "the same tokens" : "new tokens";
      return `${record.customer ? "customer" : "guest"}, ${tokens}, company ${brief(record.customer?.legalEntityId)}`;
    }

    send(request, keepalive) {
      const answer = super.send(request, keepalive);
      if (!request) return answer;
      const what = target(request, undefined, this.#apiUrl);
      const why = this.#reason(what, request);
      lines.add("request", `${what}${why && `, because ${why}`}`);
      const begin = lines.clock();
      answer.settled.then(() => {
        const status = answer.value?.status;
        const isTokens = /login$|refresh(authtoken)?$/.test(what);
        if (isTokens) state.refused = false;
        if (isTokens && status === 200) this.#answered = what;
        const meaning = status === undefined ? "no answer: nothing is decided by that" : status < 400 ? "" : isTokens && (status === 400 || status === 401) ? "refused" : "a fault, which ends nothing";
        lines.end("request", "answer", `${status ?? "none"} to ${what}${meaning && `: ${meaning}`}`, begin);
      });
      return answer;
    }

    /** Why tokens are asked for, as far as the record and the calls under way tell it. */
    #reason(what, request) {
      const record = this.#record;
      if (/anonymous\/login$/.test(what)) return record?.guest ? "the guest's token cannot be renewed" : "the guest has no token yet";
      if (!/anonymous\/refresh$|refreshauthtoken$/.test(what)) return "";
      const isGuest = /anonymous/.test(what);
      const { access, refresh } = (isGuest ? record?.guest : record?.customer?.pair) ?? {};
      const company = attempt(() => new URL(request.url).searchParams.get("legalEntityId"));
      const whom = company ? ` (for company ${brief(company)})` : "";
      const ended = endOf(access) - this.now();
      const share = (this.now() - refresh?.received) / refresh?.lives;
      if (isGuest && record?.customer) return "the guest's token is what the customer's renewal is sent with";
      const name = ["switchLegalEntity", "refresh", "login", "adopt"].find(state.isCalled);
      if (name) return `${name}() was called${whom}`;
      if (state.refused) return `an API call was answered with 401${whom}`;
      if (this.now() < access?.received) return `the clock was set back, and the token's age is not known${whom}`;
      if (ended <= 0) return `the access token ended ${seconds(-ended)} ago${whom}`;
      if (share >= 0.75) return `${Math.floor(share * 100)} % of the refresh token's life are over${whom}`;
      if (ended >= 0) return `the access token ends in ${seconds(ended)}${whom}`;
      return `the token's end is not known${whom}`;
    }

    lock(patience) {
      const begin = lines.clock();
      const answer = super.lock(patience);
      let holder;
      let isOver = false;
      const looking = this.#isShared ? holderOf(this.#key).then((found) => (holder ??= found)) : Promise.resolve();
      const timer = setTimeout(() => isOver || lines.add("lock", `still waited for${holder ? `, held by ${holder}` : ""}`), patienceOfReader);
      timer?.unref?.();
      answer.settled.then(async () => {
        isOver = true;
        clearTimeout(timer);
        const lock = answer.value;
        const release = lock?.release;
        const granted = lines.clock();
        if (release) {
          lock.release = () => {
            if (this.#answered) lines.add("record", `the answer to ${this.#answered} was not stored: it came too late, or for somebody else`);
            this.#answered = undefined;
            lines.end("lock", "lock", "released", granted);
            release();
          };
        }
        // A look never delays the session; where it is not done, nothing is said of it.
        await Promise.race([looking.catch(() => {}), Promise.resolve()]);
        const held = holder ? `, after ${holder} had it` : "";
        const rivals = lock?.rivals ? `; others may be at work for ${seconds(lock.rivals)} all the same` : "";
        lines.end("lock-wait", "lock", release ? `granted${held}${rivals}` : `not granted in ${seconds(patience)}${held}`, begin);
      });
      return answer;
    }

    wakeAfter(time) {
      super.wakeAfter(time);
      // Each call sets it anew, mostly to the same moment.
      const due = this.now() + time;
      if (Math.abs(due - this.#due) > 5_000) lines.add("timer", `looks again in ${seconds(time)}`);
      this.#due = due || this.#due;
    }
  };

const pairOf = (record) => record?.customer?.pair ?? record?.guest ?? {};
const endOf = (held) => (held?.lives === undefined ? NaN : held.received + held.lives);
const seconds = (ms) => `${Math.round(ms / 100) / 10} s`;

/** What the browser calls this page, asked of it once. */
let ownId;
const askOwnId = () =>
  (ownId ??= (async () => {
    const name = `storefront-session-debug:${Math.random()}`;
    return navigator.locks.request(name, async () => (await navigator.locks.query()).held.find((it) => it.name === name)?.clientId);
  })());

/** Who has the lock now, in words. */
async function holderOf(key) {
  const { held } = await navigator.locks.query();
  const main = held.find(({ name }) => name === key || (name.startsWith(`${key}:`) && /^\d+$/.test(name.slice(key.length + 1))));
  if (main) return main.clientId === (await askOwnId()) ? "this tab" : "another tab";
}
