// What axe-core finds on the demo page in each of its states: nothing. In both themes, on a desktop and on a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { launchBrowser } from "../../tools/lib/browser.mjs";
import { root } from "../../tools/lib/run.mjs";
import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { servePage } from "../../tools/lib/serve.mjs";

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

let sandbox;
let shop;
let browser;
let context;
let page;

before(async () => {
  sandbox = await startSandbox();
  shop = await servePage({ apiUrl: sandbox.url, headers: policy("'self' 'wasm-unsafe-eval'") });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await shop?.stop();
  await sandbox?.stop();
});

beforeEach(async () => {
  const answer = await fetch(`${sandbox.url}/_sandbox/reset`, { method: "POST" });
  assert.ok(answer.ok);
  // A colour on its way to another has no contrast that could be judged.
  context = await browser.newContext({ reducedMotion: "reduce" });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
});

afterEach(() => context.close());

test("from guest to company and out again", async () => {
  const found = [];
  const state = async (name, reach) => {
    await reach();
    found.push(...(await findings(name)));
  };

  await state("guest, skip link in focus", async () => {
    await page.goto(shop.url);
    await page.getByTestId("product").first().waitFor();
    await sees("cart", /Nothing in it yet/);
    await page.keyboard.press("Tab");
  });

  await state("guest with a cart", async () => {
    await add("harbour-mug", 1);
    await add("copper-kettle", 2);
  });

  await state("sign-in refused", async () => {
    await page.getByLabel("E-mail").fill("buyer@example.com");
    await page.getByLabel("Password").fill("not-the-password");
    await page.getByTestId("login").click();
    await sees("login-error", /E-mail or password is wrong/);
  });

  await state("signed in", async () => {
    await page.getByTestId("hint-buyer").click();
    await page.getByTestId("login").click();
    await page.getByTestId("company-le-south").waitFor();
    await sees("cart-count", /2/);
  });

  await state("company chosen", async () => {
    await page.getByTestId("company-le-north").click();
    await sees("prices-for", /North Harbour/);
    await sees("who-detail", /buying for the company/);
  });

  await state("each lane of the timeline in use", async () => {
    const other = await context.newPage();
    await other.goto(shop.url);
    await other.getByTestId("company-le-south").click();
    await sees("prices-for", /South Valley/);
    await other.close();
    await page.getByTestId("try-fail").click();
    await sees("status", /a fault of its own/);
    await page.getByTestId("try-foreign-company").click();
    await sees("status", /refused this company/);
    const lanes = ["mine-events", "mine-requests", "other-events", "other-requests"];
    for (const lane of lanes) await page.locator(`.cell.${lane}`).first().waitFor();
    await page.locator(".mark.failed").last().waitFor();
    await page.getByTestId("request").filter({ hasText: "503" }).first().waitFor();
  });

  await state("an experiment under way", async () => {
    await page.getByTestId("try-slow").click();
    await page.locator('[data-testid="try-slow"][aria-disabled="true"]').waitFor();
  });

  await state("renewal refused for good", async () => {
    await sees("status", /Ten callers waited/);
    await page.getByTestId("try-revoke-refresh").click();
    await sees("status", /forgotten the refresh token/);
    await page.getByTestId("try-renew").click();
    await page.getByTestId("fact-renewable").getByText("no").waitFor();
  });

  await state("signed out", async () => {
    await page.getByTestId("logout").click();
    await sees("who", /Guest/);
    await sees("cart", /Nothing in it yet/);
  });

  none(found);
});

test("while the products are on their way, and when they do not come", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`${sandbox.url}/product/**`, (route) => held.then(() => route.abort()));
  await page.goto(shop.url);
  await page.locator(".skeleton").first().waitFor();
  await sees("cart", /Nothing in it yet/);
  const found = await findings("on their way");
  release();
  await page.getByTestId("products-error").waitFor();
  none([...found, ...(await findings("not there"))]);
});

test("the sandbox is away", async () => {
  await page.route(`${sandbox.url}/**`, (route) => route.abort());
  await page.goto(shop.url);
  await sees("banner", /The sandbox does not answer/);
  await page.getByTestId("products-error").waitFor();
  none(await findings());
});

test("the policy refuses WebAssembly", async () => {
  const strict = await servePage({ apiUrl: sandbox.url, headers: policy("'self'") });
  try {
    await page.goto(strict.url);
    await sees("banner", /wasm-unsafe-eval/);
    none(await findings());
  } finally {
    await strict.stop();
  }
});

test("the package is missing", async () => {
  await page.route("**/storefront-session/index.js", (route) => route.fulfill({ status: 404 }));
  await page.goto(shop.url);
  await sees("banner", /The package is not there/);
  none(await findings());
});

/** What axe-core finds in each look, in words; and whether anything is wider than the window. */
async function findings(state = "") {
  // Through the debugging protocol, which no policy of the page stands in the way of.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = [];
  for (const { colorScheme, width, height, runOnly } of LOOKS) {
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

async function add(product, count) {
  await page.locator(`[data-product="${product}"]`).getByTestId("add-to-cart").click();
  await sees("cart-count", new RegExp(`^${count}$`));
}

async function sees(testId, hasText) {
  await page.getByTestId(testId).filter({ hasText }).first().waitFor();
}

function policy(scripts) {
  const sources = [`default-src 'none'`, `script-src ${scripts}`, `style-src 'self'`, `img-src 'self'`];
  return { "Content-Security-Policy": [...sources, `connect-src 'self' ${sandbox.url}`, `base-uri 'none'`].join("; ") };
}
