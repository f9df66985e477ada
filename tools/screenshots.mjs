// npm run screenshots: builds the package and takes the pictures of the shop that README shows.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { buildPackage } from "./lib/package.mjs";
import { root, script } from "./lib/run.mjs";
import { buildSandbox, startSandbox } from "./lib/sandbox.mjs";

const folder = join(root, "docs/screenshots");
const screens = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
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
  const browser = await launchBrowser();
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
      context.setDefaultTimeout(15_000);
      const shot = (page, name, section) => shoot(page, `${name}-${screen}-${theme}.png`, section);
      await visit({ context, url: shop.url, shot });
      await context.close();
    }
  }
  await browser.close();
  await shop.stop();
  await sandbox.stop();
});

/** A guest fills a cart, signs in and buys for a company, a renewal fails, and a second tab chooses another company. */
async function visit({ context, url, shot }) {
  const page = await open(context, url, begin);
  await setTime(page, begin + 12.3 * minute);
  await add(page, "harbour-mug", 1);
  await add(page, "copper-kettle", 2);
  await shot(page, "guest", "account");

  await page.getByTestId("hint-buyer").click();
  await page.getByTestId("login").click();
  await page.getByTestId("company-le-south").waitFor();
  await page.getByTestId("cart-count").getByText("2").waitFor();
  await setTime(page, begin + 13.1 * minute);
  await page.getByTestId("company-le-south").click();
  await sees(page, "prices-for", "South Valley");
  await page.getByTestId("try-fail").click();
  await sees(page, "status", "a fault of its own");

  const other = await open(context, url, begin + 14 * minute);
  // It reads the platform's list, and so learns of what the second tab has asked so far.
  await page.getByTestId("try-validate").click();
  await sees(page, "status", "The platform says");
  await page.locator(".cell.other-requests").nth(3).waitFor();
  await setTime(page, begin + 14.5 * minute);
  await other.getByTestId("company-le-north").click();
  await sees(page, "prices-for", "North Harbour");
  await sees(other, "prices-for", "North Harbour");
  await page.locator(".cell.other-requests").nth(8).waitFor();
  await other.close();
  await setTime(page, begin + 15.7 * minute);
  await page.getByTestId("try-renew").click();
  await page.locator('[data-testid="event"][data-type="renewed"]').first().waitFor();

  await setTime(page, begin + 16.2 * minute);
  await add(page, "brass-lantern", 1);
  await add(page, "wool-throw", 2);
  await add(page, "linen-apron", 3);
  await shot(page, "company", page.viewportSize().width > 1080 ? "account" : "session");
  await shot(page, "cart", "cart");

  // From the sign-in on: the visit does not fit into the window.
  await page.locator(".cell.mine-events", { hasText: "login" }).evaluate((login) => {
    const frame = login.closest(".lanes-scroll");
    frame.scrollLeft += login.getBoundingClientRect().left - frame.getBoundingClientRect().left - 90;
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
 * The wall clock stands still, so that the pictures are the same in each run. Playwright's clock would stop
 * `performance` as well, by which the page puts events and requests in order.
 */
function stopClock(time) {
  const RealDate = Date;
  let now = time;
  globalThis.setTime = (time) => (now = time);
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

async function add(page, product, count) {
  await page.locator(`[data-product="${product}"]`).getByTestId("add-to-cart").click();
  await page.getByTestId("cart-count").getByText(String(count)).waitFor();
}

async function sees(page, testId, hasText) {
  await page.getByTestId(testId).filter({ hasText }).first().waitFor();
}

/** A picture of the window with `section` at its top, without the notes, which would cover some of it. */
async function shoot(page, file, section) {
  // The list of requests is read soon after something happened, and drawn then.
  await page.waitForTimeout(500);
  await page.evaluate(
    ({ sessionId, cartId, section }) => {
      document.activeElement?.blur();
      document.getElementById("toasts").replaceChildren();
      const rewrite = (selector, change) => {
        for (const element of document.querySelectorAll(selector)) element.textContent = change(element.textContent);
      };
      rewrite("[data-testid=session-id]", () => sessionId);
      rewrite("[data-testid=cart-id]", () => cartId);
      rewrite("#requests .path", (path) => path.replace(/(?<=\/carts\/)[^/]+/, cartId));
      if (section === "account") scrollTo(0, 0);
      else document.getElementById(section).scrollIntoView();
    },
    { sessionId, cartId, section },
  );
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, file) });
}
