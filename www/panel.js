import { byId, h, put, write } from "./dom.js";
import { Ring } from "./ring.js";
import { Thread } from "./thread.js";
import { paint } from "./who.js";

const SHOWN = 60;

/** The session panel: who the visitor is, what stayed the same, what was asked, what happened. Never a token. */
export class Panel {
  #who;
  #clock;
  #ends;
  #ring;
  #thread = new Thread();
  #log;
  #events = [];
  #visible = true;

  constructor({ who, clock, ends, log }) {
    this.#who = who;
    this.#clock = clock;
    this.#ends = ends;
    this.#log = log;
    this.#ring = new Ring(byId("ring"), clock.now);
    log.addEventListener("change", () => this.#showRequests());
    if (typeof IntersectionObserver === "function") {
      new IntersectionObserver((found) => (this.#visible = found.at(-1).isIntersecting)).observe(byId("session"));
    }
    this.#showEvents();
    this.#showRequests();
  }

  get visible() {
    return this.#visible;
  }

  show(snapshot, event) {
    this.#thread.observe(snapshot, event);
    if (event) {
      this.#events.unshift({ ...row(event), time: new Date(this.#clock.now()) });
      this.#events.length = Math.min(this.#events.length, SHOWN);
      this.#showEvents();
    }
    const who = this.#who.of(snapshot);
    paint(document.documentElement, who);
    document.documentElement.dataset.kind = snapshot.kind;
    write(byId("who"), who.label);
    write(byId("who-chip"), who.label);
    write(byId("who-detail"), who.detail);
    write(byId("session-id"), snapshot.sessionId ?? "none yet");
    write(byId("session-same"), this.#thread.words);
    byId("session-same").classList.toggle("kept", this.#thread.kept);
    const ends = this.#ends.of(snapshot);
    this.#ring.show(ends);
    this.#showFacts(snapshot, ends);
  }

  #showFacts({ kind, renewable, durable, saasExpiresAt }, { access, refresh, renewal }) {
    const ending = (time) => (time < this.#clock.now() ? "expired" : moment(time));
    const facts = [
      ["access ends", ending(access), "expires"],
      ["refresh ends", ending(refresh), "refresh-expires"],
      ["saas ends", ending(saasExpiresAt), "saas-expires"],
      ["renewal", kind === "customer" || access === undefined ? moment(renewal) : "on demand", "renewal"],
      ["renewable", renewable ? "yes" : "no", "renewable"],
      ["kept", durable ? "in storage" : "in memory", "durable"],
    ];
    put(
      byId("facts"),
      ...facts.map(([name, value, id]) =>
        h("div", {}, h("dt", {}, name), h("dd", { "data-testid": `fact-${id}` }, value)),
      ),
    );
  }

  #showEvents() {
    put(
      byId("events"),
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

  #showRequests() {
    const entries = this.#log.entries.slice(-SHOWN).reverse();
    const tokens = this.#log.entries.filter((entry) => entry.token).length;
    write(
      byId("requests-note"),
      entries.length === 0 ? "" : `${this.#log.entries.length} in all, ${tokens} for tokens`,
    );
    put(
      byId("requests"),
      ...(entries.length === 0
        ? [h("li", { class: "none muted" }, "None so far. Opening the session made no request.")]
        : []),
      ...entries.map((entry) =>
        h(
          "li",
          { class: entry.token ? "token" : "call", "data-testid": "request", "data-earlier": entry.earlier },
          h(
            "span",
            { class: "what" },
            h("strong", {}, entry.what),
            h("span", { class: "mono small path" }, target(entry)),
          ),
          h("span", { class: "tag" }, ...bearer(entry.bearer)),
          h("span", { class: `status ${status(entry)}` }, entry.delivered ? String(entry.status) : "lost"),
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
const bearer = (kind) => (!kind || kind === "none" ? ["no bearer"] : [kind, h("span", { class: "hidden" }, " bearer")]);
const target = ({ token, legalEntityId, method, path }) =>
  `${token && legalEntityId ? `for ${legalEntityId}: ` : ""}${method} ${path}`;
const status = ({ status: number, delivered }) =>
  !delivered || number >= 500 ? "bad" : number >= 400 ? "warn" : "good";
