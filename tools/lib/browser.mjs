import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { root, run } from "./run.mjs";

/** How a browser is started for tests, in the form that wasm-bindgen's test runner reads too. */
export const webdriverConfig = join(root, "tools/webdriver.json");

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const chromeOnMac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const drivers = ["chromedriver"];

/** Chromium and its driver, from the system's package manager where that needs no password. */
export async function installBrowser() {
  if (findBrowser() && find(drivers)) return;
  await aptInstall(["chromium", "chromium-driver"]);
  if (findBrowser() && find(drivers)) return;
  throw new Error(
    `The tests in the browser need Chromium or Chrome (${browsers.join(", ")}) and ChromeDriver of the same version\n` +
      "(chromedriver) on the PATH. Please install them, for example:\n" +
      "  Debian:  sudo apt-get install chromium chromium-driver\n" +
      "  Fedora:  sudo dnf install chromium chromedriver\n" +
      "  Arch:    sudo pacman -S chromium\n" +
      "  macOS:   brew install --cask google-chrome chromedriver",
  );
}

/** A headless Chromium, driven by Playwright. */
export async function launchBrowser({ args = [], ...options } = {}) {
  await installBrowser();
  // Loaded late: the packages may have been missing when this module was.
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: findBrowser(), args: [...usualArgs(), ...args], ...options });
}

/** What Chromium is told for every test. */
export const usualArgs = () => JSON.parse(readFileSync(webdriverConfig))["goog:chromeOptions"].args;

/** Debian's packages, where apt is at hand and asks for no password; says why not, and throws nothing. */
export async function aptInstall(packages) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  if (!find(["apt-get"]) || (sudo.length > 0 && !find(["sudo"]))) return;
  const apt = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--option=DPkg::Lock::Timeout=300"];
  try {
    await run(apt[0], [...apt.slice(1), "update"]);
    await run(apt[0], [...apt.slice(1), "install", "--yes", ...packages]);
  } catch (error) {
    console.error(error.message);
  }
}

export function findBrowser() {
  return find(browsers) ?? [chromeOnMac].find(existsSync);
}

/** The first of the programs that is on the PATH. */
export function find(programs) {
  const folders = process.env.PATH.split(delimiter);
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(existsSync);
}
