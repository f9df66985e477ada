// One reader in two languages: what the shipped light part reads of a record is what Rust makes of it. The records are those of
// 2,000 simulated lives, and spoiled ones (tests/simulator/light.rs).

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "./lib/lives.mjs";
import { Page, lightPart } from "./lib/page.mjs";

/** What a page that finds this record has at hand at that time, without the core. */
async function reading(page, SessionManager, text, wall) {
  Object.assign(page, { wall, stored: text });
  const session = await page.open(SessionManager);
  if (!session) return;
  const answer = { snapshot: { ...session.getSnapshot() }, token: await page.token(session), saas: session.saasToken() ?? null };
  session.close();
  return answer;
}

async function compare(name) {
  const page = new Page();
  const SessionManager = await lightPart();
  const count = { records: 0, fresh: 0, answered: 0 };
  for await (const { text, wall, isFresh, ...says } of lines(name)) {
    count.records += 1;
    if (isFresh) count.fresh += 1;
    const read = await reading(page, SessionManager, text, wall);
    if (!read) continue;
    if (isFresh) count.answered += 1;
    assert.deepEqual(read, says, text);
  }
  console.log(name, count);
  return count;
}

test("every record that simulated lives write is read as Rust reads it, and nearly every good token is handed out", async () => {
  const { records, fresh, answered } = await compare("records");
  assert.ok(records > 50_000 && fresh > 50_000);
  assert.ok(answered >= 0.95 * fresh, `${answered} of ${fresh}`);
});

test("a record that is spoiled is read as Rust reads it, or left to the core", async () => {
  const { records, answered } = await compare("spoiled");
  // What is spoiled may be what does not matter: a change to the guest's clock behind a customer.
  assert.ok(records > 10_000 && answered > 100);
});
