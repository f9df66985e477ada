// What the shipped files ask of a browser, against the table in docs/engines.md, from which the oldest versions follow.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { browsers, scriptFeatures, wasmFeatures } from "../../tools/lib/features.mjs";
import { root } from "../../tools/lib/run.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const docs = read("docs/engines.md").match(/^## The oldest browsers$.*?(?=^## )/ms)[0];

/** What is older than this nobody misses. */
const base = [90, 90, 15];

/** What a page may load; the inspector is for who develops it, in a browser of the day. */
const scripts = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".js") && !/^(node|edge|server|redis|service|inspector)\b/.test(name));

/** Names of our own that an interface has too, which none of the scripts means. */
const ours = new Set("address adopt at bytes cause config first forget identity lock metadata ms number role session subscribe token turn watch".split(" ").map((name) => `.${name}`));

const isNew = ([name, versions]) => name.startsWith("WebAssembly: ") || versions.some((it, index) => it > base[index]);
const shown = (version) => (version === Infinity ? "–" : String(version));

test("docs/engines.md lists what the shipped files use, with the versions that have it first", async () => {
  const used = [
    ...(await wasmFeatures(readFileSync(join(root, "dist/storefront_session_bg.wasm")))),
    ...scriptFeatures(scripts.map((name) => read(`dist/${name}`))),
  ].filter((it) => isNew(it) && !ours.has(it[0]));
  const listed = rows().map(([name, ...cells]) => [name, ...cells.slice(0, 3)]);
  const expected = used.map(([name, versions]) => [name, ...versions.map(shown)]);
  assert.deepEqual(listed.sort(), expected.sort(), "a feature is new, or gone: docs/engines.md says what is done where it is missing, or the oldest versions change");
});

test("the oldest versions are those that have all that is needed, in README and in the build too", () => {
  const needed = rows().filter((cells) => cells.at(-1).startsWith("needed"));
  const oldest = browsers.map((_, index) => Math.max(...needed.map((cells) => Number(cells[index + 1]))));
  const [, ...stated] = /^All that is needed: Chrome (\d+), Firefox (\d+), Safari (\d+)/m.exec(docs);
  assert.deepEqual(stated.map(Number), oldest);
  const [, ...promised] = /Chrome (\d+), Firefox (\d+), Safari (\d+) and Node/.exec(read("README.md"));
  assert.ok(promised.every((it, index) => Number(it) >= oldest[index]), `README promises ${promised}`);
  const [, targets] = /target: (\["chrome.+?\])/.exec(read("tools/lib/package.mjs"));
  assert.deepEqual(JSON.parse(targets), browsers.map((name, index) => name + promised[index]));
});

test("what is new is seen", async () => {
  // A function with two results.
  const module = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 0, 2, 127, 127, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 65, 0, 11);
  assert.deepEqual([...(await wasmFeatures(module)).keys()], ["WebAssembly: multi-value"]);
  const seen = (source) => [...scriptFeatures([source])].filter(isNew).map(([name]) => name);
  assert.deepEqual(seen("class A { static { f(); } }"), ["syntax: initialization blocks"]);
  assert.deepEqual(seen("/(?<=a)b/.test(c)"), ["syntax: lookbehind assertion"]);
  assert.deepEqual(seen("/[a--b]/v.test(c)"), ["syntax: unicodeSets"]);
  assert.deepEqual(seen("list.findLast(f)"), [".findLast"]);
  assert.deepEqual(seen("const { withResolvers } = Promise"), [".withResolvers"]);
  assert.deepEqual(seen("AbortSignal.any([a])"), ["AbortSignal.any"]);
  assert.deepEqual(seen("navigator.locks?.request(a)"), [".locks"]);
  assert.deepEqual(seen("new CompressionStream(a)"), ["CompressionStream"]);
  assert.deepEqual(seen("a?.b ?? c"), []);
});

/** The cells of the table: name, a version for each browser, what is done where it is missing. */
function rows() {
  const lines = docs.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim().replace(/^`(.+)`$/, "$1")));
}
