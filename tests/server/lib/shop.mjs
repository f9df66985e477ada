// A shop that is rendered on servers, against the sandbox: hosts of one store, and what the platform was asked.

import { after, afterEach, before, beforeEach } from "node:test";

import { SessionServer, memoryStore } from "storefront-session/server";

import { startSandbox } from "../../../tools/lib/sandbox.mjs";
import { Sandbox } from "../../e2e/lib/sandbox.mjs";

export const buyer = { email: "buyer@example.com", password: "sandbox-pass" };

export const PRODUCTS = "/product/acme/products";
export const CART = "/cart/acme/carts?siteCode=main&create=true";

/** Starts the sandbox before the tests of a file; begins each with a platform and a clock of its own. */
export function useShop() {
  const shop = new Shop();
  before(() => shop.start());
  after(() => shop.stop());
  beforeEach(() => shop.begin());
  afterEach(() => shop.end());
  return shop;
}

class Shop {
  #server;
  #hosts = [];
  #skipped = 0;

  async start() {
    this.#server = await startSandbox();
    this.sandbox = new Sandbox(this.#server);
  }

  stop() {
    return this.#server?.stop();
  }

  async begin() {
    await this.sandbox.control("reset");
    this.#skipped = 0;
  }

  async end() {
    for (const host of this.#hosts.splice(0)) await host.close();
  }

  now = () => Date.now() + this.#skipped;

  /** The platform's clock and the hosts' go on. */
  async pass(seconds) {
    this.#skipped += seconds * 1_000;
    await this.sandbox.advance(seconds);
  }

  /** A store whose entries end by the test's clock. */
  store = () => memoryStore({ now: this.now });

  /** One host, with these options beside the usual ones. */
  host(options) {
    const usual = { tenant: "acme", clientId: "storefront", apiUrl: this.sandbox.url, now: this.now };
    const host = new SessionServer({ ...usual, store: this.store(), ...options });
    this.#hosts.push(host);
    return host;
  }
}

/** What a browser sends back for this answer. */
export const cookieOf = ({ setCookie }) => setCookie?.split(";")[0];

/** A guest with a cart: his cookie, and his sessionId. */
export async function guestOf(host) {
  const visitor = await host.visit(null);
  const answer = await visitor.session.fetch(CART);
  if (answer.status !== 200) throw new Error(`no cart: ${answer.status}`);
  await visitor.settled();
  return { cookie: cookieOf(visitor), sessionId: visitor.session.getSnapshot().sessionId };
}

/** The code of the error that the call is rejected with, or what it came to. */
export const codeOf = (promise) => promise.then((value) => value, (error) => error.code ?? error);
