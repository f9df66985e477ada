import { h, put } from "./dom.js";
import { paint } from "./who.js";
import { describe, hasFailed, outcome } from "./words.js";

const SHOWN = 120;
const PAUSE_MS = 4000;
// Columns that an event's word may lie across; most words fit in.
const WORD_COLUMNS = 5;
const LANES = [
  ["mine-events", "This tab", "events"],
  ["mine-requests", "", "requests"],
  ["other-events", "Other tabs", "events"],
  ["other-requests", "", "requests"],
];

/**
 * Events and requests in lanes, one column each, in the order of this page's time; above them the session as a band. In a
 * narrow window the stylesheet turns it: time runs downwards, the lanes stand side by side.
 */
export class Timeline {
  #log;
  #who;
  #events = [];
  #born = 0;
  #drawn = new Map();
  #lanes;
  #scroll;
  #first;

  constructor({ log, snapshot, who }) {
    this.#log = log;
    this.#who = who;
    this.#first = { who: () => who().of(snapshot), identity: snapshot.identity, sessionId: snapshot.sessionId };
    this.#lanes = h("ol", {
      class: "lanes",
      "aria-label": "Events and requests, oldest first",
      "data-testid": "lanes",
    });
    this.#scroll = h(
      "div",
      { class: "lanes-scroll", tabindex: 0, role: "group", "aria-label": "Timeline, can be scrolled" },
      this.#lanes,
    );
    this.element = h(
      "section",
      { class: "timeline", "aria-label": "What was done, in order" },
      h(
        "div",
        { class: "timeline-frame" },
        h(
          "div",
          { class: "lane-names", "aria-hidden": "true" },
          h("span", { class: "lane-session" }, "Session"),
          LANES.map(([id, name, what]) => h("span", { class: `lane-${id}` }, h("strong", {}, name), h("em", {}, what))),
        ),
        this.#scroll,
      ),
      h(
        "ul",
        { class: "legend", "aria-hidden": "true" },
        [
          ["event", "event"],
          ["token", "token request"],
          ["call", "shop request"],
          ["failed", "refused or lost"],
        ].map(([kind, text]) => h("li", {}, h("span", { class: `mark ${kind}` }), text)),
      ),
    );
  }

  end() {}

  show(_, event) {
    if (event) this.#add(event);
    this.#draw();
  }

  showRequests() {
    this.#draw();
  }

  /** Who it was is asked when drawing: a company's name may come later than its event. */
  #add(event) {
    this.#events.push({
      key: `e${(this.#born += 1)}`,
      at: performance.now(),
      lane: event.origin === "remote" ? "other-events" : "mine-events",
      mark: "event",
      title: event.type,
      text: `${event.origin === "remote" ? "Another tab" : "This tab"}: ${event.type}, ${event.reason}`,
      who: () => this.#who().of(event.snapshot),
      identity: event.snapshot.identity,
      sessionId: event.snapshot.sessionId,
    });
  }

  #draw() {
    const marks = [...this.#events, ...this.#requests()].sort((a, b) => a.at - b.at).slice(-SHOWN);
    const atEnd = atEndOf(this.#scroll);
    const former = this.#drawn;
    this.#drawn = new Map();
    const cells = [];
    let who = this.#first.who;
    let column = 1;
    let previous;
    const words = { "mine-events": [], "other-events": [] };
    for (const mark of marks) {
      if (previous !== undefined && mark.at - previous > PAUSE_MS) {
        cells.push(h("li", { class: "pause", "--column": column, "aria-hidden": "true" }, pause(mark.at - previous)));
        column += 1;
      }
      previous = mark.at;
      mark.column = column;
      const cell = h(
        "li",
        { class: `cell ${mark.lane}${former.has(mark.key) ? "" : " fresh"}`, "--column": column, title: mark.text },
        h("span", { class: `mark ${mark.mark}`, "aria-hidden": "true" }),
        mark.title && h("span", { class: "mark-title", "aria-hidden": "true" }, mark.title),
        mark.what && h("span", { class: "mark-what", "aria-hidden": "true" }, mark.what),
        h("span", { class: "hidden" }, mark.text),
      );
      words[mark.lane]?.push({ cell, column });
      paint(cell, who());
      if (mark.who) ({ who } = mark);
      this.#drawn.set(mark.key, cell);
      cells.push(cell);
      column += 1;
    }
    for (const lane of Object.values(words)) {
      lane.forEach(({ cell, column: from }, index) => {
        const room = (lane[index + 1]?.column ?? column) - from;
        cell.style.setProperty("--span", String(Math.min(WORD_COLUMNS, room)));
      });
    }
    this.#lanes.style.setProperty("--columns", String(Math.max(column - 1, 1)));
    put(this.#lanes, ...this.#bands(marks, column), ...cells);
    if (atEnd) this.#scroll.scrollTo(this.#scroll.scrollWidth, this.#scroll.scrollHeight);
  }

  #requests() {
    return this.#log.entries
      .filter((entry) => !entry.earlier)
      .map((entry) => {
        const { what, isToken } = describe(entry.path);
        const failed = hasFailed(entry);
        const bearer = entry.bearer ? `, ${entry.bearer === "none" ? "no" : entry.bearer} bearer` : "";
        return {
          key: `r${entry.key}`,
          at: entry.at,
          lane: entry.mine ? "mine-requests" : "other-requests",
          mark: `${isToken ? "token" : "call"}${failed ? " failed" : ""}`,
          what: failed ? `${what}, ${outcome(entry)}` : what,
          text: `${entry.mine ? "This tab" : "Another tab"} asked: ${what}${bearer}, ${entry.delivered === false ? "answer lost" : outcome(entry)}`,
        };
      });
  }

  /** A band for each identity; where the sessionId is another than before, the thread is seen to break. */
  #bands(marks, end) {
    const bands = [{ ...this.#first, from: 1, broken: true }];
    for (const mark of marks) {
      const current = bands.at(-1);
      if (mark.identity === undefined) continue;
      const broken = current.sessionId !== undefined && mark.sessionId !== current.sessionId;
      if (mark.identity === current.identity && !broken) current.sessionId ??= mark.sessionId;
      else bands.push({ who: mark.who, identity: mark.identity, sessionId: mark.sessionId, from: mark.column, broken });
    }
    return bands
      .map(({ from, who, broken }, index) => {
        const to = bands[index + 1]?.from ?? Math.max(end, from + 1);
        if (to <= from) return undefined;
        const described = who();
        const band = h(
          "li",
          { class: broken ? "band broken" : "band", "--column": from, "--span": to - from },
          h("span", { class: "band-label" }, described.label),
        );
        paint(band, described);
        return band;
      })
      .filter(Boolean);
  }
}

/** Sideways on a wide window, downwards on a narrow one. */
function atEndOf({ scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight }) {
  return scrollLeft + clientWidth >= scrollWidth - 24 && scrollTop + clientHeight >= scrollHeight - 24;
}

function pause(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
