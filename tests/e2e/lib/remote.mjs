// A browser without a driver, behind as much of Playwright's interface as the tests of the package use. Every page comes
// through a proxy that puts the agent into it. What a driver alone could do is refused, in words that tests/engines knows.

import { createServer, request as ask } from "node:http";

import { engineVersion, startEngine } from "../../../tools/lib/engines.mjs";
import { listen } from "../../../tools/lib/ports.mjs";
import { agent } from "./agent.mjs";
import { Line, ended, navigated } from "./line.mjs";
import { Routes } from "./routes.mjs";

/** How an error begins that says: this test needs a driver. */
export const NEEDS_DRIVER = "needs a driver: ";

/** Only what hangs is to reach it. */
const patience = 300_000;

/** The engine's browser, as `launchBrowser` returns Chromium's. */
export async function launchRemote(name, options) {
  const browser = new RemoteBrowser(await engineVersion(name));
  await browser.start(name, options);
  return strict("browser", browser);
}

class RemoteBrowser {
  #engine;
  #contexts = [];
  #home;
  #version;

  constructor(version) {
    this.#version = version;
  }

  version() {
    return this.#version;
  }

  async start(name, options = {}) {
    this.#home = this.#context();
    const page = new RemotePage(this.#home);
    const url = await this.#home.addressOf(page, "about:blank");
    this.#engine = await startEngine(name, url, options);
    await within(page.line.arrival(), `${name} to open its first page`);
    // Windows are all visible, as Playwright's pages are; of tabs only one is.
    const features = options.isSteady === false ? "noopener" : "noopener,popup";
    this.open = (url) => page.evaluate(([url, features]) => void window.open(url, "_blank", features), [url, features]);
  }

  async newContext() {
    return strict("context", this.#context());
  }

  #context() {
    const context = new RemoteContext(this.open);
    this.#contexts.push(context);
    return context;
  }

  async close() {
    await this.#engine?.stop();
    for (const context of this.#contexts) await context.end();
  }
}

/** Pages of one visitor: proxies of its own make origins of its own, so nothing is stored there yet. */
class RemoteContext {
  #proxies = new Map();
  #pages = new Map();
  #inits = [];
  #open;
  routes = new Routes();

  constructor(open) {
    this.#open = open;
  }

  setDefaultTimeout() {}

  async addInitScript(work, arg) {
    this.#inits.push(callOf(work, arg));
  }

  async newPage() {
    return strict("page", new RemotePage(this, this.#open));
  }

  /** Closes the pages. The proxies stay: a port that were free might be the next visitor's, and what is stored with it. */
  async close() {
    for (const page of this.#pages.values()) await page.close();
    for (const { server } of this.#proxies.values()) server.closeIdleConnections();
  }

  async end() {
    for (const { server } of this.#proxies.values()) await ended(server);
    for (const page of this.#pages.values()) await page.line.end();
  }

  /** Where the page finds this address, behind a name that the page is given. */
  async addressOf(page, url) {
    await page.line.start();
    this.#pages.set(page.name, page);
    const { origin, pathname, search } = url === "about:blank" ? { origin: url, pathname: "/", search: "" } : new URL(url);
    return `${await this.#proxy(origin)}/-agent/open/${page.name}/${encodeURIComponent(pathname + search)}`;
  }

  async #proxy(origin) {
    if (!this.#proxies.has(origin)) {
      const server = createServer((request, response) => this.#answer(origin, request, response));
      this.#proxies.set(origin, { server, url: `http://127.0.0.1:${(await listen(server, 0)).port}` });
    }
    return this.#proxies.get(origin).url;
  }

  async #answer(origin, request, response) {
    const [, what, rest] = /^\/-agent\/(\w+)(.*)$/.exec(request.url) ?? [];
    if (what === "boot") return response.setHeader("Content-Type", "text/javascript").end(this.#boot());
    if (what === "step") {
      const [, name, n] = /^\/(.+)-(\d+)\.js$/.exec(rest);
      return response.setHeader("Content-Type", "text/javascript").end(await this.#pages.get(name)?.line.step(Number(n)));
    }
    if (what === "open" || origin === "about:blank") return bare(response);
    return this.routes.answer(origin + request.url, request, response, () => this.#pass(origin, request, response));
  }

  #boot() {
    const pages = [...this.#pages.values()].map(({ name, line, inits }) => {
      const calls = [...this.#inits, ...inits].map((call) => `() => ${call}`);
      return `${JSON.stringify(name)}: { line: ${JSON.stringify(line.url)}, inits: [${calls.join()}] }`;
    });
    return `(${agent})({ ${pages.join()} })`;
  }

  #pass(origin, request, response) {
    const upstream = ask(origin + request.url, { method: request.method, headers: { ...request.headers, host: new URL(origin).host } });
    upstream.on("error", () => response.destroy());
    upstream.on("response", async (answer) => {
      const { headers, statusCode } = answer;
      const isDocument = request.headers["sec-fetch-dest"] === "document" || request.headers.accept?.startsWith("text/html");
      if (!isDocument) {
        response.writeHead(statusCode, headers);
        return answer.pipe(response);
      }
      const isPage = headers["content-type"]?.startsWith("text/html");
      const body = isPage ? Buffer.concat(await answer.toArray()).toString() : "";
      for (const name of ["cache-control", "content-security-policy"]) if (headers[name]) response.setHeader(name, headers[name]);
      // The agent's line is at an origin of its own.
      const policy = headers["content-security-policy"]?.replace(/connect-src/, "connect-src http://127.0.0.1:*");
      if (policy) response.setHeader("content-security-policy", policy);
      answer.resume();
      bare(response, body);
    });
    request.pipe(upstream);
  }
}

class RemotePage {
  static #count = 0;
  name = `tab-${(RemotePage.#count += 1)}`;
  line = new Line(this.name);
  inits = [];
  #context;
  #open;
  #isOpen = false;
  #isClosed = false;

  constructor(context, open) {
    this.#context = context;
    this.#open = open;
  }

  get clock() {
    return needsDriver("page.clock");
  }

  /** Answers and the console are seen by a driver alone. */
  on(event, listener) {
    if (event === "pageerror") this.line.onTrouble = listener;
    else if (event === "request") this.#context.routes.listen(listener);
    else if (event !== "response" && event !== "console") needsDriver(`page.on("${event}")`);
  }

  async addInitScript(work, arg) {
    this.inits.push(callOf(work, arg));
  }

  async goto(url) {
    const address = await this.#context.addressOf(this, url);
    const { pathname, search } = new URL(url);
    // A way by another page of the origin would keep the page that is left out of Chromium's back-forward cache.
    const leave = ([address, path]) => location.assign(new URL(address).origin === location.origin ? path : address);
    if (this.#isOpen) return this.leave(leave, [address, pathname + search]);
    this.#isOpen = true;
    const arrival = this.line.arrival();
    await this.#open(address);
    await within(arrival, "the page to load");
  }

  async reload() {
    await this.leave(() => location.reload());
  }

  /** Does what leaves the page; resolves when another has come in its place. */
  async leave(work, arg) {
    const arrival = this.line.arrival();
    this.line.sendLast(work, arg);
    await within(arrival, "the page to load");
  }

  evaluate(work, arg) {
    if (this.#isClosed) return Promise.reject(new Error("the page is closed"));
    return within(this.line.send(work, arg), `the page to do ${String(work).slice(0, 200)}`);
  }

  async waitForFunction(work, arg) {
    for (;;) {
      const value = await this.evaluate(work, arg).catch((error) => {
        if (error !== navigated) throw error;
      });
      if (value) return value;
    }
  }

  async route(pattern, answer) {
    this.#context.routes.set(pattern, answer);
  }

  async unroute(pattern) {
    this.#context.routes.delete(pattern);
  }

  async unrouteAll() {
    this.#context.routes.clear();
  }

  waitForRequest(pattern) {
    return within(this.#context.routes.request(pattern), `a request for ${pattern}`);
  }

  addScriptTag(script) {
    return this.evaluate(({ content, type }) => void document.head.append(Object.assign(document.createElement("script"), { text: content, type })), script);
  }

  innerText(selector) {
    return this.evaluate((selector) => document.querySelector(selector).innerText, selector);
  }

  isClosed() {
    return this.#isClosed;
  }

  async close() {
    if (!this.#isClosed && this.#isOpen) await this.closeAfter("");
  }

  /** Closes the page in the same turn in which it does this. */
  async closeAfter(work) {
    const departure = this.line.departure();
    this.evaluate(`${work && `(${work})()`}; window.close()`).catch(() => {});
    this.#isClosed = true;
    await within(departure, "the page to close");
    this.line.abandon();
    await this.line.end();
  }
}

const callOf = (work, arg) => `(${work})(${JSON.stringify(arg) ?? ""})`;

const boot = '<script src="/-agent/boot.js"></script>';

function bare(response, body = "") {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  const [, doctype, rest] = /^(\s*<!doctype html>)?(.*)$/is.exec(body);
  response.end(`${doctype ?? "<!doctype html>"}${boot}${rest}`);
}

function needsDriver(what) {
  throw new Error(NEEDS_DRIVER + what);
}

/** Says so where a test wants what is not here. */
function strict(what, it) {
  return new Proxy(it, {
    get(_, name) {
      if (!(name in it)) return typeof name === "symbol" || name === "then" ? undefined : () => needsDriver(`${what}.${name}`);
      return typeof it[name] === "function" ? it[name].bind(it) : it[name];
    },
  });
}

function within(promise, what) {
  let alarm;
  const late = new Promise((_, reject) => (alarm = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), patience)));
  return Promise.race([promise, late]).finally(() => clearTimeout(alarm));
}
