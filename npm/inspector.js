import { Ends } from "./inspector/ends.js";
import { h } from "./inspector/dom.js";
import { OwnRequests } from "./inspector/requests.js";
import { Panel } from "./inspector/panel.js";
import style from "./inspector/style.css";
import { Timeline } from "./inspector/timeline.js";
import { Who, paint } from "./inspector/who.js";

export { Who };

// Importing it on a server does nothing.
const Base = globalThis.HTMLElement ?? Object;
const properties = ["session", "who", "now", "lifetimes", "requests"];

/** What a session does, for those who develop a storefront: a panel (who, how long, requests, events) and a timeline. It asks nothing. */
export class SessionInspector extends Base {
  static observedAttributes = ["view"];

  #session;
  #who = new Who();
  #now = () => Date.now();
  #ends = new Ends();
  #requests;
  #own;
  #parts = [];
  #end;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(h("style", {}, style));
    }
  }

  /** The session that is shown; nothing is, without one. */
  get session() {
    return this.#session;
  }

  set session(session) {
    if (session === this.#session) return;
    this.#session = session;
    this.#restart();
  }

  /** Names and colours: who a snapshot speaks of. */
  get who() {
    return this.#who;
  }

  set who(who) {
    this.#who = who ?? new Who();
    this.draw();
  }

  /** The wall clock that the session was opened with. */
  get now() {
    return this.#now;
  }

  set now(now) {
    this.#now = now ?? (() => Date.now());
    this.#restart();
  }

  /** How long tokens live, in seconds, where it is known: only then it is known when they are renewed. */
  get lifetimes() {
    return this.#ends.lifetimes;
  }

  set lifetimes(lifetimes) {
    this.#ends.lifetimes = lifetimes ?? {};
    this.draw();
  }

  /** Who knows the requests; without one, the browser's own account of this tab's. */
  get requests() {
    return this.#requests;
  }

  set requests(requests) {
    this.#requests = requests;
    this.#restart();
  }

  connectedCallback() {
    // What was set before the element was defined.
    for (const name of properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback() {
    this.#restart();
  }

  /** Draws anew what has come to be known otherwise than by an event, such as names. */
  draw() {
    if (!this.#end) return;
    const snapshot = this.#session.getSnapshot();
    paint(this, this.#who.of(snapshot));
    for (const part of this.#parts) part.show(snapshot);
  }

  #restart() {
    this.#stop();
    this.#start();
  }

  #start() {
    if (!this.isConnected || !this.#session || this.#end) return;
    const session = this.#session;
    const log = this.#requests ?? (this.#own ??= new OwnRequests());
    const about = { log, who: () => this.#who, now: () => this.#now(), ends: this.#ends, snapshot: session.getSnapshot() };
    const view = this.getAttribute("view");
    this.#parts = [view !== "timeline" && new Panel(about), view !== "panel" && new Timeline(about)].filter(Boolean);
    for (const { element } of this.#parts) this.shadowRoot.append(element);
    const hear = (event) => {
      paint(this, this.#who.of(event.snapshot));
      // That something is under way is no step of the session.
      const step = event.type === "busy" ? undefined : event;
      for (const part of this.#parts) part.show(event.snapshot, step);
    };
    const read = () => this.#parts.forEach((part) => part.showRequests());
    const unsubscribe = session.subscribe(hear);
    log.addEventListener("change", read);
    if (log === this.#own) log.begin();
    this.#end = () => {
      unsubscribe();
      log.removeEventListener("change", read);
      if (log === this.#own) log.end();
      for (const part of this.#parts) part.end();
    };
    this.draw();
  }

  #stop() {
    this.#end?.();
    this.#end = undefined;
    for (const { element } of this.#parts) element.remove();
    this.#parts = [];
  }
}

if (globalThis.customElements && !customElements.get("session-inspector")) customElements.define("session-inspector", SessionInspector);
