// What this package set out to reach, and whether it does: numbers of bytes and requests, else ratios within one run.

import { scenarios } from "./measures/requests.mjs";
import { others } from "./peers.mjs";

/** Bytes, Brotli. */
export const budgets = { all: 39_936, beforeCall: 6_144 };

/** What may be left of what it cost before. */
export const shares = { good: 0.65, tabs: 0.4, call: 0.4 };

/** Of two builds that are alike, one is faster by up to so much, in another run the other. */
const noise = 1.05;

/** Each target that what was measured decides: what it says, whether it is met, and by how much. */
export const targets = (results) =>
  targetsOf.filter(([needed]) => needed.every((name) => results[name])).map(([, judge]) => judge(results));

/** Which measures a target needs, and its judgement of them. */
const targetsOf = [
  [["good"], bytesBeforeCall],
  ...["cpu", "wall"].flatMap((what) => [
    [["good"], ({ good }) => goodBesideBefore(good, what)],
    [["good"], ({ good }) => goodBesideOthers(good, what)],
  ]),
  [["start"], expired],
  [["tabs"], amongTabs],
  [["cached"], callBesideBefore],
  [["cached"], callBesideOthers],
  [["cached"], cachedBesideBefore],
  [["cached"], cachedBesideOthers],
  [["cached"], cachedBesideFloor],
  [["weight"], bytesOfAll],
  [["weight"], bytesBesideAuth0],
  [["requests"], leastRequests],
  [["memory"], steadyMemory],
];

function bytesBeforeCall({ good }) {
  const { brotli } = good.ours;
  return {
    says: `a good token: at most ${thousands(budgets.beforeCall)} bytes, Brotli, before the first call`,
    ...within(brotli, budgets.beforeCall),
  };
}

function goodBesideBefore(good, what) {
  const ratios = speeds.map(({ id }) => good.ours[id][what] / good.before[id][what]);
  return {
    says: `a good token, ${names[what]}: at most ${shares.good} of before, at full speed and 4× slower`,
    isMet: ratios.every((ratio) => ratio <= shares.good),
    because: listed(ratios, (ratio) => ratio.toFixed(2)),
  };
}

function goodBesideOthers(good, what) {
  const quickest = speeds.map(({ id }) => least(others, (peer) => good[peer.id][id][what]));
  const ratios = quickest.map((peer, index) => good.ours[speeds[index].id][what] / good[peer.id][speeds[index].id][what]);
  return {
    says: `a good token, ${names[what]}: no other quicker, at full speed and 4× slower`,
    isMet: ratios.every((ratio) => ratio <= 1),
    because: listed(ratios, (ratio, index) => `${ratio.toFixed(2)} of the quickest, ${quickest[index].name}`),
  };
}

function expired({ start }) {
  const ratios = speeds.map(({ id }) => start.ours[id].cpu / start.supabase[id].cpu);
  return {
    says: "an expired token, CPU: at most 1.15 of supabase auth-js at full speed",
    isMet: ratios[0] <= 1.15,
    because: listed(ratios, (ratio) => ratio.toFixed(2)),
  };
}

function amongTabs({ tabs }) {
  const { number } = tabs.ours.at(-1);
  return {
    says: `a renewal with ${number} tabs open, CPU: at most ${shares.tabs} of before`,
    ...atMost(shares.tabs, tabs.ours.at(-1).cpu / tabs.before.at(-1).cpu),
  };
}

function callBesideBefore({ cached }) {
  const ratio = cached.ours.call / cached.before.call;
  return { says: `an API call, above fetch: at most ${shares.call} of before`, ...atMost(shares.call, ratio) };
}

function callBesideOthers({ cached }) {
  const peer = least(others.filter(({ handsOnRequest }) => handsOnRequest), ({ id }) => cached[id].call);
  const ratio = cached.ours.call / cached[peer.id].call;
  return {
    says: "an API call, above fetch: no other quicker that hands on a `Request`",
    isMet: ratio <= 1,
    because: `${ratio.toFixed(2)} of ${peer.name}`,
  };
}

function cachedBesideBefore({ cached }) {
  const ratio = cached.ours.token / cached.before.token;
  return { says: "a cached token: not slower than before, but for 5 % that are noise", ...atMost(noise, ratio) };
}

function cachedBesideOthers({ cached }) {
  const handing = others.filter(({ id }) => cached[id].token !== undefined);
  const fastest = least(handing, ({ id }) => cached[id].token);
  const lead = cached[fastest.id].token / cached.ours.token;
  return {
    says: "a cached token: 5 times as fast as from any peer that hands one out",
    isMet: lead >= 5,
    because: `${lead.toFixed(1)} times as fast as the fastest of them, ${fastest.name}`,
  };
}

function cachedBesideFloor({ cached }) {
  const overFloor = cached.ours.token / cached.ours.floor;
  return { says: "a cached token: at most 3 times the floor", isMet: overFloor <= 3, because: `${overFloor.toFixed(1)} times` };
}

function bytesOfAll({ weight }) {
  return { says: `all that a page loads: at most ${thousands(budgets.all)} bytes, Brotli`, ...within(weight.ours.brotli, budgets.all) };
}

function bytesBesideAuth0({ weight }) {
  const { brotli } = weight.ours;
  const allowed = weight.auth0.brotli * 0.6;
  return {
    says: "all that a page loads, Brotli: at most 0.6 of auth0-spa-js",
    isMet: brotli <= allowed,
    because: `${kilobytes(brotli)} of ${kilobytes(weight.auth0.brotli)} is ${(brotli / weight.auth0.brotli).toFixed(2)}; ${
      brotli <= allowed ? `${kilobytes(allowed - brotli)} to spare` : `${kilobytes(brotli - allowed)} too much`
    }`,
  };
}

function leastRequests({ requests }) {
  const above = scenarios.filter(({ id, least }) => requests.ours[id].requests !== least);
  return {
    says: "requests for tokens: never more than the least there can be",
    isMet: above.length === 0,
    because: above.length === 0 ? `all ${scenarios.length}` : above.map(({ title }) => title).join("; "),
  };
}

function steadyMemory({ memory }) {
  const [earlier, later] = memory.ours.seen.slice(-2);
  const growth = (later.heap + later.linear) / (earlier.heap + earlier.linear) - 1;
  return {
    says: `memory after ${thousands(later.renewals)} renewals: within 5 % of that after ${thousands(earlier.renewals)}`,
    isMet: Math.abs(growth) <= 0.05,
    because: `${growth < 0 ? "−" : "+"}${Math.abs(growth * 100).toFixed(1)} %`,
  };
}

const speeds = [{ id: "full", says: "full speed" }, { id: "slow", says: "4× slower" }];
const names = { cpu: "CPU", wall: "wall time" };

const listed = (values, write) => values.map((value, index) => `${speeds[index].says} ${write(value, index)}`).join("; ");
const atMost = (limit, ratio) => ({ isMet: ratio <= limit, because: ratio.toFixed(2) });
const least = (peers, valueOf) => peers.toSorted((a, b) => valueOf(a) - valueOf(b))[0];

function within(bytes, limit) {
  const isMet = bytes <= limit;
  const rest = thousands(Math.abs(limit - bytes));
  return { isMet, because: `${thousands(bytes)}, ${rest} ${isMet ? "to spare" : "too much"}` };
}

export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
export const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
