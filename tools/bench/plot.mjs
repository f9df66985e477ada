// docs/bench.svg: one small bar chart for each measure, ours in colour.

import { peers } from "./peers.mjs";
import { budgets, shares, thousands } from "./targets.mjs";

const width = 980;
const columns = 2;
const margin = 28;
const gap = 44;
const panelWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
const nameWidth = 168;
const valueWidth = 56;
const barWidth = panelWidth - nameWidth - valueWidth;
const rowHeight = 24;
const barHeight = 14;
const headHeight = 50;
const panelHeight = headHeight + peers.length * rowHeight + 34;
const top = 74;

export function plot(results) {
  const panels = panelsOf(results);
  const height = top + Math.ceil(panels.length / columns) * panelHeight;
  const drawn = panels.map((panel, index) => {
    const x = margin + (index % columns) * (panelWidth + gap);
    const y = top + Math.floor(index / columns) * panelHeight;
    return `<g transform="translate(${x} ${y})">${draw(panel)}</g>`;
  });
  const { machine } = results;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What a session costs: storefront-session as it is, as it was, and beside other libraries">
<style>
  svg { --page: #ffffff; --edge: #d9dfe8; --ink: #182230; --soft: #5d6b7f; --bar: #b9c3d1; --ours: #00806b; --line: #c2410c;
    font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #10161f; --edge: #2b3646; --ink: #e8edf4; --soft: #9aa8bb; --bar: #46556a; --ours: #2fc7a4; --line: #fb923c; }
  }
  .page { fill: var(--page); stroke: var(--edge); }
  text { fill: var(--ink); }
  .soft { fill: var(--soft); }
  .small { font-size: 12px; }
  .title { font-size: 19px; font-weight: 650; }
  .head { font-size: 14px; font-weight: 650; }
  .own { font-weight: 650; }
  .bar { fill: var(--bar); }
  .ours { fill: var(--ours); }
  .before { fill: var(--ours); opacity: 0.45; }
  .mark { stroke: var(--line); stroke-width: 1.5; stroke-dasharray: 3 3; }
  .marked { fill: var(--line); font-size: 12px; }
  .value { font-variant-numeric: tabular-nums; }
  .value, .missing { paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
</style>
<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="12"/>
<text class="title" x="${margin}" y="36">What a session costs</text>
<text class="soft small" x="${margin}" y="56">Shorter is better in each. Medians of one run: ${escape(`${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.browser}`)}</text>
${drawn.join("\n")}
</svg>
`;
}

/** `valueOf` gives undefined where a peer has no such thing; `mark` is a line at a value, with its meaning. */
export function panelsOf({ weight, good, start, cached, requests, memory, tabs }) {
  const renewals = memory.ours.seen.at(-1).renewals;
  const most = tabs.ours.at(-1).number;
  const total = ({ heap, linear }) => heap + linear;
  const beside = (before, share) => ({ value: before * share, text: `the aim: ${share} of before` });
  return [
    {
      title: "What a page loads",
      unit: "kB of JavaScript and WebAssembly, Brotli",
      valueOf: (id) => weight[id].brotli / 1000,
      mark: { value: budgets.all / 1000, text: "the aim" },
    },
    {
      title: "Loaded before the first call, with a good token",
      unit: "kB of JavaScript and WebAssembly, Brotli",
      valueOf: (id) => good[id].brotli / 1000,
      mark: { value: budgets.beforeCall / 1000, text: "the aim" },
    },
    {
      title: "From navigation to that call",
      unit: "ms of CPU time",
      valueOf: (id) => good[id].full.cpu,
      mark: beside(good.before.full.cpu, shares.good),
    },
    {
      title: "From navigation to that call, on a slow CPU",
      unit: "ms of wall time, the CPU slowed to a quarter",
      valueOf: (id) => good[id].slow.wall,
      mark: beside(good.before.slow.wall, shares.good),
    },
    {
      title: "From navigation to a new token, the old expired",
      unit: "ms of CPU time",
      valueOf: (id) => start[id].full.cpu,
    },
    {
      title: "From navigation to a new token, on a slow CPU",
      unit: "ms of wall time, the CPU slowed to a quarter",
      valueOf: (id) => start[id].slow.wall,
    },
    {
      title: "A token that is at hand",
      unit: "µs a call, each step of the scale ten times the last",
      isLog: true,
      valueOf: (id) => cached[id].token,
      missing: "hands out no token",
      mark: { value: cached.ours.floor, text: "the floor: an empty async function" },
    },
    {
      title: "An API call with it",
      unit: "µs above a fetch",
      valueOf: (id) => cached[id].call,
      missing: "makes no calls",
      mark: beside(cached.before.call, shares.call),
    },
    {
      title: "Token requests when 10 tabs × 10 callers find it expired",
      unit: "requests, each step of the scale ten times the last",
      isLog: true,
      valueOf: (id) => requests[id].tabs.requests,
    },
    {
      title: `Memory after ${thousands(renewals)} renewals`,
      unit: "MB of JavaScript heap and WebAssembly memory",
      valueOf: (id) => total(memory[id].seen.at(-1)) / 1e6,
      mark: { value: memory.ours.floor / 1e6, text: "an empty page" },
    },
    {
      title: `A renewal with ${most} tabs open`,
      unit: "ms of wall time in the tab that renews",
      valueOf: (id) => tabs[id].at(-1).wall,
    },
    {
      title: `What all ${most} tabs do for it`,
      unit: "ms of CPU time",
      valueOf: (id) => tabs[id].at(-1).cpu,
      mark: beside(tabs.before.at(-1).cpu, shares.tabs),
    },
  ];
}

function draw({ title, unit, valueOf, isLog, missing, mark }) {
  const values = peers.map(({ id }) => valueOf(id)).filter((value) => value !== undefined);
  const scale = isLog ? logScale([...values, ...(mark ? [mark.value] : [])]) : linearScale([...values, mark?.value ?? 0]);
  const rows = peers.map(({ id, name }, index) => {
    const y = headHeight + index * rowHeight;
    const value = valueOf(id);
    const own = id === "ours" ? " own" : "";
    const kind = id === "ours" || id === "before" ? id : "bar";
    const label = `<text class="small${own}" x="0" y="${y + 12}">${escape(name)}</text>`;
    if (value === undefined) return `${label}<text class="soft small missing" x="${nameWidth}" y="${y + 12}">${missing}</text>`;
    const length = Math.max(scale(value), 2);
    const bar = `<rect class="${kind}" x="${nameWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3"/>`;
    return `${label}${bar}<text class="small value${own}" x="${(nameWidth + length + 7).toFixed(1)}" y="${y + 12}">${write(value)}</text>`;
  });
  return [
    `<text class="head" x="0" y="14">${escape(title)}</text>`,
    `<text class="soft small" x="0" y="33">${escape(unit)}</text>`,
    mark ? drawMark(mark, scale) : "",
    ...rows,
  ].join("\n");
}

function drawMark({ value, text }, scale) {
  const x = (nameWidth + scale(value)).toFixed(1);
  const bottom = headHeight + peers.length * rowHeight;
  return `<line class="mark" x1="${x}" y1="${headHeight - 6}" x2="${x}" y2="${bottom}"/><text class="marked" x="${x}" y="${bottom + 12}">${escape(text)}</text>`;
}

const linearScale = (values) => (value) => (value / Math.max(...values)) * barWidth;

/** From half of the least value on, so that the least has a bar too. */
function logScale(values) {
  const least = Math.log10(Math.min(...values) / 2);
  const most = Math.log10(Math.max(...values));
  return (value) => ((Math.log10(value) - least) / (most - least)) * barWidth;
}

const write = (value) =>
  Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const escape = (text) => text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
