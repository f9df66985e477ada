// What this package set out to reach, and whether it does.

import { scenarios } from "./measures/requests.mjs";
import { peers } from "./peers.mjs";

const others = peers.filter(({ id }) => id !== "ours");

/** Each target: what it says, whether it is met, and by how much. */
export function targets({ weight, cached, requests, memory }) {
  const { brotli } = weight.ours;
  const allowed = weight.auth0.brotli * 0.6;
  const handing = others.filter(({ id }) => cached[id].token !== undefined);
  const fastest = handing.toSorted((a, b) => cached[a.id].token - cached[b.id].token)[0];
  const lead = cached[fastest.id].token / cached.ours.token;
  const overFloor = cached.ours.token / cached.ours.floor;
  const above = scenarios.filter(({ id, least }) => requests.ours[id].requests !== least);
  const [before, after] = memory.ours.seen.slice(-2);
  const growth = (after.heap + after.linear) / (before.heap + before.linear) - 1;

  return [
    {
      says: "download, Brotli: at most 0.6 of auth0-spa-js",
      isMet: brotli <= allowed,
      because: `${kilobytes(brotli)} of ${kilobytes(weight.auth0.brotli)} is ${(brotli / weight.auth0.brotli).toFixed(2)}; ${
        brotli <= allowed ? `${kilobytes(allowed - brotli)} to spare` : `${kilobytes(brotli - allowed)} too much`
      }`,
    },
    {
      says: "a cached token: 5 times as fast as from any peer that hands one out",
      isMet: lead >= 5,
      because: `${lead.toFixed(1)} times as fast as the fastest of them, ${fastest.name}`,
    },
    {
      says: "a cached token: at most 3 times the floor",
      isMet: overFloor <= 3,
      because: `${overFloor.toFixed(1)} times`,
    },
    {
      says: "requests for tokens: never more than the least there can be",
      isMet: above.length === 0,
      because: above.length === 0 ? `all ${scenarios.length}` : above.map(({ title }) => title).join("; "),
    },
    {
      says: `memory after ${thousands(after.renewals)} renewals: within 5 % of that after ${thousands(before.renewals)}`,
      isMet: Math.abs(growth) <= 0.05,
      because: `${growth < 0 ? "−" : "+"}${Math.abs(growth * 100).toFixed(1)} %`,
    },
  ];
}

export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
export const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
