// How one page of a browser without a driver is told what to do, and tells what came of it (see agent.mjs).

import { once } from "node:events";
import { createServer } from "node:http";

import { listen } from "../../../tools/lib/ports.mjs";

/** What a step is rejected with whose page was left. */
export const navigated = new Error("the page was left in the middle of a step");

/** How one page is told what to do: it asks for the next steps, and the answer waits until there is one. */
export class Line {
  #server = createServer((request, response) => this.#answer(request, response));
  #name;
  #waiting = [];
  #steps = new Map();
  #asking;
  #load;
  #count = 0;
  #arrivals = [];
  #departures = [];
  #askers = [];
  onTrouble = () => {};

  constructor(name) {
    this.#name = name;
  }

  async start() {
    this.url ??= `http://127.0.0.1:${(await listen(this.#server, 0)).port}`;
  }

  end() {
    return this.url && this.#server.listening ? ended(this.#server) : undefined;
  }

  /** Resolves when another document than now has come to the line. */
  arrival() {
    return new Promise((resolve) => this.#arrivals.push(resolve));
  }

  /** Resolves when the document asks no more. */
  departure() {
    return new Promise((resolve) => this.#departures.push(resolve));
  }

  /** Nobody will do what is left. */
  abandon() {
    for (const n of this.#steps.keys()) this.#take(n).reject(navigated);
  }

  send(work, arg, isLast = false) {
    const n = (this.#count += 1);
    const outcome = new Promise((resolve, reject) => this.#steps.set(n, { work, arg, isLast, resolve, reject }));
    this.#waiting.push(n);
    this.#deliver();
    return outcome;
  }

  /**
   * The step as a module: a policy against evaluated text does not mind it. It is handed out when the page asks for the
   * next one, because a step may close the page, and what ends with it is how that is noticed.
   */
  async step(n) {
    const { work, arg, isLast } = this.#steps.get(n) ?? {};
    if (!isLast && !this.#asking) await new Promise((resolve) => this.#askers.push(resolve));
    const source = typeof work === "function" ? `(${work})` : `() => { ${work} }`;
    return `export const work = ${source};\nexport const arg = ${JSON.stringify(arg)};\n`;
  }

  /** Of a step that leaves the page nothing is told, and the page asks no more. */
  sendLast(work, arg) {
    this.send(work, arg, true).catch(() => {});
  }

  #deliver() {
    if (!this.#asking || this.#waiting.length === 0) return;
    const numbers = this.#waiting.splice(0);
    for (const n of numbers) this.#steps.get(n).load = this.#load;
    const isLast = this.#steps.get(numbers.at(-1)).isLast;
    this.#asking.end(JSON.stringify({ steps: numbers.map((n) => `${this.#name}-${n}`), isLast }));
    this.#asking = undefined;
  }

  async #answer(request, response) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    const { pathname, search } = new URL(request.url, this.url);
    if (pathname === "/next") return this.#ask(search, response);
    const { n, value, error, troubles } = JSON.parse(Buffer.concat(await request.toArray()));
    for (const trouble of troubles) this.onTrouble(trouble);
    const step = this.#take(Number(n.split("-").at(-1)));
    if (error === undefined) step?.resolve(decode(value));
    else step?.reject(new Error(error));
    response.end();
  }

  #take(n) {
    const step = this.#steps.get(n);
    this.#steps.delete(n);
    return step;
  }

  #ask(load, response) {
    this.#asking = response;
    for (const resolve of this.#askers.splice(0)) resolve();
    response.on("close", () => {
      if (this.#asking !== response) return;
      this.#asking = undefined;
      for (const resolve of this.#departures.splice(0)) resolve();
    });
    if (load !== this.#load) {
      this.#load = load;
      for (const [n, step] of this.#steps) if (step.load !== undefined && step.load !== load) this.#take(n).reject(navigated);
      for (const resolve of this.#arrivals.splice(0)) resolve();
    }
    this.#deliver();
  }
}

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if (value.$ === "undefined") return undefined;
  if (value.$ === "number") return Number(value.text);
  if (value.$ === "error") return new Error(value.text);
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, decode(it)]));
}

/** Ends a server with all that is still asked of it. */
export async function ended(server) {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
