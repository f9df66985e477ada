import { svg, write } from "./dom.js";

const RADIUS = 52;
const KEY = "demo-token-life";

/** Time left of the access token, as a ring that runs down and a dot that goes round once a minute. */
export class Ring {
  #now;
  #expiresAt;
  #life;
  #root;
  #arc = svg("circle", { class: "ring-arc", cx: 60, cy: 60, r: RADIUS, pathLength: 1 });
  #dot = svg("g", { class: "ring-second" }, svg("circle", { cx: 60, cy: 60 - RADIUS, r: 4.5 }));
  #big = svg("text", { class: "ring-big", x: 60, y: 64 });
  #small = svg("text", { class: "ring-small", x: 60, y: 80 });

  constructor(root, now) {
    this.#now = now;
    this.#root = svg(
      "svg",
      { viewBox: "0 0 120 120", role: "img", "aria-label": "No token yet" },
      svg("circle", { class: "ring-track", cx: 60, cy: 60, r: RADIUS }),
      this.#arc,
      this.#dot,
      this.#big,
      this.#small,
    );
    root.replaceChildren(this.#root);
    this.#tick();
    setInterval(() => this.#tick(), 1000);
  }

  /** The snapshot says when the token ends, not when it began: its whole life is what was left when it was first seen. */
  show(expiresAt) {
    if (expiresAt !== this.#expiresAt) {
      this.#expiresAt = expiresAt;
      this.#life = expiresAt === undefined ? undefined : (recall(expiresAt) ?? expiresAt - this.#now());
      if (expiresAt !== undefined) remember(expiresAt, this.#life);
    }
    this.#tick();
  }

  #tick() {
    const left = this.#expiresAt === undefined ? undefined : Math.max(0, this.#expiresAt - this.#now());
    const share = left === undefined || !(this.#life > 0) ? 0 : Math.min(1, left / this.#life);
    this.#arc.style.strokeDashoffset = String(1 - share);
    this.#root.classList.toggle("empty", left === undefined || left === 0);
    const [big, small, words] = phrase(left);
    write(this.#big, big);
    write(this.#small, small);
    this.#root.setAttribute("aria-label", words);
    if (left !== undefined) this.#dot.style.transform = `rotate(${-Math.floor(left / 1000) * 6}deg)`;
  }
}

function phrase(left) {
  if (left === undefined) return ["–", "no token", "No token yet"];
  if (left === 0) return ["0:00", "expired", "The access token has expired"];
  const seconds = Math.floor(left / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  if (days > 1)
    return [
      `${days} d`,
      `${hours % 24} h ${minutes % 60} m`,
      `Access token: ${days} days and ${hours % 24} hours left`,
    ];
  if (hours > 0)
    return [
      `${hours}:${pad(minutes % 60)}`,
      `h, ${pad(seconds % 60)} s`,
      `Access token: ${hours} hours and ${minutes % 60} minutes left`,
    ];
  return [
    `${minutes}:${pad(seconds % 60)}`,
    "left",
    minutes > 0 ? `Access token: ${minutes} minutes left` : "Access token: less than a minute left",
  ];
}

const pad = (number) => String(number).padStart(2, "0");

function recall(expiresAt) {
  try {
    const known = JSON.parse(sessionStorage.getItem(KEY));
    return known?.expiresAt === expiresAt ? known.life : undefined;
  } catch {
    return undefined;
  }
}

function remember(expiresAt, life) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ expiresAt, life }));
  } catch {
    // Blocked storage: after a reload the ring begins full.
  }
}
