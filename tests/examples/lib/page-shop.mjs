// A shop of examples/ that runs in the page alone, as Vite builds it: on a phone, against the sandbox.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launchBrowser } from "../../../tools/lib/browser.mjs";
import { freePort } from "../../../tools/lib/ports.mjs";
import { root, run, stop } from "../../../tools/lib/run.mjs";
import { startSandbox } from "../../../tools/lib/sandbox.mjs";
import { Sandbox } from "../../e2e/lib/sandbox.mjs";
import { listening } from "./shop.mjs";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The example of that name. */
export function sellsInThePage(name) {
  const cwd = join(root, "examples", name);
  const running = [];
  let browser;
  let sandbox;
  let url;

  before(async () => {
    const server = await startSandbox();
    running.push(() => server.stop());
    sandbox = new Sandbox(server);
    await run("node_modules/.bin/vite", ["build", "--logLevel=warn"], { cwd, env: { VITE_API_URL: server.url } });
    const port = await freePort(0);
    const shop = await listening("node_modules/.bin/vite", ["preview", "--host=127.0.0.1", `--port=${port}`, "--strictPort"], { cwd }, /127\.0\.0\.1/);
    running.push(() => stop(shop));
    url = `http://127.0.0.1:${port}`;
    browser = await launchBrowser();
    running.push(() => browser.close());
  });

  after(async () => {
    for (const end of running.reverse()) await end();
  });

  test("guest cart, login, company and logout on a phone, and what somebody waits for", async () => {
    const context = await browser.newContext(phone);
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    const sees = (id, text) => page.getByTestId(id).filter({ hasText: text }).waitFor();
    const waits = (text) => page.getByRole("status").filter({ hasText: text }).waitFor();
    const click = (name) => page.getByRole("button", { name }).first().click();
    await page.goto(url);
    await sees("who", "a guest");
    await click("Put into the cart");
    await sees("count", "1");
    await click("Put into the cart");
    await sees("count", "2");
    assert.deepEqual(await blemishes(page), []);

    await page.getByLabel("E-mail").fill("buyer@example.com");
    await page.getByLabel("Password").fill("wrong");
    await click("Sign in");
    await page.getByRole("alert").filter({ hasText: "wrong" }).waitFor();
    await page.getByLabel("Password").fill("sandbox-pass");
    await sandbox.requests();
    await sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
    await click("Sign in");
    await waits("Signing in");
    assert.ok(await page.getByRole("button", { name: "Sign in" }).isDisabled());
    await sandbox.asked(/customer\/login/);
    await sandbox.release();
    await sees("who", "signed in");
    await sees("count", "2");
    await page.getByRole("option", { name: "North" }).waitFor({ state: "attached" });
    assert.deepEqual(await blemishes(page), []);

    await sandbox.requests();
    await sandbox.fault({ path: "/customer/acme/refreshauthtoken", kind: "hold", times: 1 });
    await page.getByLabel("Buy for").selectOption("le-north");
    await waits("Changing the company");
    await sandbox.asked(/refreshauthtoken/);
    await sandbox.release();
    await page.waitForFunction(() => document.querySelector("main").ariaBusy === "false");
    assert.equal(await page.getByLabel("Buy for").inputValue(), "le-north");
    await page.reload();
    await page.waitForFunction(() => document.querySelector("select")?.value === "le-north" && document.querySelectorAll("option").length === 3);

    await click("Sign out");
    await sees("who", "a guest");
    await sees("count", "0");
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

/** What axe finds, and whether the page is wider than the phone. */
async function blemishes(page) {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8"));
  return page.evaluate(async () => {
    const { violations } = await axe.run();
    const isWide = document.documentElement.scrollWidth > innerWidth ? ["wider than the phone"] : [];
    return [...violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), ...isWide];
  });
}
