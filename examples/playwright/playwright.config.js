import { defineConfig } from "@playwright/test";

export default defineConfig({
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  // Where no browser of Playwright's own is installed.
  use: { launchOptions: { executablePath: process.env.CHROMIUM } },
});
