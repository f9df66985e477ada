// The demo page in a real browser, used as a visitor uses it, against the sandbox.

import assert from "node:assert/strict";
import { test } from "node:test";

import { add, sees, signIn, useShop } from "./lib/shop.mjs";

const TOKEN_PATHS = /^\/(customerlogin\/auth\/anonymous\/(login|refresh)|customer\/acme\/(login|refreshauthtoken))$/;
const GUEST_LOGIN = "/customerlogin/auth/anonymous/login";
const LOGIN = "/customer/acme/login";
const REFRESH = "/customer/acme/refreshauthtoken";

const shop = useShop();

test("one session goes from guest to customer, company, other company and reload, and ends at sign-out", async () => {
  const visitor = await Visitor.arrive();
  const sessionId = await visitor.sessionId();
  assert.match(sessionId, /^[\w-]{8,}$/);
  assert.deepEqual(await tokenCalls(), [{ path: GUEST_LOGIN, bearer: "none", status: 200 }]);

  await visitor.add("harbour-mug");
  await visitor.add("copper-kettle");
  await visitor.page.getByLabel("One Copper Kettle more").click();
  await visitor.sees("cart-count", "3");
  await visitor.sees("cart-total", "€172.90");

  let seen = await lastSeq();
  await visitor.signIn();
  await visitor.sees("who", "Customer");
  await visitor.sees("cart-of", "Of the customer");
  await visitor.sees("cart-count", "3");
  assert.deepEqual(await tokenCalls(seen), [{ path: LOGIN, bearer: "anonymous", status: 200 }]);
  const merges = (await calls(seen)).filter(({ path }) => path.endsWith("/merge"));
  assert.deepEqual(
    merges.map(({ status, bearer }) => ({ status, bearer })),
    [{ status: 200, bearer: "customer" }],
  );
  assert.equal(await visitor.sessionId(), sessionId);
  const saasEnds = await visitor.text("fact-saas-expires");
  assert.match(saasEnds, /\d/);

  for (const [company, name, price] of [
    ["le-north", "North Harbour Trading GmbH", "€13.41"],
    ["le-south", "South Valley Supplies GmbH", "€12.67"],
  ]) {
    seen = await lastSeq();
    await visitor.page.getByTestId(`company-${company}`).click();
    await visitor.sees("who", name);
    await visitor.sees("prices-for", `Prices for ${name}`);
    assert.equal(await visitor.price("harbour-mug"), price);
    const switches = await calls(seen, TOKEN_PATHS);
    assert.deepEqual(
      switches.map(({ path, status, legalEntityId }) => ({ path, status, legalEntityId })),
      [{ path: REFRESH, status: 200, legalEntityId: company }],
    );
    assert.equal(await visitor.sessionId(), sessionId);
  }
  await visitor.add("brass-lantern");
  await visitor.sees("cart-count", "1");

  seen = await lastSeq();
  await visitor.page.getByTestId("try-renew").click();
  await visitor.event("renewed");
  const [renewal, ...more] = await calls(seen, TOKEN_PATHS);
  assert.deepEqual(more, []);
  assert.deepEqual([renewal.path, renewal.status, renewal.legalEntityId], [REFRESH, 200, "le-south"]);
  assert.equal(await visitor.text("fact-saas-expires"), saasEnds);
  assert.match(
    await visitor.text("session-same"),
    /The same since the first token, through 3 changes of identity and 1 renewal/,
  );

  seen = await lastSeq();
  await visitor.holdsNoTokenInDom();
  await visitor.page.reload();
  await visitor.sees("who", "South Valley Supplies GmbH");
  await visitor.sees("cart-count", "1");
  await visitor.sees("prices-for", "Prices for South Valley Supplies GmbH");
  assert.deepEqual(await tokenCalls(seen), []);
  assert.equal(await visitor.sessionId(), sessionId);

  seen = await lastSeq();
  await visitor.page.getByTestId("company-none").click();
  await visitor.sees("who", "Customer");
  await visitor.sees("cart-count", "3");
  assert.equal((await tokenCalls(seen)).length, 1);
  assert.equal(await visitor.sessionId(), sessionId);
  await visitor.holdsNoTokenInDom();

  const ended = [sessionId, ...visitor.tokens];
  await visitor.page.getByTestId("logout").click();
  await visitor.sees("who", "Guest");
  await visitor.sees("cart-of", "Tied to the session, until you sign in");
  await visitor.sees("cart-count", "0");
  await visitor.event("started");
  assert.notEqual(await visitor.sessionId(), sessionId);
  await visitor.storesNothingOf(ended);
  await visitor.holdsNoTokenInDom();
  visitor.hadNoTrouble();
});

test("a wrong password says so after one login request", async () => {
  const visitor = await Visitor.arrive();
  await visitor.add("wool-throw");
  const sessionId = await visitor.sessionId();
  const seen = await lastSeq();

  await visitor.page.getByLabel("E-mail").fill("buyer@example.com");
  await visitor.page.getByLabel("Password").fill("not-the-password");
  await visitor.page.keyboard.press("Enter");
  await visitor.sees("login-error", /E-mail or password is wrong/);

  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), "password");
  assert.deepEqual(await tokenCalls(seen), [{ path: LOGIN, bearer: "anonymous", status: 401 }]);
  assert.equal(await visitor.sessionId(), sessionId);
  await visitor.sees("cart-count", "1");
  await visitor.sees("who", "Guest");

  await visitor.signIn();
  await visitor.sees("cart-of", "Of the customer");
  await visitor.sees("cart-count", "1");
  assert.equal(await visitor.sessionId(), sessionId);
});

test("missing input is told without a request", async () => {
  const visitor = await Visitor.arrive();
  const seen = await lastSeq();
  await visitor.page.getByTestId("login").click();
  await visitor.sees("login-error", /Please enter an e-mail address/);
  await visitor.page.getByLabel("E-mail").fill("buyer@example.com");
  await visitor.page.getByTestId("login").click();
  await visitor.sees("login-error", /Please enter a password/);
  assert.deepEqual(await tokenCalls(seen), []);
});

test("a second tab goes on with the session, and each sees what the other does", async () => {
  const first = await Visitor.arrive();
  await first.signIn();
  await first.sees("cart-of", "Of the customer");
  const sessionId = await first.sessionId();

  const seen = await lastSeq();
  const second = await Visitor.arrive();
  await second.sees("who", "Customer");
  assert.equal(await second.sessionId(), sessionId);
  assert.deepEqual(await tokenCalls(seen), []);

  await second.page.getByTestId("company-le-north").click();
  for (const visitor of [second, first]) {
    await visitor.sees("who", "North Harbour Trading GmbH");
    await visitor.sees("prices-for", "Prices for North Harbour Trading GmbH");
    assert.equal(await visitor.sessionId(), sessionId);
  }
  await first.event("switched", "other tab");
  assert.equal((await tokenCalls(seen)).length, 1);

  await first.page.getByTestId("logout").click();
  await second.sees("who", "Guest");
});

test("a refused company leaves the former one in force", async () => {
  const visitor = await Visitor.arrive();
  await visitor.signIn();
  await visitor.page.getByTestId("company-le-north").click();
  await visitor.sees("who", "North Harbour Trading GmbH");
  await visitor.page.getByTestId("try-foreign-company").click();
  await visitor.sees("status", /refused this company/);
  await visitor.sees("who", "North Harbour Trading GmbH");
  await visitor.page.getByTestId("try-validate").click();
  await visitor.sees("status", /The platform says: le-north/);
});

const EXPERIMENTS = {
  async renew(visitor, press) {
    await press();
    await visitor.event("renewed");
    await visitor.sees("who", "Customer");
  },
  async expire(visitor, press) {
    await press();
    await visitor.event("expired");
    await visitor.sees("who", "Guest");
    await visitor.page.getByTestId("product").first().waitFor();
  },
  async "revoke-access"(visitor, press) {
    await press();
    await visitor.event("renewed");
    await visitor.sees("who", "Customer");
    assert.deepEqual(await tokenCalls(visitor.seen), [{ path: REFRESH, bearer: "anonymous", status: 200 }]);
  },
  async "revoke-refresh"(visitor, press) {
    await press();
    await visitor.sees("status", /forgotten the refresh token/);
    await visitor.page.getByTestId("try-renew").click();
    await visitor.sees("fact-renewable", "no");
    await visitor.sees("status", /lasts as long as its access token/);
    await visitor.sees("who", "Customer");
  },
  async "revoke-session"(visitor, press) {
    await press();
    await visitor.event("expired");
    await visitor.sees("who", "Guest");
    await visitor.page.getByTestId("product").first().waitFor();
  },
  async validate(visitor, press) {
    await press();
    await visitor.sees("status", /The platform says: no company, \d+ scopes, the same sessionId/);
  },
  async fail(visitor, press) {
    await press();
    await visitor.sees("status", /a fault of its own/);
    await visitor.sees("who", "Customer");
    await visitor.page.getByTestId("try-renew").click();
    await visitor.event("renewed");
  },
  async slow(visitor, press) {
    await press();
    await visitor.sees("status", /Ten callers waited for one renewal/);
    assert.equal((await tokenCalls(visitor.seen)).length, 1);
  },
  async lose(visitor, press) {
    await press();
    await visitor.sees("status", /could not be reached/);
    await visitor.sees("who", "Customer");
    await visitor.add("wool-throw");
  },
  async offline(visitor, press) {
    await press();
    await visitor.page.getByTestId("products-error").waitFor();
    await visitor.sees("status", /Back online/);
    await visitor.page.getByTestId("product").first().waitFor();
    await visitor.sees("who", "Customer");
    assert.deepEqual(await tokenCalls(visitor.seen), []);
  },
  async "foreign-company"(visitor, press) {
    await press();
    await visitor.sees("status", /refused this company/);
    await visitor.sees("who", "Customer");
  },
  async "second-tab"(visitor, press) {
    const [opened] = await Promise.all([shop.context.waitForEvent("page"), press()]);
    await opened.getByTestId("who").getByText("Customer").waitFor();
    assert.equal(await opened.getByTestId("session-id").textContent(), await visitor.sessionId());
    assert.deepEqual(await tokenCalls(visitor.seen), []);
  },
  async "two-tabs"(visitor, press) {
    const other = await Visitor.arrive();
    await other.sees("who", "Customer");
    await press();
    for (const tab of [visitor, other])
      await tab.page.locator('[aria-pressed="true"][data-testid^="company-le-"]').waitFor();
    await visitor.untilSame(other, "who");
    assert.equal(await other.sessionId(), await visitor.sessionId());
  },
  async sleep(visitor, press) {
    await press();
    await visitor.sees("fact-saas-expires", "expired");
    await visitor.sees("who", "Customer");
    await visitor.page.getByTestId("product").first().waitFor();
  },
  async "platform-clock"(visitor, press) {
    await press();
    await visitor.sees("status", /lives for 30 days/);
  },
  async "wrong-password"(visitor, press) {
    await press();
    await visitor.sees("status", /password is wrong/);
    const attempts = (await tokenCalls(visitor.seen)).filter(({ path }) => path === LOGIN);
    assert.deepEqual(attempts, [{ path: LOGIN, bearer: "anonymous", status: 401 }]);
  },
  async reset(visitor, press) {
    await press();
    await visitor.sees("status", /as at the start/);
    await visitor.sees("who", "Guest");
    await visitor.page.getByTestId("product").first().waitFor();
  },
};

test("every experiment works by keyboard and shows what it promises", async (t) => {
  const page = await shop.context.newPage();
  await page.goto(shop.url);
  await page.getByTestId("try-renew").waitFor();
  const offered = await page
    .locator('[data-testid^="try-"]')
    .evaluateAll((buttons) => buttons.map((button) => button.dataset.testid));
  assert.deepEqual(
    offered.toSorted(),
    Object.keys(EXPERIMENTS)
      .map((name) => `try-${name}`)
      .toSorted(),
  );

  for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
    await t.test(name, async () => {
      await shop.begin();
      const visitor = await Visitor.arrive();
      await visitor.signIn();
      await visitor.sees("cart-of", "Of the customer");
      const sessionId = await visitor.sessionId();
      visitor.seen = await lastSeq();
      const button = visitor.page.getByTestId(`try-${name}`);
      await experiment(visitor, async () => {
        await button.focus();
        await visitor.page.keyboard.press("Enter");
      });
      if (name !== "second-tab")
        await visitor.page.locator(`[data-testid="try-${name}"]:not([aria-disabled])`).waitFor();
      if ((await visitor.text("who")) !== "Guest") assert.equal(await visitor.sessionId(), sessionId);
      await visitor.holdsNoTokenInDom();
    });
  }
});

test("every button lies on the way of the Tab key", async () => {
  const visitor = await Visitor.arrive();
  const { page } = visitor;
  await visitor.add("harbour-mug");
  await reachesAll();
  await visitor.signIn();
  await visitor.sees("cart-of", "Of the customer");
  await visitor.sees("who-detail", /Bea Buyer/);
  await reachesAll();

  /** The cart is drawn anew whenever it was read: a round in which that happened says nothing, and another is made. */
  async function reachesAll(rounds = 5) {
    const wanted = await page.evaluate(() => {
      const roots = [document, ...[...document.querySelectorAll("session-inspector")].map(({ shadowRoot }) => shadowRoot)];
      globalThis.all = roots.flatMap((root) => [...root.querySelectorAll("button, input, a, .list, .lanes-scroll")]);
      globalThis.reached = new Set();
      // Within one shadow root it does not come out.
      for (const root of roots) root.addEventListener("focusin", ({ target }) => globalThis.reached.add(target));
      document.activeElement.blur();
      return globalThis.all.length;
    });
    assert.ok(wanted > 30, `${wanted} are few`);
    for (let pressed = 0; pressed < wanted + 10; pressed += 1) await page.keyboard.press("Tab");
    const { stayed, missed } = await page.evaluate(() => ({
      stayed: globalThis.all.every((element) => element.isConnected),
      missed: globalThis.all
        .filter((element) => !globalThis.reached.has(element))
        .map(({ outerHTML }) => outerHTML),
    }));
    if (!stayed && rounds > 1) return reachesAll(rounds - 1);
    assert.ok(stayed, "the page draws itself anew without end");
    assert.deepEqual(missed, []);
  }
});

test("a whole visit by keyboard alone", async () => {
  const visitor = await Visitor.arrive();
  const { page } = visitor;
  const press = async (button, key = "Enter") => {
    await button.focus();
    await page.keyboard.press(key);
  };

  await press(page.locator('[data-product="harbour-mug"]').getByTestId("add-to-cart"));
  await visitor.sees("cart-count", "1");
  await press(page.getByLabel("One Harbour Mug more"), "Space");
  await visitor.sees("cart-count", "2");
  await page.keyboard.press("Enter");
  await visitor.sees("cart-count", "3");
  await press(page.getByLabel("One Harbour Mug less"));
  await visitor.sees("cart-count", "2");

  for (const name of ["solo", "single", "buyer"]) {
    await press(page.getByTestId(`hint-${name}`));
    assert.equal(await page.getByLabel("E-mail").inputValue(), `${name}@example.com`);
  }
  // A hint leaves the keyboard at the sign-in.
  await page.keyboard.press("Enter");
  await page.getByTestId("company-le-south").waitFor();
  await visitor.sees("cart-of", "Of the customer");
  for (const [company, who] of [
    ["le-north", "North Harbour Trading GmbH"],
    ["le-south", "South Valley Supplies GmbH"],
    ["none", "Customer"],
  ]) {
    await press(page.getByTestId(`company-${company}`), "Space");
    await visitor.sees("who", who);
  }
  await visitor.sees("cart-count", "2");

  const timeline = page.getByRole("group", { name: "Timeline, can be scrolled" });
  await timeline.focus();
  const scrolled = () => timeline.evaluate((frame) => frame.scrollLeft);
  const end = await scrolled();
  assert.ok(end > 0, "the visit fits into the timeline");
  for (let pressed = 0; pressed < 5; pressed += 1) await page.keyboard.press("ArrowLeft");
  await page.waitForFunction((from) => document.querySelector("[view=timeline]").shadowRoot.querySelector(".lanes-scroll").scrollLeft < from, end);
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  for (let pressed = 0; pressed < 5; pressed += 1) await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("[view=timeline]").shadowRoot.querySelector(".lanes-scroll").scrollTop > 0);
  await page.setViewportSize({ width, height });

  await press(page.getByTestId("logout"));
  await visitor.sees("who", "Guest");
  assert.equal(await page.evaluate(() => document.activeElement.id), "account-title");
  await visitor.sees("cart-count", "0");
  visitor.hadNoTrouble();
});

test("without the sandbox the buttons that look again work by keyboard", async () => {
  const page = await shop.context.newPage();
  // Else the page would look again by itself, and the button would prove nothing.
  await page.addInitScript(() => (globalThis.setInterval = () => 0));
  await page.route(`${shop.sandbox.url}/**`, (route) => route.abort());
  await page.goto(shop.url);
  await page.getByTestId("products-error").getByRole("button", { name: "Try again" }).focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("products-error").getByRole("button", { name: "Try again" }).waitFor();
  // Before anything gets through: a look that is still under way may take the button away.
  await page.getByTestId("banner-action").focus();
  await page.unroute(`${shop.sandbox.url}/**`);
  await page.keyboard.press("Enter");
  await page.getByTestId("product").first().waitFor();
  await page.getByTestId("banner").waitFor({ state: "hidden" });
});

test("the ring runs down, and the timeline tells both tabs apart", async () => {
  const visitor = await Visitor.arrive();
  const dot = () => visitor.page.locator(".ring-second").getAttribute("style");
  const before = [await dot(), await visitor.text("ring")];
  await visitor.page.waitForFunction((text) => document.querySelector("[view=panel]").shadowRoot.querySelector(".ring").textContent !== text, before[1]);
  assert.notEqual(await dot(), before[0]);

  await visitor.signIn();
  await visitor.sees("ring", /1[78]:\d\dh to renewal/);
  const other = await Visitor.arrive();
  await other.page.getByTestId("company-le-north").click();
  await visitor.event("switched", "other tab");
  for (const lane of ["mine-events", "mine-requests", "other-events", "other-requests"])
    await visitor.page.locator(`.cell.${lane}`).first().waitFor();
  await visitor.page.locator(".band").nth(2).waitFor();
  // The switch comes after the other tab's request for it, although this tab read of that later.
  const order = await visitor.page.waitForFunction(() => {
    const cells = [...document.querySelector("[view=timeline]").shadowRoot.querySelectorAll(".cell")].map((cell) => cell.textContent);
    const asked = cells.findIndex((text) => text.includes("Another tab asked: Renewal"));
    return asked >= 0 && { asked, heard: cells.findIndex((text) => text.includes("Another tab: switched")) };
  });
  const { asked, heard } = await order.jsonValue();
  assert.ok(asked < heard, `asked at ${asked}, heard at ${heard}`);
});

test("a guest whose token has expired, here or there, is renewed and keeps the cart", async () => {
  for (const name of ["expire", "sleep", "platform-clock", "revoke-access"]) {
    const visitor = await Visitor.arrive({ cart: /Nothing in it yet|Total/ });
    const sessionId = await visitor.sessionId();
    await visitor.add("linen-apron");
    const count = await visitor.text("cart-count");
    visitor.seen = await lastSeq();
    await visitor.page.getByTestId(`try-${name}`).click();
    await visitor.event("renewed");
    await visitor.sees("cart-count", count);
    assert.equal(await visitor.sessionId(), sessionId);
    assert.equal((await tokenCalls(visitor.seen)).length, 1, name);
    await visitor.page.close();
  }
});

test("the keyboard begins at the skip links, and the theme can be chosen", async () => {
  const { page } = await Visitor.arrive();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the products");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => location.hash), "#products");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByTestId("theme").focus();
  await page.keyboard.press("Space");
  assert.notEqual(await paper(), light);
  await page.reload();
  assert.notEqual(await paper(), light);
});

test("a page whose policy refuses WebAssembly says which directive is missing", async () => {
  const page = await shop.context.newPage();
  await page.goto(await shop.serve("'self'"));
  await page.getByTestId("banner").getByText("wasm-unsafe-eval").waitFor();
  assert.deepEqual(await calls(), []);
});

test("without the sandbox the page says so, and goes on by itself once it is there", async () => {
  const page = await shop.context.newPage();
  await page.route(`${shop.sandbox.url}/**`, (route) => route.abort());
  await page.goto(shop.url);
  await page.getByTestId("banner").getByText("The sandbox does not answer").waitFor();
  await page.getByTestId("products-error").waitFor();
  await page.unroute(`${shop.sandbox.url}/**`);
  await page.getByTestId("product").first().waitFor();
  await page.getByTestId("banner").waitFor({ state: "hidden" });
});

/** One tab. Remembers every token that was handed out to it, to look for them where they must not be. */
class Visitor {
  #tokens = new Set();
  #troubles = [];
  seen = 0;

  static async arrive({ cart = /Nothing in it yet/ } = {}) {
    const visitor = new Visitor();
    const page = await shop.context.newPage();
    visitor.page = page;
    page.on("pageerror", (error) => visitor.#troubles.push(String(error)));
    // Where there is no cart yet the platform answers 404, which browsers print.
    const isNoCart = (message) => /404/.test(message.text()) && /\/cart\/acme\/carts\?/.test(message.location().url);
    page.on("console", (message) => message.type() === "error" && !isNoCart(message) && visitor.#troubles.push(message.text()));
    page.on("response", (response) => visitor.#learn(response));
    await page.goto(shop.url);
    await page.getByTestId("product").first().waitFor();
    await visitor.sees("cart", cart);
    return visitor;
  }

  async #learn(response) {
    if (!TOKEN_PATHS.test(new URL(response.url()).pathname) || response.request().method() === "OPTIONS") return;
    const body = await response.json().catch(() => ({}));
    for (const name of ["access_token", "refresh_token", "saas_token"]) {
      if (body[name]) this.#tokens.add(body[name]);
    }
  }

  text(testId) {
    return this.page.getByTestId(testId).textContent();
  }

  sessionId() {
    return this.text("session-id");
  }

  sees(testId, expected) {
    return sees(this.page, testId, expected);
  }

  async event(type, origin = "this tab") {
    await this.page.locator(`[data-testid="event"][data-type="${type}"]`).filter({ hasText: origin }).first().waitFor();
  }

  /** Until both tabs show the same. */
  async untilSame(other, testId) {
    for (;;) {
      const [mine, theirs] = await Promise.all([this.text(testId), other.text(testId)]);
      if (mine === theirs) return;
      // Either may be the one that is behind.
      await Promise.any([this.seesOther(testId, mine), other.seesOther(testId, theirs)]);
    }
  }

  /** Waits until something else is shown. */
  async seesOther(testId, text) {
    await this.page.getByTestId(testId).filter({ hasNotText: text }).first().waitFor();
  }

  price(product) {
    return this.page.locator(`[data-product="${product}"]`).getByTestId("price").textContent();
  }

  add(product) {
    return add(this.page, product);
  }

  signIn() {
    return signIn(this.page);
  }

  async holdsNoTokenInDom() {
    assert.ok(this.#tokens.size > 0, "no token was seen on the wire");
    const { html, values } = await this.page.evaluate(() => ({
      html: [document.documentElement, ...[...document.querySelectorAll("session-inspector")].map((it) => it.shadowRoot)].map((it) => it.innerHTML).join("\n"),
      values: [...document.querySelectorAll("input")].map((input) => input.value).join("\n"),
    }));
    for (const token of this.#tokens)
      assert.ok(!html.includes(token) && !values.includes(token), "a token stands in the page");
  }

  get tokens() {
    return [...this.#tokens];
  }

  async storesNothingOf(secrets) {
    const stored = await this.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    for (const secret of secrets) assert.ok(!stored.includes(secret), "something of the ended session is still stored");
  }

  hadNoTrouble() {
    assert.deepEqual(this.#troubles, []);
  }
}

/** API calls after the one numbered `seen`, without preflights. */
async function calls(seen = 0, pattern = /./) {
  return (await shop.sandbox.rows()).filter(({ seq, path }) => seq > seen && pattern.test(path));
}

async function tokenCalls(seen) {
  return (await calls(seen, TOKEN_PATHS)).map(({ path, bearer, status }) => ({ path, bearer, status }));
}

async function lastSeq() {
  return (await calls()).at(-1)?.seq ?? 0;
}
