// One platform of the WebAssembly: its time, and who waits for its answers.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";

import { Rules, initSync } from "./sandbox_node.js";

/** The platform's documented limit for a body, in bytes. */
export const MAX_BODY = 10 * 1024 * 1024;

/** The longest time that a timer takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

// Taken before a test may put a clock of its own in their place: the platform's time is the machine's.
const now = performance.now.bind(performance);
const { timeOrigin } = performance;

let isLoaded = false;

/** Compiled at the first start, and once for all platforms of the process. */
function load() {
  if (isLoaded) return;
  initSync({ module: readFileSync(new URL("sandbox.wasm", import.meta.url)) });
  isLoaded = true;
}

export class Platform {
  #rules;
  #waiting = new Set();

  constructor() {
    load();
    // A seed of its own for each: a token stored by another one must not be known here.
    this.#rules = new Rules(randomBytes(8).readBigUInt64LE());
  }

  get isStopped() {
    return this.#rules === undefined;
  }

  /**
   * Does the work of one request and returns `{ status, headers, body, delivery, number }`. The headers are pairs of a name and a
   * value, those of the request as well.
   */
  handle(method, target, headers, body) {
    let lines = "";
    for (const [name, value] of headers) lines += `${name}: ${value}\n`;
    const text = this.#rules.handle(timeOrigin + now(), method, target, lines, body);
    if (this.#waiting.size > 0) this.#ring();
    return read(text);
  }

  /** Resolves once an answer is to arrive, to whether it does: not where it is lost, the caller has left or the sandbox stops. */
  arrival({ delivery, number }, signal) {
    return new Promise((resolve) => {
      if (delivery === "now" || delivery === "never") return resolve(delivery === "now");
      const isHeld = delivery === "held";
      const leave = () => {
        if (isHeld) this.#rules.abandon(number);
        waiter.end(false);
      };
      const timer = isHeld ? undefined : setTimeout(() => waiter.end(true), Math.min(number, LONGEST));
      const waiter = {
        ticket: isHeld ? number : undefined,
        end: (arrives) => {
          this.#waiting.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener("abort", leave);
          resolve(arrives);
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener("abort", leave);
      if (signal?.aborted) leave();
    });
  }

  stop() {
    for (const waiter of this.#waiting) waiter.end(false);
    this.#rules?.free();
    this.#rules = undefined;
  }

  /** Lets the answers go that have been released. */
  #ring() {
    for (const { ticket, end } of this.#waiting) {
      if (ticket !== undefined && !this.#rules.isHeld(ticket)) end(true);
    }
  }
}

/** An answer as sandbox/node writes it. */
function read(text) {
  const end = text.indexOf("\n\n");
  const [line, ...lines] = text.slice(0, end).split("\n");
  const [status, delivery, number] = line.split(" ");
  const headers = lines.map((header) => {
    const colon = header.indexOf(": ");
    return [header.slice(0, colon), header.slice(colon + 2)];
  });
  return { status: Number(status), headers, body: text.slice(end + 2), delivery, number: Number(number) };
}
