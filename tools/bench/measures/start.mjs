// A visitor comes back: from the navigation to a token that works.

import { cpuClock, spentBetween } from "../cpu.mjs";
import { inTurn, median } from "../lab.mjs";
import { peers } from "../peers.mjs";
import { weigh } from "./weight.mjs";

const rates = [1, 4];

/** The token has expired: until the page has another. */
export const measureStart = (lab, rounds) => measureVisits(lab, rounds, { lifetime: 1, page: "token" });

/** The token is good: until the first API call leaves, or the page has the token to make one. */
export const measureGood = (lab, rounds) => measureVisits(lab, rounds, { lifetime: 3600, page: "call" });

/**
 * Per peer: wall time as the page saw it and CPU time of its process in ms, at full speed and on a slow CPU; and the Brotli
 * bytes of the library that the page had asked for by then, at the most. `floor` is a page that needs no library.
 */
async function measureVisits(lab, rounds, { lifetime, page }) {
  const visitors = [...peers.map((peer) => ({ id: peer.id, peer, page })), { id: "floor", peer: peers[0], page: "nothing" }];
  const stored = {};
  for (const peer of peers) stored[peer.id] = await lab.signedIn(peer, lifetime);
  if (lifetime === 1) await new Promise((resolve) => setTimeout(resolve, 1500));

  const clock = await cpuClock(lab.browser);
  const seen = Object.fromEntries(
    visitors.map(({ id }) => [id, { asked: new Set(), rates: rates.map(() => ({ wall: [], cpu: [] })) }]),
  );
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, rate] of rates.entries()) {
      for (const { id, peer, page } of inTurn(visitors, round)) {
        const { wall, cpu, asked } = await visitOnce(lab, peer, { storageState: stored[peer.id], page, rate, clock });
        if (round === 0) continue;
        seen[id].rates[index].wall.push(wall);
        seen[id].rates[index].cpu.push(cpu);
        for (const file of asked) seen[id].asked.add(file);
      }
    }
  }
  await clock.close();
  const results = {};
  for (const { id, peer } of visitors) {
    const [full, slow] = seen[id].rates.map(({ wall, cpu }) => ({ wall: median(wall), cpu: median(cpu) }));
    results[id] = { full, slow, brotli: (await weigh(peer, [...seen[id].asked])).brotli };
  }
  return results;
}

async function visitOnce(lab, peer, { storageState, page: name, rate, clock }) {
  lab.stubs[peer.id].reset();
  const context = await lab.browser.newContext({ storageState });
  // A page of the same origin first, so that what is counted is not the start of a process.
  const page = await lab.visit(context, peer, "empty");
  const cdp = await context.newCDPSession(page);
  await clock.quiet();
  // From here on a slow page is at work all the time.
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const before = await clock.read();
  const usable = lab.site.usable(peer.id);
  const failed = page.waitForEvent("pageerror").then((error) => {
    throw error;
  });
  await page.goto(lab.address(peer, name), { waitUntil: "commit" });
  const { wall, asked, resume } = await Promise.race([usable, failed]);
  // No other page is at work.
  const cpu = Math.max(...spentBetween(before, await clock.read()));
  resume();
  await context.close();
  return { wall, cpu, asked };
}
