// One tab renews while others are open that share its session.

import { mean, median } from "../lab.mjs";
import { peers } from "../peers.mjs";

const renewals = 10;

/** Per peer and number of tabs: ms until the renewal is done, and CPU ms that all pages spend on it. */
export async function measureTabs(lab, numbers, rounds) {
  const results = {};
  for (const peer of peers) results[peer.id] = await grow(lab, peer, numbers, rounds);
  return results;
}

async function grow(lab, peer, numbers, rounds) {
  const stub = lab.stubs[peer.id];
  const contexts = [];
  for (const number of numbers) {
    const context = await lab.browser.newContext({ storageState: await lab.signedIn(peer, 3600) });
    if (peer.renewsByExpiry) stub.lifetime = 0;
    const pages = [];
    for (let index = 0; index < number; index += 1) {
      const page = await lab.visit(context, peer, "library");
      await page.evaluate(async () => {
        await peer.open(platform);
        await (peer.token ?? peer.call)();
      });
      pages.push(page);
    }
    contexts.push({ number, context, pages, wall: [], cpu: [] });
  }

  const cdp = await lab.browser.newBrowserCDPSession();
  const cpuTime = async () => {
    const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { type, cpuTime }) => (type === "renderer" ? sum + cpuTime * 1000 : sum), 0);
  };
  // The first round warms up. Different numbers of tabs take turns, so that the machine's moods hit all alike.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { pages, wall, cpu } of contexts) {
      const before = await cpuTime();
      const spent = await pages[0].evaluate(renewOften, renewals);
      // The other tabs may still be at work.
      await pages[0].waitForTimeout(200);
      if (round === 0) continue;
      wall.push(spent / renewals);
      cpu.push(((await cpuTime()) - before) / renewals);
    }
  }
  await cdp.detach();
  for (const { context } of contexts) await context.close();
  stub.reset();
  return contexts.map(({ number, wall, cpu }) => ({ number, wall: median(wall), cpu: mean(cpu) }));
}

async function renewOften(times) {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) await peer.renew();
  return performance.now() - start;
}
