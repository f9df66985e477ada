import { cpus, loadavg } from "node:os";

/** On what and when it was measured; nothing that tells one machine of a kind from another. */
export function machine(browser) {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    browser: `Chromium ${browser.version()}, headless`,
    node: process.versions.node,
    load: loadavg()[0].toFixed(1),
  };
}
