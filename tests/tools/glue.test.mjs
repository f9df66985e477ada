// The changes to wasm-bindgen's glue, each of which must fail the build where there is nothing to change.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dead, forAnyHost, useShortNames, watchTraps, withoutUnused } from "../../tools/lib/glue.mjs";

const glue = `
    const import0 = {
        __wbg_now_12: function() { return Date.now(); },
        __wbg_log_34: function() { return wasm.memory; },
    };
    return {
        "./storefront_session_bg.js": import0,
    };
    wasm = wasmInstance.exports;
    wasm = instance.exports;
    if (closed) throw new Error('Cannot invoke closure from previous WASM instance');
    wasm.convert__invoke_1(); wasm.__wbindgen_destroy_closure();
let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const cachedTextEncoder = new TextEncoder();

if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = 0;
}

function initSync(module) {
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
}
`;
const file = "./storefront_session_bg.js";
const names = {
  imports: [
    [file, "__wbg_now_12", "$"],
    [file, "__wbg_log_34", "b"],
  ],
  exports: [
    ["memory", "c"],
    ["convert__invoke_1", "d"],
    ["__wbindgen_destroy_closure", "e"],
  ],
};
const change = (text, { imports = names.imports, exports = names.exports } = {}) =>
  useShortNames(forAnyHost(watchTraps(text, exports)), { imports, exports });

test("names are short, traps are watched, and closures of a former instance lie still", () => {
  const changed = change(glue);
  for (const part of [
    'import { guard } from "./trap.js";',
    "$: function() { return Date.now(); }",
    "b: function() { return wasm.c; }",
    "a: import0",
    'wasm = guard(wasmInstance.exports, ["d","e"]);',
    'wasm = guard(instance.exports, ["d","e"]);',
    "if (closed) return;",
    "wasm.d(); wasm.e();",
  ]) {
    assert.ok(changed.includes(part), part);
  }
  assert.doesNotMatch(changed, /__wbg|__wbindgen/);
  const [atImport, atStart] = changed.split("function initSync");
  assert.doesNotMatch(atImport, /new Text|encodeInto/);
  assert.match(atStart, /cachedTextDecoder = new TextDecoder\(.*\);\n.*cachedTextEncoder = new TextEncoder\(\);\n.*WebAssembly\.Instance/);
  assert.doesNotMatch(atStart, /instanceof/);
});

const without = (part, instead = "") => {
  assert.ok(glue.includes(part), part);
  return [glue.replaceAll(part, () => instead)];
};
const failures = {
  "the instance is taken otherwise": without("wasm = instance.exports;", "({ exports: wasm } = instance);"),
  "the instance of a new start is taken otherwise": without("wasm = wasmInstance.exports;"),
  "the instance is taken in one more place": without("wasm.memory", "wasm = other.exports"),
  "a former instance's closures throw otherwise": without("throw new Error('Cannot", "throw Error('Cannot"),
  "the module has another name": without(file, "./storefront_session_bg.wasm"),
  "the imports have another name": without('js": import0', 'js": imports'),
  "an import is written otherwise": without("__wbg_now_12: function()", "__wbg_now_12: ()"),
  "an import has another name": without("__wbg_now_12", "__wbg_now_13"),
  "an import is there twice": without("__wbg_log_34", "__wbg_now_12"),
  "an export is called that there is not": without("wasm.memory", "wasm.memory_2"),
  "an export is called by nobody": without("wasm.memory", "0"),
  "an import comes from another module": [glue, { imports: [...names.imports, ["env", "memory", "f"]] }],
  "the decoder is made otherwise": without("ignoreBOM: true"),
  "the encoder is made otherwise": without("const cachedTextEncoder", "let cachedTextEncoder"),
  "the encoder is looked at otherwise": without("'encodeInto' in", '"encodeInto" in'),
  "the module is compiled otherwise": without("instanceof WebAssembly.Module"),
  "the module is started otherwise": without("const instance", "instance"),
  "no export ends closures": [without("wasm.__wbindgen_destroy_closure();")[0], { exports: names.exports.slice(0, 2) }],
};
for (const [what, args] of Object.entries(failures)) {
  test(`the build fails where ${what}`, () => {
    assert.throws(() => change(...args), /wasm-bindgen's glue has changed: /);
  });
}

test("what is never reached is taken out, and the build fails where it is written otherwise", () => {
  const whole = `before\n${dead.map(([part]) => part).join("between\n")}after`;
  assert.equal(withoutUnused(whole), `before\n${dead.map(([, instead = ""]) => instead).join("between\n")}after`);
  for (const [part] of dead) {
    assert.throws(() => withoutUnused(whole.replaceAll(part, () => "")), /wasm-bindgen's glue has changed: /);
  }
  assert.throws(() => withoutUnused(`${whole} __wbg_reinit_scheduled = true;`), /wasm-bindgen's glue has changed: /);
});
