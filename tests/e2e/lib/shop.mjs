// The demo shop in a real browser, under the policy that README recommends, against the sandbox.

import { after, afterEach, before, beforeEach } from "node:test";

import { launchBrowser } from "../../../tools/lib/browser.mjs";
import { startSandbox } from "../../../tools/lib/sandbox.mjs";
import { servePage } from "../../../tools/lib/serve.mjs";
import { HOOK, Sandbox } from "./storefront.mjs";

/** Starts everything before the tests of a file, and begins each test with a sandbox and a browser of nobody. */
export function useShop() {
  const shop = new Shop();
  before(() => shop.start(), HOOK);
  after(() => shop.stop(), HOOK);
  beforeEach(() => shop.begin(), HOOK);
  afterEach(() => shop.context.close(), HOOK);
  return shop;
}

class Shop {
  #running = [];

  async start() {
    const sandbox = await startSandbox();
    this.#running.push(sandbox);
    this.sandbox = new Sandbox(sandbox);
    this.url = await this.serve("'self' 'wasm-unsafe-eval'");
    this.browser = await launchBrowser();
  }

  async stop() {
    await this.browser?.close();
    for (const it of this.#running.reverse()) await it.stop();
  }

  async begin() {
    await this.context?.close();
    await this.sandbox.control("reset");
    // A colour on its way to another has no contrast that could be judged.
    this.context = await this.browser.newContext({ reducedMotion: "reduce", colorScheme: "light" });
    this.context.setDefaultTimeout(30_000);
  }

  /** Serves the shop with these sources for scripts in its policy. */
  async serve(scripts) {
    const connect = `connect-src 'self' ${this.sandbox.url}`;
    const policy = `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self'; ${connect}; base-uri 'none'`;
    const site = await servePage({ apiUrl: this.sandbox.url, headers: { "Content-Security-Policy": policy } });
    this.#running.push(site);
    return site.url;
  }
}

/** Waits until the element shows this: text that is the whole of it, or a pattern that is somewhere in it. */
export async function sees(page, testId, expected) {
  const hasText = typeof expected === "string" ? new RegExp(`^\\s*${escape(expected)}\\s*$`) : expected;
  await page.getByTestId(testId).filter({ hasText }).first().waitFor();
}

/** Puts one of a product into the cart. */
export async function add(page, product) {
  const count = Number(await page.getByTestId("cart-count").textContent());
  await page.locator(`[data-product="${product}"]`).getByTestId("add-to-cart").click();
  await sees(page, "cart-count", String(count + 1));
}

/** Signs the buyer in, through the page's own hint. */
export async function signIn(page) {
  await page.getByTestId("hint-buyer").click();
  await page.getByTestId("login").click();
  await page.getByTestId("company-le-south").waitFor();
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
