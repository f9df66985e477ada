// npm run screenshots: builds the package and takes the pictures of the shop that README shows, the same in each run.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";
import { buildSandbox, startSandbox } from "./lib/sandbox.mjs";

const folder = join(root, "docs/screenshots");
const screens = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const pictures = { desktop: ["company", "timeline"], phone: ["guest", "company", "cart", "timeline"] };
const themes = ["light", "dark"];
const begin = Date.UTC(2026, 2, 2, 9, 30);
const minute = 60_000;
// The sandbox mints others at each start.
const sessionId = "7c1e4b0a-52d9-4f6e-9a83-d05b6e2f1c47";
const cartId = "0f3a9c7e5d2b4816a1c8";

script(async () => {
  await buildPackage();
  await buildSandbox();
  // Loaded late: they need packages that buildPackage may have had to install.
  const { launchBrowser } = await import("./lib/browser.mjs");
  const { servePage } = await import("./lib/serve.mjs");

  mkdirSync(folder, { recursive: true });
  const sandbox = await startSandbox();
  const shop = await servePage({ apiUrl: sandbox.url });
  // A part that is painted anew beside older ones differs by a shade from a whole that is painted at once.
  const browser = await launchBrowser({ args: ["--disable-partial-raster"] });
  for (const screen in screens) {
    for (const theme of themes) {
      await fetch(`${sandbox.url}/_sandbox/reset`, { method: "POST" });
      const context = await browser.newContext({
        viewport: screens[screen],
        colorScheme: theme,
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
      });
      context.setDefaultTimeout(30_000);
      const traffic = new Traffic(sandbox.url);
      await traffic.direct(context);
      const shot = async (page, name, section) => {
        if (!pictures[screen].includes(name)) return;
        await traffic.shown(page);
        await shoot(page, `${name}-${screen}-${theme}.png`, section);
      };
      await visit({ context, traffic, url: shop.url, shot });
      await context.close();
    }
  }
  await browser.close();
  await shop.stop();
  await sandbox.stop();
});

/** A guest fills a cart, signs in and buys for a company, a renewal fails, and a second tab chooses another company. */
async function visit({ context, traffic, url, shot }) {
  const page = await open(context, url, begin);
  await setTime(page, begin + 12.3 * minute);
  await add(page, "harbour-mug", 1);
  await add(page, "copper-kettle", 2);
  await shot(page, "guest", "account");

  await page.getByTestId("hint-buyer").click();
  await page.getByTestId("login").click();
  await page.getByTestId("company-le-south").waitFor();
  await sees(page, "who-detail", "Bea Buyer");
  await page.getByTestId("cart-count").getByText("2").waitFor();
  await traffic.idle();
  await setTime(page, begin + 13.1 * minute);
  await page.getByTestId("company-le-south").click();
  await sees(page, "prices-for", "South Valley");
  await sees(page, "cart", "Each company has a cart of its own");
  await traffic.idle();
  await page.getByTestId("try-fail").click();
  await sees(page, "status", "a fault of its own");

  const other = await open(context, url, begin + 14 * minute);
  await sees(other, "who-detail", "Bea Buyer");
  await traffic.idle();
  await setTime(page, begin + 14.5 * minute);
  await setTime(other, begin + 14.5 * minute);
  traffic.hold(page, other);
  await other.getByTestId("company-le-north").click();
  await page.locator('[data-testid="event"]', { hasText: "other tab" }).waitFor();
  for (const tab of [other, page]) {
    traffic.release(tab);
    await sees(tab, "prices-for", "North Harbour");
    await tab.locator("#product-grid:not([aria-busy])").waitFor();
    await traffic.idle();
  }
  await other.close();
  await setTime(page, begin + 15.7 * minute);
  await page.getByTestId("try-renew").click();
  await page.locator('[data-testid="event"][data-type="renewed"]').first().waitFor();

  await setTime(page, begin + 160 * minute);
  await add(page, "brass-lantern", 1);
  await add(page, "wool-throw", 2);
  await add(page, "linen-apron", 3);
  await shot(page, "company", page.viewportSize().width > 1080 ? "account" : "session");
  await shot(page, "cart", "cart");

  // The visit does not fit into the window: from the sign-in on, on a phone from the first company on.
  const first = page.viewportSize().width > 760 ? "login" : "switched";
  await page
    .locator(".cell.mine-events", { hasText: first })
    .first()
    .evaluate((event) => {
      const frame = event.closest(".lanes-scroll");
      const [from, to] = [frame, event].map((element) => element.getBoundingClientRect());
      frame.scrollBy(to.left - from.left - 90, to.top - from.top - 36);
    });
  await shot(page, "timeline", "timeline");
}

async function open(context, url, time) {
  const page = await context.newPage();
  await page.addInitScript(stopClock, time);
  await page.goto(url);
  await page.getByTestId("product").first().waitFor();
  await page.getByTestId("cart-empty").getByText("Nothing in it yet").waitFor();
  return page;
}

/**
 * In the page: the wall clock stands still, and what happens at intervals happens when it is set. Playwright's clock would
 * stop `performance` as well, by which the page puts events and requests in order.
 */
function stopClock(time) {
  const RealDate = Date;
  const intervals = [];
  let now = time;
  globalThis.setInterval = (work) => intervals.push(work);
  globalThis.setTime = (time) => {
    now = time;
    for (const work of intervals) work();
  };
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length > 0 ? args : [now]));
    }
    static now() {
      return now;
    }
  };
}

function setTime(page, time) {
  return page.evaluate((time) => globalThis.setTime(time), time);
}

/** Lets the shop's calls to the platform through one by one: side by side they would arrive in another order each time. */
class Traffic {
  #sandboxUrl;
  #line = Promise.resolve();
  #held = new Map();
  #sent = [];

  constructor(sandboxUrl) {
    this.#sandboxUrl = sandboxUrl;
  }

  direct(context) {
    const isCall = (url) => url.href.startsWith(this.#sandboxUrl) && !url.pathname.startsWith("/_sandbox/");
    return context.route(isCall, (route) => {
      const request = route.request();
      const held = this.#held.get(request.frame().page());
      if (held && !request.url().includes("/refreshauthtoken")) held.push(route);
      else this.#send(route);
    });
  }

  /** Of these pages only token calls go on. */
  hold(...pages) {
    for (const page of pages) this.#held.set(page, []);
  }

  release(page) {
    const held = this.#held.get(page);
    this.#held.delete(page);
    for (const route of held) this.#send(route);
  }

  /** Until all that was sent has been answered. */
  idle() {
    return this.#line;
  }

  /** Until the page shows each call, in the lane of the tab that made it. */
  async shown(page) {
    await this.idle();
    const mine = this.#sent.filter((sender) => sender === page).length;
    const others = this.#sent.length - mine;
    await page.waitForFunction(
      (counts) => {
        const { shadowRoot } = document.querySelector("[view=timeline]");
        return Object.entries(counts).every(([lane, count]) => shadowRoot.querySelectorAll(lane).length === count);
      },
      { ".cell.mine-requests": mine, ".cell.other-requests": others },
    );
  }

  #send(route) {
    const request = route.request();
    this.#sent.push(request.frame().page());
    this.#line = this.#line.then(async () => {
      await route.continue();
      await request.response();
    });
  }
}

async function add(page, product, count) {
  await page.locator(`[data-product="${product}"]`).getByTestId("add-to-cart").click();
  await page.getByTestId("cart-count").getByText(String(count)).waitFor();
}

async function sees(page, testId, hasText) {
  await page.getByTestId(testId).filter({ hasText }).first().waitFor();
}

/** A picture of the window with `section` at its top, without the notes, which would cover some of it. */
async function shoot(page, file, section) {
  await page.evaluate(
    ({ sessionId, cartId, section }) => {
      document.activeElement?.blur();
      document.getElementById("toasts").replaceChildren();
      const rewrite = (selector, change) => {
        const roots = [document, document.querySelector("[view=panel]").shadowRoot];
        for (const element of roots.flatMap((root) => [...root.querySelectorAll(selector)])) element.textContent = change(element.textContent);
      };
      rewrite("[data-testid=session-id]", () => sessionId);
      rewrite("[data-testid=cart-id]", () => cartId);
      rewrite(".requests .path", (path) => path.replace(/(?<=\/carts\/)[^/]+/, cartId));
      if (section === "account") scrollTo(0, 0);
      else document.getElementById(section).scrollIntoView();
    },
    { sessionId, cartId, section },
  );
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, file) });
}
