import { test as base } from "@playwright/test";
import { startSandbox } from "storefront-session/sandbox";

import { serveShop } from "./shop/server.js";

/** `sandbox` as at start for each test, and a `page` that shows the shop. */
export const test = base.extend({
  // Workers run side by side; each has a platform and a shop of its own.
  platform: [
    async ({}, use) => {
      const sandbox = await startSandbox();
      const shop = await serveShop();
      await use({ sandbox, shop });
      await shop.stop();
      await sandbox.stop();
    },
    { scope: "worker" },
  ],
  sandbox: async ({ platform: { sandbox } }, use) => {
    await sandbox.reset();
    await use(sandbox);
  },
  page: async ({ page, platform: { shop }, sandbox }, use) => {
    await page.goto(`${shop.url}/?apiUrl=${encodeURIComponent(sandbox.url)}`);
    await use(page);
  },
});

export { expect } from "@playwright/test";
