// What is bought in the demo shop: as a guest, a customer and for a company, in another currency, hours after the login, and by those
// who come by sign-up or single sign-on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { add, sees, signIn, useShop } from "./lib/shop.mjs";

const shop = useShop();

/** The spellings of the platform's answers. */
const STYLES = ["snake", "camel", "both"];

const address = { street: "Hafenweg 1", zipCode: "20457", city: "Hamburg" };

async function arrive(prepare) {
  const page = await shop.context.newPage();
  await prepare?.(page);
  await page.goto(shop.url);
  await page.getByTestId("product").first().waitFor();
  await sees(page, "cart", /Nothing in it yet/);
  return page;
}

async function fill(page, form, values) {
  for (const [name, value] of Object.entries(values)) await page.getByTestId(`${form}-${name}`).fill(value);
}

async function press(page, testId) {
  await page.getByTestId(testId).focus();
  await page.keyboard.press("Enter");
}

const orders = async () => (await (await fetch(`${shop.sandbox.url}/_sandbox/state`)).json()).orders;

test("a guest buys, by keyboard, and is told what is missing", async () => {
  const page = await arrive();
  await add(page, "harbour-mug");
  await press(page, "checkout");
  await page.getByTestId("order-firstName").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), "firstName");
  await page.keyboard.press("Enter");
  await sees(page, "order-error", /first name/);
  assert.equal(await page.getByTestId("order-firstName").getAttribute("aria-invalid"), "true");
  await fill(page, "order", { firstName: "Gil", lastName: "Guest", email: "gil@example.com", ...address });
  await page.keyboard.press("Enter");
  await sees(page, "ordered", /Your order is/);
  await sees(page, "cart-count", "0");
  const [order] = await orders();
  assert.equal(order.customer ?? null, null);
});

test("a customer buys for a company five hours after the login: he signs in again on the spot", async () => {
  // tests/entries/matrix.test.mjs has the other spellings.
  await shop.sandbox.profile({ fieldStyle: "camel" });
  const page = await arrive();
  await signIn(page);
  await page.getByTestId("company-le-north").click();
  await sees(page, "prices-for", /North Harbour/);
  await add(page, "copper-kettle");
  const sessionId = await page.getByTestId("session-id").textContent();
  await shop.sandbox.advance(5 * 3600);
  await page.evaluate((ms) => {
    const { now } = Date;
    Date.now = () => now() + ms;
  }, 5 * 3_600_000);
  await page.getByTestId("checkout").click();
  await page.getByTestId("order-firstName").waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid="order-email"]').value !== "");
  await fill(page, "order", address);
  await page.keyboard.press("Enter");
  await page.getByTestId("again-password").waitFor();
  await page.getByTestId("again-password").fill("not-the-password");
  await page.keyboard.press("Enter");
  await sees(page, "again-error", /password is wrong/);
  await page.getByTestId("again-password").fill("sandbox-pass");
  await page.keyboard.press("Enter");
  await sees(page, "ordered", /Your order is/);
  assert.equal(await page.getByTestId("session-id").textContent(), sessionId);
  const [order] = await orders();
  assert.equal(order.legalEntityId ?? order.company, "le-north");

  await press(page, "show-orders");
  await sees(page, "order", /Bea/);
  assert.equal(await page.getByTestId("order").count(), 1);
});

test("prices and cart follow the currency and the site", async () => {
  const page = await arrive();
  await add(page, "harbour-mug");
  await page.getByTestId("market-currency").selectOption("USD");
  await sees(page, "price", /\$/);
  await sees(page, "cart-total", /\$/);
  await add(page, "harbour-mug");
  await page.getByTestId("market-siteCode").selectOption("outlet");
  await sees(page, "cart-count", "0");
  await page.reload();
  await sees(page, "price", /\$/);
  assert.equal(await page.getByTestId("market-currency").inputValue(), "USD");
  assert.equal(await page.getByTestId("market-siteCode").inputValue(), "outlet");
  await page.getByTestId("market-siteCode").selectOption("main");
  await sees(page, "cart-count", "2");
});

for (const fieldStyle of STYLES) {
  test(`an account is made, its address confirmed by mail, and the guest's cart comes along (${fieldStyle})`, async () => {
    await shop.sandbox.profile({ fieldStyle });
    const page = await arrive();
    await add(page, "harbour-mug");
    const sessionId = await page.getByTestId("session-id").textContent();
    await press(page, "sign-up-open");
    await fill(page, "sign-up", { firstName: "Ann", lastName: "Lee", email: "buyer@example.com", password: "a-new-password" });
    await page.keyboard.press("Enter");
    await sees(page, "sign-up-error", /There is an account/);
    await page.getByTestId("sign-up-email").fill("Ann+shop@example.com");
    await page.keyboard.press("Enter");
    await page.getByTestId("confirm").waitFor();
    await page.keyboard.press("Enter");
    await sees(page, "who-detail", /Ann Lee/);
    await sees(page, "cart-of", "Of the customer");
    await sees(page, "cart-count", "1");
    assert.equal(await page.getByTestId("session-id").textContent(), sessionId);
  });
}

for (const fieldStyle of STYLES) {
  test(`single sign-on leads through the provider and back, with a clean address, and buys (${fieldStyle})`, async () => {
    await shop.sandbox.profile({ fieldStyle });
    const page = await arrive();
    await add(page, "harbour-mug");
    const sessionId = await page.getByTestId("session-id").textContent();
    await press(page, "sso");
    // The shop's own sign-in has the same words.
    await page.waitForURL(/_oidc\/authorize/);
    await page.getByLabel("E-mail").fill("solo@example.com");
    await page.getByRole("button", { name: "Sign in" }).click();
    await sees(page, "who", "Customer");
    await sees(page, "cart-count", "1");
    assert.equal(await page.getByTestId("session-id").textContent(), sessionId);
    assert.equal(new URL(page.url()).search, "");

    // The login's answer has one spelling; a renewal's has the others too.
    await shop.sandbox.control("revoke", { kind: "access", identity: "customer", sessionId });
    await page.getByTestId("checkout").click();
    await page.waitForFunction(() => document.querySelector('[data-testid="order-email"]').value !== "");
    await fill(page, "order", { firstName: "Sol", lastName: "Solo", ...address });
    await page.keyboard.press("Enter");
    await sees(page, "ordered", /Your order is/);
  });
}
