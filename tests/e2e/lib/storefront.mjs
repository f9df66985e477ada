// A storefront in a real browser: pages of one origin, the package beside them, the sandbox at another origin.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach } from "node:test";

import { launchBrowser } from "../../../tools/lib/browser.mjs";
import { listen } from "../../../tools/lib/ports.mjs";
import { startSandbox } from "../../../tools/lib/sandbox.mjs";
import { servePage } from "../../../tools/lib/serve.mjs";
import { inPage } from "./in-page.mjs";
import { launchRemote } from "./remote.mjs";
import { Sandbox } from "./sandbox.mjs";

export * from "./calls.mjs";
export { Sandbox };

/** Where the storefront's record is stored, as soon as the sandbox has an address. */
export let KEY;
export const buyer = { email: "buyer@example.com", password: "sandbox-pass" };

/** A file of the origin that is no page of its own: a document in which nothing runs but the test. */
const BARE = "/config.json";

/** A browser that answers no more is the failure of the test after which it was asked, and not of the whole file. */
export const HOOK = { timeout: 300_000 };

/**
 * Starts everything before the tests of a file, begins each test anew, and looks for leaked secrets after each. The
 * browser is launched with these options.
 */
export function useStorefront(options) {
  const storefront = new Storefront(options);
  before(() => storefront.start(), HOOK);
  after(() => storefront.stop(), HOOK);
  beforeEach(() => storefront.begin(), HOOK);
  afterEach(() => storefront.end(), HOOK);
  return storefront;
}

class Storefront {
  #running = [];
  #tabs = [];
  #options;

  constructor(options) {
    this.#options = options;
  }

  async start() {
    this.sandbox = new Sandbox(await this.#run(startSandbox()));
    KEY = `storefront-session:acme:storefront:${this.sandbox.url}`;
    this.site = await this.#run(servePage({ apiUrl: this.sandbox.url }));
    // tools/engines.mjs names an engine; npm test has Chromium driven by Playwright.
    const { ENGINE } = process.env;
    this.browser = await (ENGINE ? launchRemote(ENGINE, this.#options) : launchBrowser(this.#options));
  }

  async stop() {
    await this.browser?.close();
    for (const it of this.#running.reverse()) await it.stop();
  }

  async begin() {
    await this.sandbox.control("reset");
    this.#tabs = [];
    this.context = await this.browser.newContext();
    this.context.setDefaultTimeout(30_000);
    await this.context.addInitScript(inPage, {
      options: { tenant: "acme", clientId: "storefront", apiUrl: this.sandbox.url },
      buyer,
    });
  }

  async end() {
    try {
      for (const tab of this.#tabs) await tab.keptSecrets();
    } finally {
      await this.context.close();
    }
  }

  /** A tab in which the package has been imported; `prepare` runs before that. */
  async tab(options) {
    const tab = await this.bareTab(options);
    await tab.run(() => load());
    return tab;
  }

  /** A tab in which nothing has been imported yet. */
  async bareTab({ url = this.site.url + BARE, prepare, arg } = {}) {
    const page = await this.context.newPage();
    if (prepare) await page.addInitScript(prepare, arg);
    const tab = new Tab(page);
    this.#tabs.push(tab);
    await page.goto(url);
    return tab;
  }

  /** A tab with an open session. */
  async session(more) {
    const tab = await this.tab();
    await tab.open(more);
    return tab;
  }

  /** A server of the test's own, ended after the last test. */
  async serve(answer) {
    const server = createServer(answer);
    const { port } = await listen(server, 0);
    const stop = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    this.#running.push({ stop });
    return `http://127.0.0.1:${port}`;
  }

  async #run(starting) {
    const it = await starting;
    this.#running.push(it);
    return it;
  }
}

/** One tab, and every secret that ever came to it over the wire. */
class Tab {
  #secrets = new Set([buyer.email, buyer.password]);
  #printed = [];
  #reading = [];
  troubles = [];

  constructor(page) {
    this.page = page;
    this.run = page.evaluate.bind(page);
    page.on("response", (response) => this.#reading.push(this.#learn(response)));
    page.on("pageerror", (error) => this.troubles.push(String(error)));
    page.on("console", (message) => this.#printed.push(message.text()));
  }

  open(more = {}) {
    return this.run((more) => open(more), more);
  }

  snapshot() {
    return this.run(() => session.getSnapshot());
  }

  token() {
    return this.run(() => session.accessToken());
  }

  login() {
    return this.run(() => session.login(buyer));
  }

  /** What the listeners were told so far of the session itself, as "type reason origin". */
  events() {
    return this.run(() => events.filter(({ type }) => type !== "busy").map(({ type, reason, origin }) => `${type} ${reason} ${origin}`));
  }

  /** Waits until the listeners have been told of this: an event's type, and its reason where that matters. */
  heard(...event) {
    return this.run((event) => heard(...event), event);
  }

  stored() {
    return this.run(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  }

  get secrets() {
    return [...this.#secrets];
  }

  async #learn(response) {
    const isTokens = /\/(anonymous\/(login|refresh)|acme\/(login|refreshauthtoken))\?|\/acme\/login$/;
    if (!isTokens.test(response.url()) || response.request().method() === "OPTIONS") return;
    const body = await response.json().catch(() => ({}));
    for (const name of ["access_token", "refresh_token", "saas_token"]) if (body[name]) this.#secrets.add(body[name]);
  }

  /** No event, no error and no line on the console holds a token, a password or an e-mail address. */
  async keptSecrets() {
    await Promise.all(this.#reading);
    const told = this.page.isClosed() ? "" : await this.run(() => JSON.stringify(globalThis.told ?? []));
    const seen = [told, ...this.#printed, ...this.troubles].join("\n");
    for (const secret of this.#secrets) assert.ok(!seen.includes(secret), `a secret was told: …${secret.slice(-6)}`);
  }
}
