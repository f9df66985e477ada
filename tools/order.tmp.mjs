import { openLab } from "./bench/lab.mjs";
import { peers } from "./bench/peers.mjs";
const peer = peers.find(({ id }) => id === "ours");
for (let i = peers.length - 1; i >= 0; i--) if (peers[i] !== peer) peers.splice(i, 1);
const lab = await openLab();
const context = await lab.browser.newContext({ storageState: await lab.signedIn(peer, 3600) });
const pages = [];
for (let i = 0; i < 2; i++) { const page = await lab.visit(context, peer, "library"); await page.evaluate(async () => { await peer.open(platform); await (peer.token ?? peer.call)(); 
 globalThis.log = []; const get = Storage.prototype.getItem; Storage.prototype.getItem = function (k) { const v = get.call(this, k); log.push("get " + v?.length); return v; };
 addEventListener("storage", (e) => log.push("storage " + e.newValue?.length + " " + /"pending"/.test(e.newValue)));
 const d = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, "onmessage");
 const c = new BroadcastChannel(Object.keys(localStorage).find((k) => k.startsWith("storefront-session"))); c.onmessage = (e) => log.push("message " + e.data.length);
 }); pages.push(page); }
await pages[0].evaluate(async () => { for (let i = 0; i < 3; i++) { await peer.renew(); log.push("--"); await new Promise(r=>setTimeout(r,300)); } });
await pages[0].waitForTimeout(500);
console.log(await pages[0].evaluate(() => log), await pages[1].evaluate(() => log));
await lab.close();
