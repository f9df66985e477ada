import { openLab } from "./bench/lab.mjs";
import { measureTabs } from "./bench/measures/tabs.mjs";
import { peers } from "./bench/peers.mjs";
const want = process.argv[2].split(",");
for (let i = peers.length - 1; i >= 0; i--) if (!want.includes(peers[i].id)) peers.splice(i, 1);
const lab = await openLab();
console.log(JSON.stringify(await measureTabs(lab, [1, 5, 20], 3)));
await lab.close();
