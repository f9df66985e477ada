// What is held in memory after the start, and after many renewals: does it grow?

import { peers } from "../peers.mjs";

/** Per peer: bytes of JavaScript heap (after a collection) and of WebAssembly's linear memory, at the start and after each mark. */
export async function measureMemory(lab, marks) {
  const results = await Promise.all(peers.map((peer) => watch(lab, peer, marks)));
  return Object.fromEntries(peers.map(({ id }, index) => [id, results[index]]));
}

async function watch(lab, peer, marks) {
  const stub = lab.stubs[peer.id];
  const context = await lab.browser.newContext({ storageState: await lab.signedIn(peer, 3600) });
  await context.addInitScript(keepMemories);
  const empty = await lab.visit(context, peer, "empty");
  const floor = await usage(context, empty);
  await empty.close();

  // Where a renewal cannot be asked for, tokens expire on arrival, and each call renews.
  if (peer.renewsByExpiry) stub.lifetime = 0;
  const page = await lab.visit(context, peer, "library");
  await page.evaluate(async () => {
    await peer.open(platform);
    await (peer.token ?? peer.call)();
  });
  const seen = [{ renewals: 0, ...(await usage(context, page)) }];
  const before = stub.requests;
  let done = 0;
  for (const mark of marks) {
    await page.evaluate(renewOften, mark - done);
    done = mark;
    seen.push({ renewals: stub.requests - before, ...(await usage(context, page)) });
  }
  await context.close();
  stub.reset();
  return { floor: floor.heap, seen };
}

async function usage(context, page) {
  // What is kept for a moment after each renewal is gone by then.
  await page.waitForTimeout(2000);
  const cdp = await context.newCDPSession(page);
  await cdp.send("HeapProfiler.enable");
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  await cdp.detach();
  const linear = await page.evaluate(() => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
  return { heap: usedSize, linear };
}

async function renewOften(times) {
  for (let index = 0; index < times; index += 1) await peer.renew();
}

/** WebAssembly's memories are kept in view as they are made. */
function keepMemories() {
  globalThis.memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (...args) {
    const instance = new Instance(...args);
    for (const it of Object.values(instance.exports)) if (it instanceof WebAssembly.Memory) memories.push(it);
    return instance;
  };
}
