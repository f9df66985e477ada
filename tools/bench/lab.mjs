// The browser, the storefront and a platform for each peer: what every measure works with.

import { launchBrowser } from "../lib/browser.mjs";
import { pageFiles } from "./bundle.mjs";
import { peers } from "./peers.mjs";
import { startSite } from "./site.mjs";
import { startStub } from "./stub.mjs";

export async function openLab() {
  const stubs = {};
  const files = {};
  for (const peer of peers) {
    stubs[peer.id] = await startStub(peer);
    files[peer.id] = await pageFiles(peer);
  }
  const urls = Object.fromEntries(peers.map(({ id }) => [id, stubs[id].url]));
  const site = await startSite(files, urls);
  const browser = await launchBrowser();
  return {
    browser,
    stubs,
    site,

    /** A page of the peer's. */
    async visit(context, peer, name) {
      const page = await context.newPage();
      await page.goto(this.address(peer, name));
      await ready(page);
      return page;
    },

    address: (peer, name) => `${site.url}/${peer.id}/${name}`,

    /** What the peer keeps in the browser once a visitor has got tokens that live for `lifetime` seconds. */
    async signedIn(peer, lifetime) {
      const stub = stubs[peer.id];
      stub.reset();
      stub.lifetime = lifetime;
      const context = await browser.newContext();
      const page = await this.visit(context, peer, "library");
      await page.evaluate(() => peer.signIn(platform));
      // Signing in may lead to the platform's page and back.
      if (stub.requests === 0 && peer.id === "auth0") {
        await page.waitForURL(/[?&]code=/);
        await ready(page);
        await page.evaluate(() => peer.signIn(platform));
      }
      const storageState = await context.storageState();
      await context.close();
      stub.reset();
      return storageState;
    },

    async close() {
      await browser.close();
      await site.stop();
      for (const stub of Object.values(stubs)) await stub.stop();
    },
  };
}

export const ready = (page) => page.waitForFunction(() => globalThis.isReady === true);

/** The middle of what was measured. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Forwards in one round and backwards in the next, so that it is no advantage to come before or after another. */
export const inTurn = (peers, round) => (round % 2 === 0 ? peers : peers.toReversed());
