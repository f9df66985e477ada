// One reader in two languages: what the entry reads of a record (npm/record.js) is what the core reads of it.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { readRecord } from "../../npm/record.js";
import { root } from "../../tools/lib/run.mjs";
import { startSimulator } from "../../tools/lib/simulator.mjs";

const lives = 2_000;

test("the entry reads every record of 2,000 simulated lives, and spoiled ones, as the core does or not at all", async () => {
  const options = { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { SIM_SEEDS: String(lives) } };
  const { child, exited } = startSimulator(["records", "--ignored", "--nocapture"], options);
  const count = { records: 0, good: 0, answered: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    const start = line.indexOf('{"apiUrl"');
    if (start < 0) continue;
    const { text, apiUrl, now, core } = JSON.parse(line.slice(start));
    const read = readRecord(text, apiUrl, now);
    count.records += 1;
    if (core?.isGood) count.good += 1;
    if (!read) continue;
    if (core?.isGood) count.answered += 1;
    const { snapshot, token, saas = null } = read;
    assert.deepEqual({ snapshot, token, saas }, { snapshot: core?.snapshot, token: core?.token, saas: core?.saas }, text);
    assert.deepEqual(Object.keys(snapshot), Object.keys(core.snapshot).sort(byPlace), text);
    assert.ok(read.lease > 0 && read.lease <= 1_000);
  }
  await exited;
  console.log(count);
  assert.ok(count.records > 20 * lives, "lives leave records");
  assert.ok(count.answered >= 0.95 * count.good, `${count.answered} of ${count.good} good tokens`);
});

const places = ["kind", "identity", "sessionId", "legalEntityId", "expiresAt", "saasExpiresAt", "renewable", "durable"];
const byPlace = (one, other) => places.indexOf(one) - places.indexOf(other);
