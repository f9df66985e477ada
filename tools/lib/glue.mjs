// The JavaScript that wasm-bindgen writes ("glue"), changed for what is shipped. It is changed as text, so every change is
// held to have found what it changes: another version of wasm-bindgen or wasm-opt must fail the build and not the page.

const file = "./storefront_session_bg.js";

/**
 * The glue calls the module's exports through `wasm`: a guard between them sees every trap (npm/trap.js). And closures of
 * an instance that has failed do nothing where they would throw at whoever still calls them. `exports` are pairs of an
 * export's name in the glue and in the module.
 */
export function watchTraps(glue, exports) {
  const called = ["invoke", "destroy_closure"].map((part) => {
    const found = exports.filter(([name]) => name.includes(part));
    return found.length > 0 ? found : changed(`no export like \`${part}\``);
  });
  const callbacks = JSON.stringify(called.flat().map(([, short]) => short));
  const changes = [
    ["wasm = instance.exports;", `wasm = guard(instance.exports, ${callbacks});`],
    ["wasm = wasmInstance.exports;", `wasm = guard(wasmInstance.exports, ${callbacks});`],
    ["throw new Error('Cannot invoke closure from previous WASM instance');", "return;"],
  ];
  const watched = changes.reduce((text, [from, to]) => replaced(text, from, to), glue);
  const unwatched = /\bwasm = (?!guard\()\S+/.exec(watched);
  if (unwatched) changed(`\`${unwatched[0]}\` passes the guard by`);
  return `import { guard } from "./trap.js";\n${watched}`;
}

/** The glue without what is never reached here: what serves older browsers, other callers of `initSync`, and Rust that starts itself anew. */
export function withoutUnused(glue) {
  if (glue.includes("__wbg_reinit_scheduled = true")) changed("it starts the module anew by itself");
  return dead.reduce((text, [part, instead = ""]) => replaced(text, part, instead), glue);
}

export const dead = [
  ["    __wbg_call_guard();\n"],
  ["    __wbg_reinit_scheduled = false;\n"],
  ["if (typeof numBytesDecoded !== 'undefined') "],
  ["if (typeof WASM_VECTOR_LEN !== 'undefined') "],
  ["if (Symbol.dispose) SessionManager.prototype[Symbol.dispose] = SessionManager.prototype.free;\n"],
  [`
    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for \`initSync()\`; pass a single object instead')
        }
    }
`],
  [`    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }
`],
  // Whoever has an instance that has failed is told, and does not call it any more (npm/core.js).
  [`        if (this.__wbg_inst !== undefined && this.__wbg_inst !== __wbg_instance_id) {
            throw new Error('Invalid stale object from previous Wasm instance');
        }
`],
  ["        Object.defineProperty(obj, '__wbg_inst', { value: __wbg_instance_id, writable: true });\n"],
  // Memory that has grown has another buffer.
  [
    "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
    "cachedDataViewMemory0?.buffer !== wasm.memory.buffer",
  ],
  ["cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0", "cachedUint8ArrayMemory0?.buffer !== wasm.memory.buffer"],
  // Every engine has globalThis, which is asked for first.
  ...["global", "self", "window"].map((name) => [
    `            const ret = typeof ${name} === 'undefined' ? undefined : ${name};
            return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
`,
    "            return 0;\n",
  ]),
];

/**
 * The glue makes a decoder and an encoder when it is imported, also where there are none (Jest's jsdom): they are made when
 * the module is started. And it would compile a module of another realm, which is no instance of this one's.
 */
export function forAnyHost(glue) {
  const decoder = "cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\n";
  const changes = [
    [`let ${decoder}cachedTextDecoder.decode();\n`, "let cachedTextDecoder;\n"],
    ["const cachedTextEncoder = new TextEncoder();", "let cachedTextEncoder;"],
    // Chrome 74, Firefox 66 and Safari 14.1 have it.
    [/\nif \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/.exec(glue)?.[0] ?? "if (!('encodeInto' in", ""],
    // npm/module.js gives nothing but a compiled module.
    ["if (!(module instanceof WebAssembly.Module)) {\n        module = new WebAssembly.Module(module);\n    }", ""],
    ["    const instance = new", `    ${decoder}    cachedTextEncoder = new TextEncoder();\n    const instance = new`],
  ];
  return changes.reduce((text, [from, to]) => replaced(text, from, to), glue);
}

/**
 * Imports and exports get the names that wasm-opt gave them in the module: wasm-bindgen's own are long, and no packer can
 * shorten them. `imports` are triples of a module, a name in it and the short name.
 */
export function useShortNames(glue, { imports, exports }) {
  for (const [module, name] of imports) {
    if (module !== file) changed(`\`${name}\` is imported from \`${module}\``);
  }
  const keys = new Map(imports.map(([, name, short]) => [name, short]));
  const members = new Map(exports);
  const given = [];
  const short = replaced(glue, `"${file}": import0`, "a: import0")
    .replace(/(?<=^ +)\w+(?=: function\()/gm, (name) => {
      given.push(name);
      // What the module does not import any more, because wasm-opt found that nothing calls it, may keep its name.
      return keys.get(name) ?? name;
    })
    .replace(/(?<=\bwasm\.)\w+/g, (name) => members.get(name) ?? changed(`\`wasm.${name}\` is no export`));
  for (const name of keys.keys()) {
    const times = given.filter((key) => key === name).length;
    if (times !== 1) changed(`the import \`${name}\` is there ${times} times`);
  }
  for (const name of members.keys()) {
    if (!unused.has(name) && !glue.includes(`wasm.${name}`)) changed(`nothing calls the export \`${name}\``);
  }
  return short;
}

// What wasm-bindgen exports though its glue makes no use of it.
const unused = new Set(["__abort_handler", "__instance_terminated", "__wbindgen_free"]);

function replaced(text, from, to) {
  const count = text.split(from).length - 1;
  if (count === 0) changed(`no \`${from}\``);
  return text.replaceAll(from, () => to);
}

function changed(what) {
  throw new Error(`wasm-bindgen's glue has changed: ${what}`);
}
