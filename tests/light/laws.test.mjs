// Law 4 with the light part alone: no token of the wrong epoch, address or time is handed out by a page whose core was never
// loaded. What storage, channel and clock showed in 2,000 simulated lives is replayed to the shipped light part, with delays and
// losses; then to light parts with a fault in them, which must be found.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "./lib/lives.mjs";
import { API, Page, lightPart } from "./lib/page.mjs";

/** For how long a page need not look at the record before it hands out a token. */
const look = 1_000;

/** Numbers that a seed determines, from 0 to below `end`. */
function dice(seed) {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

/** All that a page sees of a life from one event on, in order of time: `{ at, kind, what }`. */
function sights(events, first, roll) {
  const [lag, loss] = [[0, 50, 400][roll(3)], roll(30)];
  const seen = [];
  const add = (at, kind, what) => seen.push({ at, kind, what });
  let visible = 0;
  for (const [kind, at, what] of events.slice(first)) {
    if (kind === "clock") add(at, kind, what);
    if (kind === "announced" && roll(100) >= loss) add(at + roll(30), kind, what);
    if (kind !== "stored") continue;
    visible = Math.max(visible, at + (lag && roll(lag)));
    add(visible, kind, what);
    if (roll(2)) add(visible + roll(10), "storage event");
    // Somebody else's record under the same key, for a moment.
    if (parse(what) && roll(8) === 0) {
      const other = JSON.stringify({ ...JSON.parse(what), apiUrl: "https://elsewhere.example" });
      add(visible + 1, kind, other);
      add(visible + 5, "call");
      add(visible + 2_000, "call");
      add(visible + 2_001, kind, what);
      visible += 2_001;
    }
    for (const time of [0, 1, look - 1, look + 1, 20_000 + roll(400_000)]) add(visible + time, "call");
  }
  return seen.sort((one, other) => one.at - other.at);
}

/** The record in a text, as far as the law is about it. */
function parse(text) {
  try {
    const { schema, apiUrl, epoch, identity, guest, customer } = JSON.parse(text);
    const { access } = customer?.pair ?? guest ?? {};
    return schema === 1 && apiUrl === API ? { epoch, identity, access } : undefined;
  } catch {}
}

/**
 * Opens a page at one event of the life, and lets it live until it asks for the core or the life ends. Gives how many tokens it
 * has handed out, and what was wrong with one of them.
 */
async function live(page, SessionManager, events, roll) {
  const first = roll(events.length);
  let skew = 0;
  for (const [kind, , what] of events.slice(0, first)) if (kind === "clock") skew = what;
  const at = events[first][1];
  const before = events.slice(0, first + 1).filter(([kind]) => kind === "stored");
  Object.assign(page, { wall: at + skew, mono: 1_000_000, stored: before.at(-1)?.[2] ?? null });

  const session = await page.open(SessionManager);
  if (!session) return { count: 0 };
  let now = at;
  /** Which records this page could see, and until when. */
  const shown = [{ text: page.stored, until: Infinity }];
  let heard = -1;
  let said;
  let count = 0;
  let fault;
  /** What is wrong with the token, by each record that has shown it within the last second, or was announced last. */
  const check = (token) => {
    const visible = shown.filter(({ until }) => until > now - look).map(({ text }) => text);
    const records = [...visible, said].map(parse);
    const faults = records.filter((it) => it?.access?.token === token).map(faultBy);
    return faults.includes(undefined) ? undefined : (faults[0] ?? "of a record that is not there any more, or never was this shop's");
  };
  const faultBy = ({ identity, epoch, access: { received, lives } }) => {
    const age = page.wall - received;
    if (identity !== session.getSnapshot().identity) return "of another identity than the snapshot's";
    if (epoch < heard) return "of an epoch that was announced to be over";
    // Without a life it is good until it is refused.
    if (lives !== undefined && (age < -2_000 || age >= lives)) return "that has ended";
  };
  for (const { at, kind, what } of sights(events, first + 1, roll)) {
    if (at > now) page.advance(at - now);
    now = Math.max(now, at);
    page.wall = now + skew;
    if (kind === "clock") page.wall = now + (skew = what);
    if (kind === "announced") {
      heard = Math.max(heard, parse(what)?.epoch ?? -1);
      page.message((said = what));
    }
    if (kind === "stored") {
      shown.at(-1).until = now;
      shown.push({ text: (page.stored = what), until: Infinity });
    }
    if (kind === "storage event") page.storageEvent();
    if (kind === "call" && !coreAsked) {
      const token = await page.token(session);
      if (token) count += 1;
      fault = token && check(token);
    }
    if (coreAsked || fault) break;
  }
  session.close();
  return { count, fault };
}

/** The first fault in these lives, and how many tokens were handed out without a core. */
async function replay(planted) {
  const page = new Page();
  const SessionManager = await lightPart(planted);
  let total = 0;
  for await (const { seed, events } of lines("lives")) {
    const roll = dice(seed);
    for (let turn = 0; turn < 6 && events.length > 0; turn += 1) {
      const { count, fault } = await live(page, SessionManager, events, roll);
      total += count;
      if (fault) return { total, fault: `life ${seed}, page ${turn}: a token ${fault}` };
    }
  }
  return { total };
}

test("no page whose core was never loaded hands out a token of the wrong epoch, address or time", async () => {
  const { total, fault } = await replay();
  assert.equal(fault, undefined);
  console.log(`${total} tokens`);
  assert.ok(total > 10_000, `${total} tokens`);
});

const faults = {
  "ignores the epoch": ["session-manager.js", "(snapshot ?? found).identity !== found.identity", "void (found.identity = snapshot?.identity ?? found.identity)"],
  "ignores the address": ["record.js", "record.apiUrl === apiUrl", "true"],
  "ignores the clock": ["record.js", "!(time > 0)", "time === undefined"],
  "ignores the channel": ["news.js", "(channel ??= new BroadcastChannel(key)).onmessage = ({ data }) => tell(data)", "undefined"],
  "never looks again": ["record.js", "const lookInterval = 1_000;", "const lookInterval = 1e9;"],
};
for (const [name, planted] of Object.entries(faults)) {
  test(`a light part that ${name} is found out`, async () => {
    const { fault } = await replay(planted);
    console.log(fault);
    assert.ok(fault);
  });
}
