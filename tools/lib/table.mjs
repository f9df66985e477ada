// The module's function table. wasm-bindgen reads descriptions of what crosses the border and takes them away, but leaves in the
// table what they pointed to: dozens of functions that nobody calls, and all that those call.

/** Where the table begins: numbers that stand for little else in a module of this size, so that what points into it is seen. */
export const tableBase = 4096;

/**
 * The module with each entry of its table that nothing points to replaced by the first one. An entry counts as pointed to where its
 * number stands anywhere as a constant of the code, or as a word of the data: more may be kept than needed, and never less.
 */
export function withoutUnusedEntries(module) {
  const sections = sectionsOf(module);
  const content = (wanted) => sections.find(({ id }) => id === wanted)?.content ?? Buffer.alloc(0);
  const places = [content(globals), content(code), content(data)];
  const isUsed = (number) => {
    const constant = Buffer.from([i32Const, ...signed(number)]);
    const word = Buffer.alloc(4);
    word.writeUInt32LE(number);
    return places.some((bytes) => bytes.includes(constant) || bytes.includes(word));
  };
  const head = Buffer.from([0, i32Const, ...signed(tableBase), end]);
  const section = sections.find(({ id }) => id === elements);
  const at = section?.content.indexOf(head) ?? -1;
  if (at < 0) throw new Error(`the module's table does not begin at ${tableBase}`);
  const reader = { bytes: section.content, at: at + head.length };
  const entries = Array.from({ length: unsigned(reader) }, () => unsigned(reader));
  const names = functionNames(sections);
  const isWanted = (entry, index) => isUsed(tableBase + index) && !uncalled.test(names.get(entry));
  const kept = entries.map((entry, index) => (isWanted(entry, index) ? entry : entries[0]));
  const list = [kept.length, ...kept].flatMap(leb);
  const { content: bytes } = section;
  section.content = Buffer.concat([bytes.subarray(0, at), head, Buffer.from(list), bytes.subarray(reader.at)]);
  const written = sections.map(({ id, content }) => Buffer.concat([Buffer.from([id, ...leb(content.length)]), content]));
  return Buffer.concat([module.subarray(0, 8), ...written]);
}

/**
 * Tasks of js-sys that suspend where WebAssembly and promises are integrated: this module has none, but js-sys exports what would
 * run them, and the data still points to it when wasm-bindgen has taken that export away.
 */
const uncalled = /\bjspi::task_waker::/;

const [globals, elements, code, data] = [6, 9, 10, 11];
const [i32Const, end] = [0x41, 0x0b];
const [custom, functions] = [0, 1];

function sectionsOf(module) {
  const sections = [];
  const reader = { bytes: module, at: 8 };
  while (reader.at < module.length) {
    const id = module[reader.at++];
    const length = unsigned(reader);
    sections.push({ id, content: module.subarray(reader.at, (reader.at += length)) });
  }
  return sections;
}

/** The names of functions, by their numbers. */
function functionNames(sections) {
  const names = new Map();
  for (const { id, content } of sections) {
    const reader = { bytes: content, at: 0 };
    if (id !== custom || text(reader) !== "name") continue;
    while (reader.at < content.length) {
      const kind = unsigned(reader);
      const next = unsigned(reader) + reader.at;
      if (kind === functions) for (let count = unsigned(reader); count > 0; count--) names.set(unsigned(reader), text(reader));
      reader.at = next;
    }
  }
  return names;
}

function text(reader) {
  const length = unsigned(reader);
  return reader.bytes.toString("utf8", reader.at, (reader.at += length));
}

function unsigned(reader) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}

const leb = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]);

/** The same for a number that has a sign. */
const signed = (value) => (value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]);
