import { svg, write } from "./dom.js";

const RADIUS = 52;

/** Time left until the tokens are renewed or end, as a ring that runs down and a dot that goes round once a minute. */
export class Ring {
  #now;
  #ends = {};
  #timer;
  #arc = svg("circle", { class: "ring-arc", cx: 60, cy: 60, r: RADIUS, pathLength: 1 });
  #dot = svg("g", { class: "ring-second" }, svg("circle", { cx: 60, cy: 60 - RADIUS, r: 4.5 }));
  #big = svg("text", { class: "ring-big", x: 60, y: 64 });
  #small = svg("text", { class: "ring-small", x: 60, y: 80 });

  constructor(now) {
    this.#now = now;
    this.element = svg(
      "svg",
      { viewBox: "0 0 120 120", role: "img", "aria-label": "No token yet" },
      svg("circle", { class: "ring-track", cx: 60, cy: 60, r: RADIUS }),
      this.#arc,
      this.#dot,
      this.#big,
      this.#small,
    );
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  end() {
    clearInterval(this.#timer);
  }

  show(ends) {
    this.#ends = ends;
    this.#tick();
  }

  #tick() {
    const { end, received, renews } = this.#aim();
    const left = end === undefined ? undefined : Math.max(0, end - this.#now());
    const share = left === undefined ? 0 : Math.min(1, left / (end - received));
    this.#arc.style.strokeDashoffset = String(1 - share);
    this.element.classList.toggle("empty", !left);
    const [big, small, words] = phrase(left, renews);
    write(this.#big, big);
    write(this.#small, small);
    this.element.setAttribute("aria-label", words);
    if (left !== undefined) this.#dot.style.transform = `rotate(${-Math.floor(left / 1000) * 6}deg)`;
  }

  /** The next renewal; where there is none, or it did not come, the nearer of the tokens' ends. */
  #aim() {
    const { received = this.#now(), access, refresh = access, renewal } = this.#ends;
    if (renewal > this.#now()) return { end: renewal, received, renews: true };
    // Once the refresh token has ended, the session lives on its access token.
    return { end: refresh > this.#now() ? Math.min(access, refresh) : access, received, renews: false };
  }
}

function phrase(left, renews) {
  if (left === undefined) return ["–", "no token", "No token yet"];
  if (left === 0) return ["0:00", "expired", "The access token has expired"];
  const seconds = Math.floor(left / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  const until = renews ? "to renewal" : "left";
  const spoken = (time) => (renews ? `Renewal in ${time}` : `The token ends in ${time}`);
  if (days > 1) return [`${days} d`, until, spoken(`${days} days and ${hours % 24} hours`)];
  if (hours > 0)
    return [`${hours}:${pad(minutes % 60)}`, `h ${until}`, spoken(`${hours} hours and ${minutes % 60} minutes`)];
  return [
    `${minutes}:${pad(seconds % 60)}`,
    until,
    spoken(minutes > 0 ? `${minutes} minutes` : "less than a minute"),
  ];
}

const pad = (number) => String(number).padStart(2, "0");
