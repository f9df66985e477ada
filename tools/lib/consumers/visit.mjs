// One mode of one host: what is built, what is started, and what it must show in a browser or print.

import { createServer } from "node:http";
import { join } from "node:path";

import sirv from "sirv";

import { freePort, listen } from "../ports.mjs";
import { start, stop } from "../run.mjs";
import { pathOf } from "./install.mjs";

/** What each app shows that has fetched products as a guest and then signed in. */
const done = /customer, [1-9]\d* products/;
const patience = 180_000;

/**
 * `steps`: commands to `run`, of which `prints` (a pattern) is expected where it is not what an app shows; a command to
 * `serve`, or a folder of files; then `pages`, pairs of a path and what is shown where, and `answers`, paths whose text it is. In all of them
 * {port} and {api} stand for a port and the sandbox's address. `hides`: what no command may print.
 */
export async function visit(host, { run = [], prints, serve, pages = [], answers = [], hides = [] }, { api, browser }) {
  const port = await freePort(0);
  const filled = (text) => text.replaceAll("{port}", port).replaceAll("{api}", api);
  const env = { API_URL: api, PORT: String(port), PATH: pathOf(host), CI: "1", NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1", ...host.env };
  const launch = (command) => {
    const begun = start(command[0], command.slice(1).map(filled), { cwd: host.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    begun.text = "";
    for (const stream of [begun.child.stdout, begun.child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (begun.text += chunk));
    return begun;
  };
  const look = (command, text) => {
    for (const pattern of hides) if (pattern.test(text)) throw new Error(`\`${command.join(" ")}\` prints ${pattern}:\n${text}`);
  };
  for (const command of run) {
    const begun = launch(command);
    const status = await begun.exited;
    if (status !== 0) throw new Error(`\`${command.join(" ")}\` failed (${status}):\n${begun.text}`);
    if (!serve && !(prints ?? done).test(begun.text)) throw new Error(`\`${command.join(" ")}\` printed:\n${begun.text}`);
    look(command, begun.text);
  }
  if (!serve) return;
  const server = typeof serve === "string" ? await serveFiles(join(host.folder, serve), port) : launch(serve);
  try {
    const site = `http://127.0.0.1:${port}`;
    await isUp(site, server);
    for (const path of answers) {
      const text = await (await fetch(site + filled(path))).text();
      if (!done.test(text)) throw new Error(`${path} answers: ${text.slice(0, 2_000)}\n${server.text}`);
    }
    for (const [path, selector] of pages) await isShown(browser, site + filled(path), selector, server);
    if (typeof serve !== "string") look(serve, server.text);
  } finally {
    if (server.child) stop(server.child);
    await (server.child ? server.exited : server.stop());
  }
}

async function isShown(browser, address, selector, server) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const told = [];
  page.on("console", (message) => message.type() === "error" && told.push(message.text()));
  page.on("pageerror", (error) => told.push(String(error)));
  try {
    // A development server may load the page anew.
    await page.goto(address);
    const place = page.locator(selector).filter({ hasText: /customer, |failed/ });
    await place.waitFor({ timeout: patience });
    const text = await place.textContent();
    if (!done.test(text)) throw new Error(`${selector} shows: ${text}`);
  } catch (error) {
    throw new Error([`${address}: ${error.message}`, ...told, server.text].join("\n"));
  } finally {
    await context.close();
  }
}

async function isUp(site, server) {
  let isOver = false;
  server.exited?.then(() => (isOver = true));
  const end = performance.now() + patience;
  while (performance.now() < end && !isOver) {
    try {
      return await fetch(site, { signal: AbortSignal.timeout(60_000) });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error(`${server.child?.spawnargs.join(" ")} does not answer:\n${server.text}`);
}

async function serveFiles(folder, port) {
  const server = createServer(sirv(folder, { dev: true, single: true }));
  await listen(server, port);
  return {
    text: "",
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
