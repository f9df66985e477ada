import { seconds } from "./lines.js";
import { tellWaiting } from "./told-lock.js";
import { ToldRecord } from "./told-record.js";
import { tellRequest } from "./told-requests.js";

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
    #told = new ToldRecord(lines, () => this.now());
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
        if (given.length > 0 && given[0]) this.#told.see(given[0], "another tab announced");
        else if (given.length > 0) lines.add("record", "another tab cleared it");
        hear(...given);
      });
    }

    read(storage) {
      const answer = super.read(storage);
      answer.settled.then(() => this.#told.see(answer.state === 1 ? answer.value : undefined, "another tab has stored"));
      return answer;
    }

    readNow(storage) {
      const text = super.readNow(storage);
      this.#told.see(text, "another tab has stored");
      return text;
    }

    write(storage, text) {
      const begin = lines.clock();
      const answer = super.write(storage, text);
      const { record, what, isNote } = this.#told.next(text);
      if (!isNote) this.#answered = undefined;
      answer.settled.then(() => {
        if (this.#isMemory) lines.add("record", `kept in memory: ${what}`);
        else if (answer.state !== 1) lines.add("record", `not stored (${answer.value ? "storage is full" : "storage cannot be used"}): ${what}`);
        else lines.end("store", "record", `stored as revision ${record?.revision}: ${what}`, begin);
        this.#told.keep(record);
      });
      return answer;
    }

    send(request, keepalive) {
      const answer = super.send(request, keepalive);
      if (!request) return answer;
      tellRequest(lines, this.#told, { request, answer, apiUrl: this.#apiUrl, state, granted: (what) => (this.#answered = what) });
      return answer;
    }

    lock(patience) {
      const answer = super.lock(patience);
      let holder;
      const looking = this.#isShared ? holderOf(this.#key).then((found) => (holder ??= found)) : Promise.resolve();
      const waiting = tellWaiting(lines, patience, () => holder);
      answer.settled.then(async () => {
        waiting.isOver();
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
        const rivals = lock?.rivals ? `; others may be at work for ${seconds(lock.rivals)} all the same` : "";
        if (release) waiting.granted(rivals);
        else waiting.refused();
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
