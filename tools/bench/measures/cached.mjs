// A token that is at hand: what one call costs.

import { cpuClock } from "../cpu.mjs";
import { inTurn, median } from "../lab.mjs";
import { peers } from "../peers.mjs";

const milliseconds = 60;

/** What can be called without a request; the floor is an async function that returns a constant. */
const calls = ["floor", "token", "call", "snapshot"];

/** Per peer: microseconds for each of the calls that it has. */
export async function measureCached(lab, rounds) {
  const stored = {};
  for (const peer of peers) stored[peer.id] = await lab.signedIn(peer, 3600);

  const clock = await cpuClock(lab.browser);
  const seen = Object.fromEntries(peers.map(({ id }) => [id, {}]));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of inTurn(peers, round)) {
      // What an engine makes of the same code differs from page to page, and stays as it is in each.
      const context = await lab.browser.newContext({ storageState: stored[peer.id] });
      const page = await lab.visit(context, peer, "library");
      const has = await page.evaluate(prepare, { milliseconds });
      await clock.quiet();
      for (const way of calls.filter((way) => has.includes(way))) {
        // The first time warms up.
        await page.evaluate((way) => costOf[way](), way);
        (seen[peer.id][way] ??= []).push(await page.evaluate((way) => costOf[way](), way));
      }
      await context.close();
    }
  }
  await clock.close();
  for (const ways of Object.values(seen)) for (const way in ways) ways[way] = median(ways[way]);
  return seen;
}

/**
 * In the page: for each way a function that calls for that long and returns the microseconds of one call. Each has code of
 * its own, so that none pays for what the engine learned of another.
 */
async function prepare({ milliseconds }) {
  await peer.open(platform);
  await (peer.token ?? peer.call)();
  const ways = { ...peer, floor: async () => "constant" };
  const loop = (call) => `return async () => {
    let count = 0;
    const start = performance.now();
    let end = start;
    while (end - start < ${milliseconds}) {
      for (let index = 0; index < 100; index += 1) ${call};
      count += 100;
      end = performance.now();
    }
    return ((end - start) * 1000) / count;
  };`;
  globalThis.costOf = {};
  for (const way in ways) {
    const call = way === "snapshot" ? "kept = ask()" : "kept = await ask()";
    costOf[way] = new Function("ask", `let kept;${loop(call)}`)(ways[way]);
  }
  return Object.keys(ways);
}
