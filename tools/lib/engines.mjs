// The three browser engines, each as a plain process: no driver, so nothing is switched off that a visitor's browser has.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { aptInstall, find, findBrowser, usualArgs } from "./browser.mjs";
import { output, start, stop } from "./run.mjs";

const miniBrowsers = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec", "/usr/lib"].flatMap((folder) =>
  ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"].map((name) => join(folder, name, "MiniBrowser")),
);
const findMiniBrowser = () => miniBrowsers.find(existsSync);

/**
 * `isSteady` lets hidden tabs work at full speed: what is tested is what a tab does, not when it is given the time. `refusesData` is a
 * visitor who lets no site store anything.
 */
const engines = {
  chromium: {
    packages: ["chromium", "chromium-driver"],
    find: findBrowser,
    command(program, profile, { isSteady, refusesData }) {
      if (refusesData) {
        mkdirSync(join(profile, "Default"));
        writeFileSync(join(profile, "Default/Preferences"), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
      }
      return [
        program,
        "--headless=new",
        `--user-data-dir=${profile}`,
        "--no-default-browser-check",
        "--disable-popup-blocking",
        ...usualArgs(),
        ...(isSteady ? ["--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"] : []),
      ];
    },
  },
  firefox: {
    packages: ["firefox-esr"],
    find: () => find(["firefox-esr", "firefox"]),
    command(program, profile, { isSteady, refusesData }) {
      const steady = { "dom.min_background_timeout_value": 4, "dom.timeout.enable_budget_timer_throttling": false };
      const prefs = Object.entries({ ...firefoxPrefs, ...(isSteady && steady), ...(refusesData && { "network.cookie.cookieBehavior": 2 }) });
      const lines = prefs.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
      writeFileSync(join(profile, "user.js"), lines.join(""));
      return [program, "--headless", "--no-remote", "--profile", profile];
    },
  },
  webkit: {
    packages: ["webkit2gtk-driver", "xvfb", "xauth"],
    find: () => find(["xvfb-run"]) && findMiniBrowser(),
    display: ["xvfb-run", "--auto-servernum"],
    command: (program, profile, { isSteady, refusesData }) => [
      program,
      ...(refusesData ? ["--cookies-policy=never"] : []),
      "--javascript-can-open-windows-automatically=true",
      ...(isSteady ? ["--features=!HiddenPageDOMTimerThrottling,!PageVisibilityBasedProcessSuppression"] : []),
    ],
    // A home of its own: MiniBrowser takes no folder for what sites store.
    env: (profile) => ({ HOME: profile, XDG_DATA_HOME: profile, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile, NO_AT_BRIDGE: "1" }),
  },
};

export const engineNames = Object.keys(engines);

/** Nothing but the pages of the test: no update, no telemetry, no pop-up blocker. */
const firefoxPrefs = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.warnOnClose": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.allow_scripts_to_close_windows": true,
  "dom.disable_open_during_load": false,
  "dom.popup_maximum": -1,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#none",
  "toolkit.telemetry.enabled": false,
};

/** The engine's browser, from the system's package manager where that needs no password. */
export async function installEngine(name) {
  const { find, packages } = engineNamed(name);
  if (!find()) await aptInstall(packages);
  if (!find()) throw new Error(`The tests in ${name} need its browser. Debian: sudo apt-get install ${packages.join(" ")}`);
}

/** As the browser tells it. */
export async function engineVersion(name) {
  const { find, display = [] } = engineNamed(name);
  const [program, ...args] = [...display, find(), "--version"];
  const text = await output(program, args);
  return text.trim().split("\n").at(-1).replace(/ built on.*/, "");
}

/** Opens the address in a browser that has been nowhere yet; `stop()` ends it, and what it has kept is deleted. */
export async function startEngine(name, url, { isSteady = true, refusesData } = {}) {
  await installEngine(name);
  const { find, command, env, display = [] } = engineNamed(name);
  const profile = mkdtempSync(join(tmpdir(), `${name}-`));
  const [program, ...args] = [...display, ...command(find(), profile, { isSteady, refusesData }), url];
  const { child, exited } = start(program, args, { env: env?.(profile), stdio: "ignore" });
  return {
    exited,
    async stop() {
      stop(child);
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function engineNamed(name) {
  if (!(name in engines)) throw new Error(`no engine ${name}; there are ${engineNames.join(", ")}`);
  return engines[name];
}
