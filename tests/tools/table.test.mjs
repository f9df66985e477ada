// What is taken out of the module's table, and what must never be.

import assert from "node:assert/strict";
import { test } from "node:test";

import binaryen from "binaryen";

import { tableBase, withoutUnusedEntries } from "../../tools/lib/table.mjs";

const module = (base = tableBase) => {
  binaryen.setDebugInfo(true);
  const word = (index) => [0, 8, 16, 24].map((shift) => `\\${(((base + index) >> shift) & 0xff).toString(16).padStart(2, "0")}`).join("");
  const parsed = binaryen.parseText(`(module
    (table $table (export "table") 5000 funcref)
    (memory (export "memory") 1)
    (data (i32.const 100) "text${word(2)}${word(4)}")
    (elem (i32.const ${base}) $first $code $data $unused $"js_sys::futures::jspi::task_waker::raw_wake")
    (func $first (result i32) (i32.const 10))
    (func $code (result i32) (i32.const 11))
    (func $data (result i32) (i32.const 12))
    (func $unused (result i32) (i32.const 13))
    (func $"js_sys::futures::jspi::task_waker::raw_wake" (result i32) (i32.const 14))
    (func (export "pointer") (result i32) (i32.const ${base + 1})))`);
  return Buffer.from(parsed.emitBinary());
};

test("an entry stays where the code or the data has its number, and gives way to the first where nothing has", async () => {
  const { instance } = await WebAssembly.instantiate(withoutUnusedEntries(module()));
  const { table, pointer } = instance.exports;
  assert.equal(pointer(), tableBase + 1);
  const entries = [0, 1, 2, 3, 4].map((index) => table.get(tableBase + index)());
  assert.deepEqual(entries, [10, 11, 12, 10, 10]);
});

test("a module whose table begins elsewhere fails the build", () => {
  assert.throws(() => withoutUnusedEntries(module(1)), /does not begin at 4096/);
});
