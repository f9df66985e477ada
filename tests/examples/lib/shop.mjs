// A shop of examples/ in a real browser: two processes and Redis, the requests of one visitor by turns.

import assert from "node:assert/strict";
import { createServer, request as send } from "node:http";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { launchBrowser } from "../../../tools/lib/browser.mjs";
import { freePort, listen } from "../../../tools/lib/ports.mjs";
import { startRedis } from "../../../tools/lib/redis.mjs";
import { start, stop } from "../../../tools/lib/run.mjs";
import { startSandbox } from "../../../tools/lib/sandbox.mjs";

/** `begin` starts one process of the shop at that port, in this environment; gives it when it listens. `look` is done in the guest's page. */
export function keepsTheCart(begin, look) {
  const running = [];
  let browser;
  let url;

  before(async () => {
    const [redis, sandbox] = await Promise.all([startRedis(), startSandbox()]);
    running.push(() => redis.stop(), () => sandbox.stop());
    const shops = [];
    for (let count = 0; count < 2; count += 1) {
      const port = await freePort(0);
      const child = await begin(port, { API_URL: sandbox.url, REDIS_URL: redis.url, PORT: `${port}` });
      running.push(() => stop(child));
      shops.push(`http://127.0.0.1:${port}`);
    }
    const turns = await serveByTurns(shops);
    running.push(turns.stop);
    url = turns.url;
    browser = await launchBrowser();
    running.push(() => browser.close());
  });

  after(async () => {
    for (const end of running.reverse()) await end();
  });

  test("guest cart, login, company and logout", () => buy(browser, url, look));
}

/** A process of a shop, which has printed that it listens. */
export async function listening(command, args, options, pattern) {
  const { child } = start(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  await new Promise((resolve) => createInterface(child.stdout).on("line", (line) => pattern.test(line) && resolve()).on("close", resolve));
  return child;
}

async function serveByTurns(shops) {
  let turn = 0;
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const passed = send(shops[(turn += 1) % shops.length] + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  const { port } = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, stop: () => (server.closeAllConnections(), server.close()) };
}

async function buy(browser, url, look) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sees = (id, text) => page.getByTestId(id).filter({ hasText: text }).waitFor();
  await page.goto(url);
  await sees("who", "a guest");
  await look?.(page);
  assert.deepEqual(await context.cookies(), [], "looking costs nothing");

  const put = () => page.getByRole("button", { name: "Put into the cart" }).first().click();
  await put();
  await sees("count", "1");
  await put();
  await sees("count", "2");
  const [guests, ...more] = await context.cookies();
  assert.deepEqual([more, guests.httpOnly], [[], true]);

  await page.getByLabel("E-mail").fill("buyer@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "wrong" }).waitFor();
  // A form that was sent is emptied when its answer is there.
  await page.goto(url);
  await sees("count", "2");
  await page.getByLabel("E-mail").fill("buyer@example.com");
  await page.getByLabel("Password").fill("sandbox-pass");
  await page.getByRole("button", { name: "Sign in" }).click();
  await sees("who", "signed in");
  await sees("count", "2");
  const [customers] = await context.cookies();
  assert.notEqual(customers.value, guests.value);

  await page.getByLabel("Buy for").selectOption("le-north");
  // The page is at rest before the form is sent, too.
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), page.getByRole("button", { name: "Choose" }).click()]);
  await page.reload();
  assert.equal(await page.getByLabel("Buy for").inputValue(), "le-north");

  await page.getByRole("button", { name: "Sign out" }).click();
  await sees("who", "a guest");
  await sees("count", "0");
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })), "{}");
}
