// What axe-core finds on the demo page in each of its states: nothing. In both themes, on a desktop and on a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";

import { root } from "../../tools/lib/run.mjs";
import { add, sees, signIn, useShop } from "./lib/shop.mjs";

const AXE = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const WINDOWS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
// The dark page differs from the light one by its colours: looking for more there would find the same again.
const LOOKS = [
  ...WINDOWS.map((window) => ({ ...window, colorScheme: "light" })),
  ...WINDOWS.map((window) => ({ ...window, colorScheme: "dark", runOnly: ["color-contrast"] })),
];

// Enough where only words differ from a state that was looked at from all sides.
const TWO_LOOKS = [
  { ...WINDOWS[0], colorScheme: "light" },
  { ...WINDOWS[1], colorScheme: "dark" },
];

const shop = useShop();
let page;

beforeEach(async () => {
  await shop.context.addInitScript(keepNotes);
  page = await shop.context.newPage();
});

test("from guest to company and out again", async () => {
  const found = [];
  const state = async (name, reach) => {
    await reach();
    found.push(...(await findings(name)));
  };

  await state("guest, skip link in focus", async () => {
    await page.goto(shop.url);
    await page.getByTestId("product").first().waitFor();
    await sees(page, "cart", /Nothing in it yet/);
    await page.keyboard.press("Tab");
  });

  await state("guest with a cart", async () => {
    await add(page, "harbour-mug");
    await add(page, "copper-kettle");
  });

  await state("sign-in refused", async () => {
    await page.getByLabel("E-mail").fill("buyer@example.com");
    await page.getByLabel("Password").fill("not-the-password");
    await page.getByTestId("login").click();
    await sees(page, "login-error", /E-mail or password is wrong/);
  });

  await state("signed in", async () => {
    await signIn(page);
    await sees(page, "cart-of", "Of the customer");
    await sees(page, "cart-count", "2");
  });

  await state("company chosen", async () => {
    await page.getByTestId("company-le-north").click();
    await sees(page, "prices-for", /North Harbour/);
    await sees(page, "who-detail", /buying for the company/);
  });

  await state("each lane of the timeline in use", async () => {
    const other = await shop.context.newPage();
    await other.goto(shop.url);
    await other.getByTestId("company-le-south").click();
    await sees(page, "prices-for", /South Valley/);
    await other.close();
    const lanes = ["mine-events", "mine-requests", "other-events", "other-requests"];
    for (const lane of lanes) await page.locator(`.cell.${lane}`).first().waitFor();
  });

  await state("a company that cannot be chosen now", async () => {
    await shop.sandbox.fault({ path: "/customer/acme/refreshauthtoken", kind: "status", status: 503, times: 1 });
    await page.getByTestId("company-le-north").click();
    await sees(page, "company-error", /a fault of its own/);
  });

  await state("signed out", async () => {
    await page.getByTestId("logout").click();
    await sees(page, "who", "Guest");
    await sees(page, "cart", /Nothing in it yet/);
  });

  none(found);
});

test("sign-up, checkout, signing in again for it, and orders", async () => {
  const found = [];
  const state = async (name, reach) => {
    await reach();
    found.push(...(await findings(name, TWO_LOOKS)));
  };
  await page.goto(shop.url);
  await page.getByTestId("product").first().waitFor();
  await state("sign-up refused", async () => {
    await page.getByTestId("sign-up-open").click();
    await page.getByTestId("sign-up-send").click();
    await sees(page, "sign-up-error", /e-mail/);
  });
  await signIn(page);
  await add(page, "harbour-mug");
  await state("checkout with something missing", async () => {
    await page.getByTestId("checkout").click();
    await page.waitForFunction(() => document.querySelector('[data-testid="order-email"]').value !== "");
    await page.getByTestId("order-send").click();
    await sees(page, "order-error", /street/);
  });
  for (const [name, value] of Object.entries({ street: "Hafenweg 1", zipCode: "20457", city: "Hamburg" })) await page.getByTestId(`order-${name}`).fill(value);
  await state("once more the password", async () => {
    const hours = 5 * 3600;
    await shop.sandbox.advance(hours);
    await page.evaluate((ms) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    }, hours * 1000);
    await page.getByTestId("order-send").click();
    await page.getByTestId("again-password").waitFor();
  });
  await state("ordered, and the orders", async () => {
    await page.getByTestId("again-password").fill("sandbox-pass");
    await page.getByTestId("again-send").click();
    await page.getByTestId("ordered").waitFor();
    await page.getByTestId("show-orders").click();
    await page.getByTestId("order").waitFor();
  });
  none(found);
});

test("each experiment, for a customer with a company", async () => {
  await page.goto(shop.url);
  await page.getByTestId("product").first().waitFor();
  const experiments = await page
    .locator('[data-testid^="try-"]')
    .evaluateAll((buttons) => buttons.map((button) => button.dataset.testid));
  assert.ok(experiments.length > 15);
  const found = [];
  for (const experiment of experiments) {
    await page.goto(shop.url);
    await page.locator('#account [data-testid="login"], #account [data-testid="logout"]').waitFor();
    if (await page.getByTestId("login").isVisible()) {
      await signIn(page);
      await page.getByTestId("company-le-north").click();
      await sees(page, "who-detail", /buying for the company/);
    }
    const opened = experiment === "try-second-tab" && shop.context.waitForEvent("page");
    await page.getByTestId(experiment).click();
    await (await opened)?.close?.();
    await page.locator(`[data-testid="${experiment}"]:not([aria-disabled])`).waitFor();
    found.push(...(await findings(experiment, TWO_LOOKS)));
  }
  none(found);
});

test("while an experiment is under way, and while nothing gets through", async () => {
  await page.goto(shop.url);
  await page.getByTestId("product").first().waitFor();
  await signIn(page);
  await sees(page, "cart-of", "Of the customer");
  await shop.sandbox.fault({ path: "/customer/acme/refreshauthtoken", kind: "hold", times: 1 });
  await page.getByTestId("try-renew").click();
  await page.locator('[data-testid="try-renew"][aria-disabled="true"]').waitFor();
  const found = await findings("under way");
  await shop.sandbox.release();
  await page.locator('[data-testid="try-renew"]:not([aria-disabled])').waitFor();

  await shop.sandbox.fault({ path: "/product/acme/products", kind: "hold", times: 1 });
  await page.getByTestId("company-le-north").click();
  await sees(page, "who-detail", /buying for the company/);
  found.push(...(await findings("other prices on their way")));
  await shop.sandbox.release();
  await sees(page, "prices-for", /North Harbour/);

  await shop.sandbox.fault({ path: "/*", kind: "drop", times: 100_000 });
  await page.getByTestId("try-revoke-access").click();
  await page.getByTestId("products-error").waitFor();
  await page.getByTestId("cart-error").waitFor();
  found.push(...(await findings("offline")));
  none(found);
});

test("while the products are on their way, and when they do not come", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`${shop.sandbox.url}/product/**`, (route) => held.then(() => route.abort()));
  await page.goto(shop.url);
  await page.locator(".skeleton").first().waitFor();
  await sees(page, "cart", /Nothing in it yet/);
  const found = await findings("on their way");
  release();
  await page.getByTestId("products-error").waitFor();
  none([...found, ...(await findings("not there"))]);
});

test("the sandbox is away", async () => {
  await page.route(`${shop.sandbox.url}/**`, (route) => route.abort());
  await page.goto(shop.url);
  await sees(page, "banner", /The sandbox does not answer/);
  await page.getByTestId("products-error").waitFor();
  none(await findings());
});

test("the policy refuses WebAssembly", async () => {
  await page.goto(await shop.serve("'self'"));
  await sees(page, "banner", /wasm-unsafe-eval/);
  none(await findings());
});

test("the package is missing", async () => {
  await page.route("**/storefront-session/index.js", (route) => route.fulfill({ status: 404 }));
  await page.goto(shop.url);
  await sees(page, "banner", /The package is not there/);
  none(await findings());
});

/** In the page: its notes stay until others come, so that they are looked at too, however long that takes. */
function keepNotes() {
  const shownFor = 5000;
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (work, ms, ...rest) => (ms === shownFor ? 0 : setTimeout(work, ms, ...rest));
}

/** What axe-core finds in each look, in words; and whether anything is wider than the window. */
async function findings(state = "", looks = LOOKS) {
  // Through the debugging protocol, which no policy of the page stands in the way of.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = [];
  for (const { colorScheme, width, height, runOnly } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const options = { resultTypes: ["violations"], preload: false, ...(runOnly && { runOnly }) };
    const { violations, overflow } = await page.evaluate(
      async (options) => ({
        violations: (await axe.run(options)).violations,
        overflow: document.documentElement.scrollWidth - innerWidth,
      }),
      options,
    );
    const look = `${state && `${state}, `}${colorScheme}, ${width} wide`;
    if (overflow > 0) found.push(`${look}: ${overflow} pixels too wide`);
    for (const { id, help, nodes } of violations)
      for (const { html, failureSummary } of nodes)
        found.push(`${look}: ${id}, ${help}\n    ${html}\n    ${failureSummary.replaceAll("\n", "\n    ")}`);
  }
  return found;
}

function none(found) {
  assert.equal(found.length, 0, found.join("\n"));
}
