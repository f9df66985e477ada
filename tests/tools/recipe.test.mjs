// How the package is built.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../tools/lib/run.mjs";
import { compilerWarning, measuredCompiler } from "../../tools/lib/toolchain.mjs";

test("every call of cargo keeps to the lock file", () => {
  const scripts = [...scriptsIn("tools"), ...scriptsIn("tools/lib"), ...scriptsIn("tests/e2e"), ...scriptsIn("tests/e2e/lib")];
  let calls = 0;
  for (const file of scripts) {
    for (const [call] of readFileSync(join(root, file), "utf8").matchAll(/"(cargo|wasm-pack)",[^;]*/g)) {
      // Formatting needs no package.
      if (/^"cargo", \[?"fmt"/.test(call)) continue;
      calls += 1;
      assert.match(call, /"--locked"/, `${file}: ${call}`);
    }
  }
  assert.ok(calls >= 8, `only ${calls} calls were found`);
});

test("a package that another compiler makes is warned of", () => {
  assert.equal(compilerWarning(measuredCompiler), undefined);
  for (const other of ["rustc 1.95.1 (000000000 2026-05-01)", "rustc 1.97.0-nightly (59807616e 2026-04-14)", ""]) {
    const warning = compilerWarning(other);
    assert.match(warning, /WARNING/);
    assert.ok(warning.includes(other) && warning.includes(measuredCompiler));
  }
});

function scriptsIn(folder) {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith(".mjs")).map((name) => join(folder, name));
}
