import { openLab } from "./bench/lab.mjs";
import { peers } from "./bench/peers.mjs";
const peer = peers.find(({ id }) => id === (process.argv[2] ?? "ours"));
for (let i = peers.length - 1; i >= 0; i--) if (peers[i] !== peer) peers.splice(i, 1);
const lab = await openLab();
const context = await lab.browser.newContext({ storageState: await lab.signedIn(peer, 3600) });
const pages = [];
for (let i = 0; i < 6; i++) { const page = await lab.visit(context, peer, "library"); await page.evaluate(async () => { await peer.open(platform); await (peer.token ?? peer.call)(); }); pages.push(page); }
await pages[0].evaluate(async () => { for (let i = 0; i < 20; i++) await peer.renew(); });
for (const index of [0, 3]) {
  const cdp = await context.newCDPSession(pages[index]);
  await cdp.send("Performance.enable");
  const m = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await cdp.send("Profiler.enable"); await cdp.send("Profiler.setSamplingInterval", { interval: 50 }); await cdp.send("Profiler.start");
  const a = await m();
  const N = 40;
  await pages[0].evaluate(async (N) => { for (let i = 0; i < N; i++) await peer.renew(); }, N);
  await new Promise((r) => setTimeout(r, 500));
  const b = await m();
  for (const k of ["TaskDuration", "ScriptDuration", "V8CompileDuration"]) console.log(index, k, (((b[k] - a[k]) * 1000) / N).toFixed(3), "ms per renewal");
  const { profile } = await cdp.send("Profiler.stop");
  const self = {}; const dt = profile.timeDeltas; const byId = Object.fromEntries(profile.nodes.map((n) => [n.id, n]));
  profile.samples.forEach((s, i) => { const f = byId[s].callFrame; const k = `${f.functionName || "(anon)"} ${f.url.split("/").pop()}:${f.lineNumber}:${f.columnNumber}`; self[k] = (self[k] ?? 0) + dt[i]; });
  console.log(Object.entries(self).sort((x, y) => y[1] - x[1]).slice(0, 22).map(([k, v]) => `${(v / 1000 / N).toFixed(3)} ${k}`).join("\n"));
}
await lab.close();
