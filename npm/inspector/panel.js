import { h, put, write } from "./dom.js";
import { Ring } from "./ring.js";
import { Thread } from "./thread.js";
import { describe, hasFailed, outcome } from "./words.js";

const SHOWN = 60;

/** The session panel: who the visitor is, what stayed the same, what was asked, what happened. Never a token. */
export class Panel {
  #who;
  #now;
  #ends;
  #ring;
  #thread = new Thread();
  #log;
  #events = [];
  #label = h("p", { class: "who-kind", "data-testid": "who" });
  #detail = h("p", { class: "muted", "data-testid": "who-detail" });
  #sessionId = h("p", { class: "mono", "data-testid": "session-id" });
  #same = h("p", { class: "same", "data-testid": "session-same" });
  #facts = h("dl", { class: "facts", "data-testid": "facts" });
  #count = h("span", { class: "muted" });
  #asked = list("requests", "requests-title");
  #happened = list("events", "events-title");

  constructor({ who, now, ends, log }) {
    this.#who = who;
    this.#now = now;
    this.#ends = ends;
    this.#log = log;
    this.#ring = new Ring(now);
    this.element = h(
      "section",
      { class: "panel", "aria-label": "Who the visitor is" },
      h(
        "div",
        { class: "who" },
        h("div", { class: "ring", "data-testid": "ring" }, this.#ring.element),
        h("div", { class: "who-text" }, this.#label, this.#detail),
      ),
      h("div", { class: "id-box" }, h("p", { class: "id-label" }, "sessionId"), this.#sessionId, this.#same),
      this.#facts,
      h("p", { class: "sub", id: "requests-title" }, "Requests ", this.#count),
      this.#asked,
      h("p", { class: "sub", id: "events-title" }, "Events"),
      this.#happened,
    );
    this.#showEvents();
    this.showRequests();
  }

  end() {
    this.#ring.end();
  }

  show(snapshot, event) {
    this.#thread.observe(snapshot, event);
    if (event) {
      this.#events.unshift({ ...row(event), time: new Date(this.#now()) });
      this.#events.length = Math.min(this.#events.length, SHOWN);
      this.#showEvents();
    }
    const { label, detail } = this.#who().of(snapshot);
    write(this.#label, label);
    write(this.#detail, detail);
    write(this.#sessionId, snapshot.sessionId ?? "none yet");
    write(this.#same, this.#thread.words);
    this.#same.classList.toggle("kept", this.#thread.kept);
    const ends = this.#ends.of(snapshot);
    this.#ring.show(ends);
    this.#showFacts(snapshot, ends);
  }

  #showFacts({ kind, renewable, durable, saasExpiresAt }, { access, refresh, renewal }) {
    const ending = (time) => (time < this.#now() ? "expired" : moment(time));
    const facts = [
      ["access ends", ending(access), "expires"],
      ["refresh ends", ending(refresh), "refresh-expires"],
      ["saas ends", ending(saasExpiresAt), "saas-expires"],
      ["renewal", kind === "customer" || access === undefined ? moment(renewal) : "on demand", "renewal"],
      ["renewable", renewable ? "yes" : "no", "renewable"],
      ["kept", durable ? "in storage" : "in memory", "durable"],
    ];
    put(
      this.#facts,
      ...facts.map(([name, value, id]) =>
        h("div", {}, h("dt", {}, name), h("dd", { "data-testid": `fact-${id}` }, value)),
      ),
    );
  }

  #showEvents() {
    put(
      this.#happened,
      ...(this.#events.length === 0 ? [h("li", { class: "none muted" }, "Nothing has happened yet.")] : []),
      ...this.#events.map(({ type, reason, remote, note, time }) =>
        h(
          "li",
          { class: remote ? "remote" : "local", "data-testid": "event", "data-type": type },
          h("span", { class: "what" }, h("strong", {}, type), ` ${reason}`),
          h("span", { class: "tag" }, remote ? "other tab" : "this tab"),
          h("span", { class: "mono small" }, time.toLocaleTimeString("en-GB")),
          note && h("span", { class: "note" }, note),
        ),
      ),
    );
  }

  showRequests() {
    const entries = this.#log.entries.slice(-SHOWN).reverse();
    const tokens = this.#log.entries.filter(({ path }) => describe(path).isToken).length;
    write(
      this.#count,
      entries.length === 0 ? "" : `${this.#log.entries.length} in all, ${tokens} for tokens`,
    );
    put(
      this.#asked,
      ...(entries.length === 0
        ? [h("li", { class: "none muted" }, "None so far. Opening the session made no request.")]
        : []),
      ...entries.map((entry) =>
        h(
          "li",
          { class: describe(entry.path).isToken ? "token" : "call", "data-testid": "request", "data-earlier": entry.earlier },
          h(
            "span",
            { class: "what" },
            h("strong", {}, describe(entry.path).what),
            h("span", { class: "mono small path" }, target(entry)),
          ),
          entry.bearer && h("span", { class: "tag" }, ...bearer(entry.bearer)),
          h("span", { class: `status ${status(entry)}` }, outcome(entry)),
        ),
      ),
    );
  }
}

function row({ type, reason, origin, remote: confirmed, snapshot, previous }) {
  const notes = [];
  if (confirmed) notes.push(confirmed === "done" ? "the platform confirmed it" : "the platform did not confirm it");
  if (previous.sessionId && snapshot.sessionId && previous.sessionId !== snapshot.sessionId)
    notes.push(`sessionId was ${previous.sessionId}`);
  return { type, reason, remote: origin === "remote", note: notes.join("; ") };
}

const moment = (time) =>
  time === undefined
    ? "–"
    : new Date(time)
        .toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })
        .replace(",", "");
const bearer = (kind) => (kind === "none" ? ["no bearer"] : [kind, h("span", { class: "hidden" }, " bearer")]);
const target = ({ legalEntityId, method = "", path }) =>
  `${describe(path).isToken && legalEntityId ? `for ${legalEntityId}: ` : ""}${method} ${path}`.trim();
const status = (entry) => (!hasFailed(entry) ? "good" : entry.status < 500 && entry.delivered ? "warn" : "bad");
const list = (name, title) => h("ol", { class: `list ${name}`, part: name, tabindex: 0, "aria-labelledby": title, "data-testid": name });
