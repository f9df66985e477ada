#!/usr/bin/env bash
# runed 0.37.1 with svelte 5.57.3, new PersistedState(key, initial, { window }) as its documentation shows it.
# Expected: the state is the storage's, in step with other tabs; "plain structures are deeply reactive", which says that a
# change within is stored, as with $state, and only that change. What has been removed is the initial value again.
# Seen: each read of `current` is a copy of the whole, and a change within it stores that whole copy: what is taken before
# an await and changed after it puts back all that was stored meanwhile, the former token included, by this tab or another.
# Two copies that are held beside each other undo one another. `delete` is not stored and not seen. And where the key is
# removed, by a sign-out in another tab, `current` is what it was when the page was loaded: the customer, with the first token.
# Why it matters: const session = state.current; await renew(); session.visits += 1; and the spent refresh token is back. Read
# `current` anew after each await, set it as a whole, and sign out by setting the initial value, not by removing the key.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error runed@0.37.1 svelte@5.57.3 esbuild@0.28.2 >/dev/null

cat >entry.mjs <<'JS'
export { PersistedState } from "./node_modules/runed/dist/utilities/persisted-state/index.js";
JS
cat >build.mjs <<'JS'
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { compileModule } from "svelte/compiler";

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte\.js$/ }, ({ path }) => ({ contents: compileModule(readFileSync(path, "utf8"), { filename: path, generate: "client" }).js.code }));
  },
};
await build({ entryPoints: ["entry.mjs"], bundle: true, format: "esm", conditions: ["browser"], outfile: "bundle.mjs", plugins: [svelte], logLevel: "error" });
JS
cat >probe.mjs <<'JS'
import { PersistedState } from "./bundle.mjs";

const kept = new Map();
const localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text), removeItem: (key) => void kept.delete(key) };
/** The state of a tab: all tabs have one storage. */
const tab = (initial) => new PersistedState("session", initial, { window: Object.assign(new EventTarget(), { localStorage }) });
const told = (what) => console.log(`  ${what}: stored ${kept.get("session") ?? "nothing"}`);
const initial = () => ({ customer: null, token: null, lines: {} });
const start = (what) => {
  console.log(what);
  kept.set("session", JSON.stringify({ customer: "north", token: "t1", lines: { lamp: 1, chair: 1 } }));
  return [tab(initial()), tab(initial())];
};

let [here, there] = start("a change after an await");
let held = here.current;
await Promise.resolve().then(() => (there.current.token = "t2"));
told("the other tab has renewed");
held.lines.lamp = 2;
told("this one has put in another lamp");

[here, there] = start("two parts of one page");
const [header, cart] = [here.current, here.current];
header.token = "t2";
cart.lines.chair = 2;
told("one has renewed, one has put in another chair");

[here, there] = start("an article that is deleted");
held = here.current;
delete held.lines.lamp;
told("deleted");
console.log(`  shown ${Object.keys(here.current.lines).join(" and ")}`);

[here, there] = start("a sign-out that removes the key");
there.current = { customer: "north", token: "t2", lines: {} };
localStorage.removeItem("session");
told("removed");
console.log(`  shown ${JSON.stringify(here.current)}`);
here.current.lines.rug = 1;
told("this one has put in a rug");

[here, there] = start("a sign-out that sets the initial value");
there.current = initial();
console.log(`  shown ${JSON.stringify(here.current)}`);
JS
node build.mjs

cat >expected <<'TEXT'
a change after an await
  the other tab has renewed: stored {"customer":"north","token":"t2","lines":{"lamp":1,"chair":1}}
  this one has put in another lamp: stored {"customer":"north","token":"t1","lines":{"lamp":2,"chair":1}}
two parts of one page
  one has renewed, one has put in another chair: stored {"customer":"north","token":"t1","lines":{"lamp":1,"chair":2}}
an article that is deleted
  deleted: stored {"customer":"north","token":"t1","lines":{"lamp":1,"chair":1}}
  shown lamp and chair
a sign-out that removes the key
  removed: stored nothing
  shown {"customer":"north","token":"t1","lines":{"lamp":1,"chair":1}}
  this one has put in a rug: stored {"customer":"north","token":"t1","lines":{"lamp":1,"chair":1,"rug":1}}
a sign-out that sets the initial value
  shown {"customer":null,"token":null,"lines":{}}
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: runed-persisted-state-writes-back-what-it-read no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
