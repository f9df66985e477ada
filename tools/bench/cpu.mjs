// CPU time of the browser's pages.

import { readdirSync, readFileSync } from "node:fs";

/** Reads the CPU time that each process of pages has spent, see `spentBetween`. Chromium counts pages of its own among them. */
export async function cpuClock(browser) {
  const cdp = await browser.newBrowserCDPSession();
  const read = async () => {
    const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
    const pages = processInfo.filter(({ type }) => type === "renderer");
    return new Map(pages.map(({ id, cpuTime }) => [id, threadTimes(id) ?? new Map([[id, cpuTime * 1000]])]));
  };
  return {
    read,

    /** Waits until no page is at work, and reads then. A new window has pages of the browser's own, which take half a second. */
    async quiet() {
      let last = await read();
      for (let tries = 0; tries < 100; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const now = await read();
        if (spentBetween(last, now).every((spent) => spent < 1)) return now;
        last = now;
      }
      throw new Error("the browser's pages did not come to rest within ten seconds");
    },

    close: () => cdp.detach(),
  };
}

/** What each process spent between two readings, in milliseconds. */
export const spentBetween = (before, after) =>
  [...after].map(([id, threads]) => {
    const known = before.get(id);
    return [...threads].reduce((sum, [thread, time]) => sum + time - (known?.get(thread) ?? 0), 0);
  });

/** Linux counts in nanoseconds, for each thread; what Chromium tells of a process it counts in steps of 10 ms. */
function threadTimes(process) {
  try {
    return new Map(readdirSync(`/proc/${process}/task`).map((thread) => [thread, threadTime(process, thread)]));
  } catch {
    return undefined;
  }
}

function threadTime(process, thread) {
  const nanoseconds = readFileSync(`/proc/${process}/task/${thread}/schedstat`, "utf8").split(" ")[0];
  return Number(nanoseconds) / 1e6;
}
