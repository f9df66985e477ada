// What every store of sessions keeps to, as `SharedStore` has it.

import assert from "node:assert/strict";
import { test } from "node:test";

/** `make` gives two hosts' stores that share what they hold. */
export function keepsTheContract(title, make) {
  const options = { ttlMs: 60_000, expect: undefined };
  const leaseMs = 10_000;
  let count = 0;
  const check = (what, run) => test(`${title}: ${what}`, async () => run(...(await make()), `key ${(count += 1)}`));

  check("a value is stored in the place of the revision that is expected, and of no other", async (one, two, key) => {
    assert.equal(await one.get(key), undefined);
    assert.equal(await one.set(key, "1:x", { ...options, expect: 1 }), false);
    assert.equal(await one.set(key, "9000000000000000:x", options), true);
    assert.equal(await two.get(key), "9000000000000000:x");
    assert.equal(await two.set(key, "2:y", options), false);
    assert.equal(await two.set(key, "2:y", { ...options, expect: 900 }), false);
    assert.equal(await two.set(key, "2:ÿ\u0000😀", { ...options, expect: 9e15 }), true);
    assert.equal(await one.get(key), "2:ÿ\u0000😀");
    await one.delete(key);
    assert.equal(await two.get(key), undefined);
    assert.equal(await two.set(key, "1:x", { ...options, expect: 2 }), false);
  });

  check("one of many who write at once is stored", async (one, two, key) => {
    const written = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).set(key, `1:${index}`, options)));
    assert.equal(written.filter(Boolean).length, 1);
    assert.equal(await one.get(key), `1:${written.indexOf(true)}`);
  });

  check("one has the lease, until it is given back", async (one, two, key) => {
    const leases = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).lock(key, { leaseMs })));
    const [lease, ...more] = leases.filter(Boolean);
    assert.equal(more.length, 0);
    assert.equal(await lease.extend(), true);
    const [mine, theirs] = leases.indexOf(lease) % 2 ? [one, two] : [two, one];
    assert.equal(await mine.set(key, "1:x", options), true);
    assert.equal(await theirs.set(key, "2:x", { ...options, expect: 1, lease: undefined }), theirs === mine);
    await lease.release();
    await lease.release();
    assert.equal(await lease.extend(), false);
    const next = await theirs.lock(key, { leaseMs });
    await lease.release();
    assert.equal(await mine.lock(key, { leaseMs }), undefined, "what another has is not given back");
    assert.equal(await next.extend(), true);
    await next.release();
  });

  check("whose lease has run out stores nothing, whether or not another has one", async (one, two, key) => {
    const late = await one.lock(key, { leaseMs: 1 });
    let next;
    while (!(next = await two.lock(key, { leaseMs })));
    assert.equal(await late.extend(), false);
    // A host knows which lease it was given; two that are one do not.
    for (const lease of one === two ? [late] : [late, undefined]) assert.equal(await one.set(key, "1:x", { ...options, ...(lease && { lease }) }), false);
    await next.release();
    assert.equal(await one.set(key, "1:x", { ...options, lease: late }), false);
    assert.equal(await one.get(key), undefined);
  });

  check("what has ended is gone", async (one, two, key) => {
    assert.equal(await one.set(key, "1:x", { ...options, ttlMs: 1 }), true);
    while ((await two.get(key)) !== undefined);
    assert.equal(await two.set(key, "1:y", options), true);
  });
}
