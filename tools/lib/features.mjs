// What the shipped files ask of a browser, each with the versions that have it first, as MDN's compatibility data tells.

import data from "@mdn/browser-compat-data/forLegacyNode";
import { parse } from "acorn";

export const browsers = ["chrome", "firefox", "safari"];

/** The first version of each browser that has the feature: numbers, or Infinity where none has it. */
function versionsOf({ __compat }) {
  return browsers.map((browser) => {
    const { version_added, flags } = [__compat.support[browser]].flat()[0];
    return flags || !version_added || version_added === "preview" ? Infinity : Number.parseFloat(version_added.replace("≤", ""));
  });
}

/** What WebAssembly has gained since its first version, by binaryen's names: what it is called in the data, where it is. */
const extensions = {
  Atomics: "threads-and-atomics",
  NontrappingFPToInt: "non-trapping-float-to-int-conversions",
  SIMD128: "fixed-width-SIMD",
  SignExt: "sign-extension-operations",
  ExceptionHandling: "exception-handling",
  TailCall: "tail-calls",
  ReferenceTypes: "reference-types",
  Multivalue: "multi-value",
  GC: "garbage-collection",
  Memory64: "memory64",
  RelaxedSIMD: "relaxed-SIMD",
  ExtendedConst: "extended-constant-expressions",
  MultiMemory: "multiMemory",
  BulkMemory: "bulk-memory-operations",
  BulkMemoryOpt: "bulk-memory-operations",
  WideArithmetic: "wideArithmetic",
};

/** The features that this module uses: without them it is not valid. By name, with the versions. */
export async function wasmFeatures(bytes) {
  const binaryen = await loadBinaryen();
  const module = binaryen.readBinary(bytes);
  const isValid = (flags) => {
    module.setFeatures(flags);
    return Boolean(module.validate());
  };
  const { MVP, All, ...flags } = binaryen.Features;
  // binaryen refuses to know a feature without the one that it includes.
  flags.BulkMemoryOpt |= flags.BulkMemory;
  let left = All;
  if (!isValid(left)) throw new Error("binaryen does not know all that the module uses");
  const features = new Map();
  // One includes another, so what has gone stays away: the newest go first.
  for (const [name, flag] of Object.entries(flags).reverse()) {
    if (isValid(left & ~flag)) left &= ~flag;
    else features.set(`WebAssembly: ${extensions[name] ?? name}`, name in extensions ? versionsOf(data.webassembly[extensions[name]]) : browsers.map(() => Infinity));
  }
  module.dispose();
  return features;
}

/** What it finds invalid it prints, by the function that the console has while it is loaded. */
async function loadBinaryen() {
  const { error } = console;
  console.error = () => {};
  try {
    return (await import("binaryen")).default;
  } finally {
    console.error = error;
  }
}

/** Syntax that not every browser with modules has. */
const syntax = {
  ChainExpression: () => "operators.optional_chaining",
  LogicalExpression: ({ operator }) => operator === "??" && "operators.nullish_coalescing",
  AssignmentExpression: ({ operator }) =>
    ({ "??=": "operators.nullish_coalescing_assignment", "||=": "operators.logical_or_assignment", "&&=": "operators.logical_and_assignment", "**=": "operators.exponentiation_assignment" })[operator],
  BinaryExpression: ({ operator, left }) => (left.type === "PrivateIdentifier" ? "classes.private_class_fields_in" : operator === "**" && "operators.exponentiation"),
  ImportExpression: ({ options }) => (options ? "operators.import.options_parameter" : "operators.import"),
  ImportDeclaration: ({ attributes }) => attributes?.length > 0 && "statements.import.import_attributes",
  ExportAllDeclaration: ({ exported }) => exported && "statements.export.namespace",
  MetaProperty: ({ meta }) => meta.name === "import" && "operators.import_meta",
  PropertyDefinition: ({ key }) => (key.type === "PrivateIdentifier" ? "classes.private_class_fields" : "classes.public_class_fields"),
  MethodDefinition: ({ key }) => key.type === "PrivateIdentifier" && "classes.private_class_methods",
  StaticBlock: () => "classes.static.initialization_blocks",
  ForOfStatement: ({ await: isAwaited }) => isAwaited && "statements.for_await_of",
  FunctionExpression: ({ async, generator }) => async && generator && "operators.async_generator_function",
  ObjectExpression: ({ properties }) => properties.some(({ type }) => type === "SpreadElement") && "operators.spread.spread_in_object_literals",
  CatchClause: ({ param }) => !param && "statements.try_catch.optional_catch_binding",
  VariableDeclaration: ({ kind }) => ({ using: "statements.using", "await using": "statements.await_using" })[kind],
  Literal({ bigint, regex }) {
    if (bigint) return "builtins.BigInt";
    if (!regex) return undefined;
    if (regex.flags.includes("v")) return "builtins.RegExp.unicodeSets";
    if (regex.flags.includes("d")) return "builtins.RegExp.hasIndices";
    if (/\(\?<[=!]/.test(regex.pattern)) return "regular_expressions.lookbehind_assertion";
    if (/\(\?[a-z-]+:/.test(regex.pattern)) return "regular_expressions.modifier";
    if (/\(\?</.test(regex.pattern)) return "regular_expressions.named_capturing_group";
    return regex.flags.includes("s") && "builtins.RegExp.dotAll";
  },
};

const at = (path) => path.split(".").reduce((it, name) => it?.[name], data.javascript);

/** By the name of a property whose owner is not known: the versions of every interface and builtin that has it. */
const members = new Map();
/** By the names of a global and its property, or of a global alone. */
const globals = new Map();

for (const [kind, group] of Object.entries({ api: data.api, builtins: data.javascript.builtins, WebAssembly: data.webassembly.api })) {
  for (const [owner, entries] of Object.entries(group)) {
    if (!entries.__compat) continue;
    const shown = kind === "WebAssembly" ? `WebAssembly.${owner.replace("_static", "")}` : owner;
    globals.set(shown, entries);
    for (const [name, entry] of Object.entries(entries)) {
      if (name === "__compat" || !entry.__compat) continue;
      const plain = name.replace(/_(static|event)$/, "");
      globals.set(`${shown}.${plain}`, entry);
      // A window's and a worker's own are globals.
      if (["Window", "WorkerGlobalScope"].includes(owner) && !globals.has(plain)) globals.set(plain, entry);
      members.set(plain, [...(members.get(plain) ?? []), versionsOf(entry)]);
    }
  }
}

/** What the scripts use: syntax, globals, and the properties that only newer interfaces have. By name, with the versions. */
export function scriptFeatures(sources) {
  const features = new Map();
  const add = (name, entry) => features.set(name, versionsOf(entry));
  for (const source of sources) {
    walk(parse(source, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
      const path = syntax[node.type]?.(node);
      if (path) add(`syntax: ${path.split(".").at(-1).replaceAll("_", " ")}`, at(path));
      if (node.type === "Identifier" && globals.has(node.name)) add(node.name, globals.get(node.name));
      for (const { name, owner } of properties(node)) {
        const full = owner === "globalThis" ? name : `${owner}.${name}`;
        if (owner && globals.has(full)) add(full, globals.get(full));
        // Nothing tells which is meant, so whichever came first.
        else if (members.has(name)) features.set(`.${name}`, browsers.map((_, index) => Math.min(...members.get(name).map((versions) => versions[index]))));
      }
    });
  }
  return features;
}

/** The properties that a node reads, with the name of the object where it has one. */
function properties(node) {
  if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") {
    return [{ name: node.property.name, owner: node.object.type === "Identifier" ? node.object.name : undefined }];
  }
  if (node.type !== "ObjectPattern") return [];
  return node.properties.filter(({ key, computed }) => key?.type === "Identifier" && !computed).map(({ key }) => ({ name: key.name }));
}

function walk(node, visit) {
  visit(node);
  for (const child of Object.values(node).flat()) if (typeof child?.type === "string") walk(child, visit);
}
