// One tab renews, the one that is shown, while others are open that share its session.

import { cpuClock, spentBetween } from "../cpu.mjs";
import { median } from "../lab.mjs";
import { others, peers } from "../peers.mjs";

const renewals = 10;

/** Per peer and number of tabs: ms until the renewal is done, and CPU ms that all pages spend on it. */
export async function measureTabs(lab, numbers, rounds) {
  const results = {};
  // Who is held against another takes turns with it; so many pages at once are too many for all.
  const groups = [peers.filter((peer) => !others.includes(peer)), ...others.map((peer) => [peer])];
  for (const group of groups) Object.assign(results, await renewInTurn(lab, group, numbers, rounds));
  return results;
}

async function renewInTurn(lab, group, numbers, rounds) {
  const open = [];
  for (const number of numbers) for (const peer of group) open.push(await openTabs(lab, peer, number));

  const clock = await cpuClock(lab.browser);
  // The first round warms up. Different numbers of tabs take turns, so that the machine's moods hit all alike.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { pages, wall, cpu } of open) {
      const before = await clock.quiet();
      const spent = await pages[0].evaluate(renewOften, renewals);
      // The other tabs may still be at work.
      const times = spentBetween(before, await clock.quiet());
      if (round === 0) continue;
      wall.push(spent / renewals);
      cpu.push(times.reduce((sum, time) => sum + time, 0) / renewals);
    }
  }
  await clock.close();
  for (const { context } of open) await context.close();
  for (const { id } of group) lab.stubs[id].reset();
  const outcome = ({ number, wall, cpu }) => ({ number, wall: median(wall), cpu: median(cpu) });
  return Object.fromEntries(group.map((peer) => [peer.id, open.filter((it) => it.peer === peer).map(outcome)]));
}

async function openTabs(lab, peer, number) {
  const context = await lab.browser.newContext({ storageState: await lab.signedIn(peer, 3600) });
  if (peer.renewsByExpiry) lab.stubs[peer.id].lifetime = 0;
  const pages = [];
  for (let index = 0; index < number; index += 1) {
    const page = await lab.visit(context, peer, "library");
    await page.evaluate(async () => {
      await peer.open(platform);
      await (peer.token ?? peer.call)();
    });
    if (index > 0) await page.evaluate(hide);
    pages.push(page);
  }
  return { peer, number, context, pages, wall: [], cpu: [] };
}

/** Of a window's tabs one is shown. Under a driver the browser says of all that they are. */
function hide() {
  Object.defineProperties(document, { hidden: { value: true }, visibilityState: { value: "hidden" } });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

async function renewOften(times) {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) await peer.renew();
  return performance.now() - start;
}
