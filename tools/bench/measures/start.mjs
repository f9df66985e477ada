// A visitor comes back after his token has expired: from the navigation to a token that works.

import { mean, median } from "../lab.mjs";
import { peers } from "../peers.mjs";

const rates = [1, 4];

/** Per peer: wall time as the page saw it and CPU time of its process in ms, at full speed and on a slow CPU. */
export async function measureStart(lab, rounds) {
  const stored = {};
  for (const peer of peers) stored[peer.id] = await lab.signedIn(peer, 1);
  await new Promise((resolve) => setTimeout(resolve, 1500));

  const seen = Object.fromEntries(peers.map(({ id }) => [id, rates.map(() => ({ wall: [], cpu: [] }))]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rate] of rates.entries()) {
      for (const peer of peers) {
        const { wall, cpu } = await startOnce(lab, peer, stored[peer.id], rate);
        seen[peer.id][index].wall.push(wall);
        seen[peer.id][index].cpu.push(cpu);
      }
    }
  }
  return Object.fromEntries(
    peers.map(({ id }) => {
      const [full, slow] = seen[id].map(({ wall, cpu }) => ({ wall: median(wall), cpu: mean(cpu) }));
      return [id, { full, slow }];
    }),
  );
}

async function startOnce(lab, peer, storageState, rate) {
  lab.stubs[peer.id].reset();
  const context = await lab.browser.newContext({ storageState });
  // A page of the same origin first, so that what is counted is not the start of a process.
  const page = await lab.visit(context, peer, "empty");
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable");
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const cpuTime = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ProcessTime").value * 1000;
  };
  const before = await cpuTime();
  const told = page.waitForEvent("console", (message) => message.text().startsWith("usable"));
  await page.goto(lab.address(peer, "visit"));
  const wall = Number((await told).text().split(" ")[1]);
  const cpu = (await cpuTime()) - before;
  await context.close();
  return { wall, cpu };
}
