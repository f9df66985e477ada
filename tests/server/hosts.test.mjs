// Four hosts and a real Redis: processes that are killed or stand still in the middle of a renewal, and a Redis that restarts.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startRedis } from "../../tools/lib/redis.mjs";
import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { GUEST, GUEST_REFRESH } from "../e2e/lib/calls.mjs";
import { Sandbox } from "../e2e/lib/sandbox.mjs";
import { Fleet } from "./lib/fleet.mjs";
import { Gate } from "./lib/gate.mjs";

const REFRESHING = "/customerlogin/auth/anonymous/refresh";
const folder = mkdtempSync(join(tmpdir(), "redis-"));
let redis;
let server;
let sandbox;
let gate;
let fleet;

before(async () => {
  [redis, server] = await Promise.all([startRedis({ folder }), startSandbox()]);
  sandbox = new Sandbox(server);
  gate = await Gate.start(server.url);
  fleet = await Fleet.start(gate.url, redis.url);
});

after(async () => {
  fleet?.stop();
  gate?.stop();
  await redis?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An hour goes by: the guest's access token ends, his refresh token does not. */
async function anHour() {
  await sandbox.advance(3_700);
  await fleet.skip(3_700);
}

test("fifty requests of one visitor on each of four hosts, when his token has ended, are one token request", async () => {
  const { cookie, snapshot } = await fleet.ask("/cart");
  await anHour();
  await sandbox.requests();
  const answers = await Promise.all(Array.from({ length: 200 }, () => fleet.ask("/token", cookie)));
  assert.equal(new Set(answers.map(({ value }) => value)).size, 1);
  for (const answer of answers) assert.deepEqual([answer.snapshot.sessionId, answer.cookie], [snapshot.sessionId, cookie]);
  assert.deepEqual(await sandbox.requests(), [GUEST_REFRESH]);
});

test("guest, cart, login, company's renewal and logout, each request on another host", async () => {
  let { cookie, snapshot } = await fleet.ask("/cart");
  const { sessionId } = snapshot;
  const guests = cookie;
  ({ cookie, snapshot } = await fleet.ask("/login", cookie));
  assert.deepEqual([snapshot.kind, snapshot.sessionId], ["customer", sessionId]);
  assert.notEqual(cookie, guests);
  for (const host of fleet.hosts) {
    assert.equal((await host.ask("/cart", guests)).code, "aborted");
    const { value, snapshot } = await host.ask("/cart", cookie);
    assert.deepEqual([value, snapshot.kind, snapshot.sessionId], [200, "customer", sessionId]);
  }
  await fleet.ask("/logout", cookie);
  for (const host of fleet.hosts) assert.equal((await host.ask("/products", cookie)).snapshot.sessionId, undefined);
});

test("hosts that are killed or stand still in the middle of a renewal", async (t) => {
  const [early, late, stopped, left] = fleet.hosts;
  const guests = await Promise.all([early, late, stopped].map(() => fleet.ask("/cart")));
  await anHour();
  await sandbox.requests();
  const asking = [];
  const holds = [];
  for (const [index, when] of ["before", "after", "before"].entries()) {
    holds.push(gate.hold(REFRESHING, when));
    asking.push(fleet.hosts[index].ask("/token", guests[index].cookie).catch(() => "lost"));
    await holds[index].reached;
  }
  const began = performance.now();
  early.kill("SIGKILL");
  late.kill("SIGKILL");
  stopped.kill("SIGSTOP");
  const answers = await Promise.all(
    guests.map(async ({ cookie }) => {
      for (;;) {
        const answer = await left.ask("/token", cookie);
        if (answer.code !== "timeout" || !answer.retryable) return answer;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;

  await t.test("recovery takes no longer than the lease and a moment", () => {
    console.log(`# recovered after ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 20);
    for (const { value } of answers) assert.ok(value);
  });

  await t.test("killed before the platform has done it: nobody loses anything", () => {
    assert.equal(answers[0].snapshot.sessionId, guests[0].snapshot.sessionId);
  });

  await t.test("killed after the platform has rotated the token: the platform's casualty, and the only one", async () => {
    assert.notEqual(answers[1].snapshot.sessionId, guests[1].snapshot.sessionId);
    const asked = await sandbox.requests();
    assert.equal(asked.filter((it) => it === GUEST).length, 1, asked.join("\n"));
  });

  await t.test("stopped until the lease has run out, and continued: nothing is stored by it, and it goes on with what is", async () => {
    const { cookie, snapshot } = guests[2];
    assert.equal(answers[2].snapshot.sessionId, snapshot.sessionId);
    stopped.kill("SIGCONT");
    holds[2].open();
    const after = await asking[2];
    assert.deepEqual([after.value, after.snapshot.sessionId, after.cookie], [answers[2].value, snapshot.sessionId, cookie], JSON.stringify(after));
    for (const host of [stopped, left]) assert.equal((await host.ask("/token", cookie)).value, answers[2].value);
  });
  await fleet.replace(early, late);
});

test("a Redis that restarts loses nobody: meanwhile storage, retryable", async () => {
  const guest = await fleet.ask("/cart");
  const customer = await fleet.ask("/login");
  await sandbox.requests();
  await redis.stop();
  for (const { cookie } of [guest, customer, {}]) {
    const { code, retryable, cookie: kept } = await fleet.ask("/token", cookie);
    assert.deepEqual([code, retryable, kept], ["storage", true, cookie]);
  }
  assert.deepEqual(await sandbox.requests(), []);
  await redis.start();
  for (const { cookie, snapshot } of [guest, customer]) {
    let answer;
    for (const host of fleet.hosts) {
      do answer = await host.ask("/token", cookie);
      while (answer.code === "storage" && answer.retryable);
      assert.deepEqual([answer.snapshot.kind, answer.snapshot.sessionId], [snapshot.kind, snapshot.sessionId]);
    }
  }
  assert.deepEqual(await sandbox.requests(), []);
});
