// Requests for tokens: how many are made where one would do. Each is counted by the platform, preflights left out.

import { peers } from "../peers.mjs";

const answerDelayMs = 100;
const hour = 3_600_000;

export const scenarios = [
  {
    id: "cold",
    title: "100 callers at once, token expired",
    least: 1,
    why: "nobody holds a token, and one token serves all",
    lifetime: 1,
    run: ({ tabs }) => tabs(1, { warm: false }).then(([tab]) => ask([tab], 100)),
  },
  {
    id: "tabs",
    title: "10 tabs × 10 callers when the token expires",
    least: 1,
    why: "the tabs share a storage, so one tab's token serves all",
    lifetime: 3600,
    async run({ tabs, advance }) {
      const open = await tabs(10);
      await advance(open, hour + 1000);
      return ask(open, 10);
    },
  },
  {
    id: "failure",
    title: "one 503 during the renewal; 10 callers, who ask again",
    least: 2,
    why: "the one that failed, and the one that did not",
    lifetime: 1,
    async run({ tabs, stub }) {
      const open = await tabs(1, { warm: false });
      stub.failures = 1;
      return ask(open, 10, { patienceMs: 5000 });
    },
  },
  {
    id: "night",
    title: "a laptop wakes after 8 h with 5 tabs × 10 callers",
    least: 1,
    why: "the access token is over, the refresh token is not; the first to wake renews for all",
    lifetime: 3600,
    async run({ tabs, advance }) {
      const open = await tabs(5);
      await advance(open, 8 * hour);
      const outcome = await ask(open, 10, { wake: true });
      // Some look at the clock every few seconds only.
      await open[0].waitForTimeout(6000);
      return outcome;
    },
  },
];

/** Per peer and scenario: requests, how many of them were refused, and callers that were left without a token. */
export async function countRequests(lab) {
  const counts = {};
  for (const peer of peers) {
    counts[peer.id] = {};
    for (const scenario of scenarios) counts[peer.id][scenario.id] = await play(lab, peer, scenario);
  }
  return counts;
}

async function play(lab, peer, { lifetime, run }) {
  const stub = lab.stubs[peer.id];
  const storageState = await lab.signedIn(peer, lifetime);
  if (lifetime === 1) await new Promise((resolve) => setTimeout(resolve, 1500));
  const context = await lab.browser.newContext({ storageState });
  await context.addInitScript(movableClock);

  const tabs = async (count, { warm = true } = {}) => {
    const pages = [];
    for (let index = 0; index < count; index += 1) {
      const page = await lab.visit(context, peer, "library");
      if (warm) {
        await page.evaluate(async () => {
          await peer.open(platform);
          await (peer.token ?? peer.call)();
        });
      }
      pages.push(page);
    }
    stub.reset();
    stub.delayMs = answerDelayMs;
    return pages;
  };
  const advance = async (pages, milliseconds) => {
    stub.ahead += milliseconds;
    for (const page of pages) await page.evaluate((milliseconds) => advanceClock(milliseconds), milliseconds);
  };

  const { rejected, unserved } = await run({ tabs, advance, stub });
  const { requests, refusals } = stub;
  await context.close();
  stub.reset();
  return { requests, refusals, rejected, unserved };
}

/** So many callers in each tab, all at once; who is rejected asks again every half second while patience lasts. */
async function ask(pages, callers, options = {}) {
  const outcomes = await Promise.all(pages.map((page) => page.evaluate(askInPage, { callers, ...options })));
  const sum = (name) => outcomes.reduce((total, outcome) => total + outcome[name], 0);
  return { rejected: sum("rejected"), unserved: sum("unserved") };
}

async function askInPage({ callers, wake = false, patienceMs = 0 }) {
  if (wake) for (const [target, type] of [[document, "visibilitychange"], [window, "focus"], [window, "online"]]) {
    target.dispatchEvent(new Event(type));
  }
  globalThis.opened ??= peer.open(platform);
  const outcome = { rejected: 0, unserved: 0 };
  const deadline = performance.now() + patienceMs;
  const late = () => new Promise((_, reject) => setTimeout(reject, 20_000));
  const caller = async () => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await Promise.race([(peer.token ?? peer.call)(), late()]);
      } catch {
        if (attempt === 0) outcome.rejected += 1;
        if (performance.now() > deadline) return void (outcome.unserved += 1);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };
  await globalThis.opened;
  await Promise.all(Array.from({ length: callers }, caller));
  return outcome;
}

/** The wall clock can be moved; the time since the page was loaded goes on as it does while a machine sleeps. */
function movableClock() {
  const RealDate = Date;
  let ahead = 0;
  globalThis.advanceClock = (milliseconds) => (ahead += milliseconds);
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length > 0 ? args : [RealDate.now() + ahead]));
    }
    static now() {
      return RealDate.now() + ahead;
    }
  };
}
