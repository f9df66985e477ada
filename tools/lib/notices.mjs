// The notice of the software by others that is compiled into the package: whose it is, and under which licence.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { root } from "./run.mjs";

/** The notice for the crates of these manifests (`Cargo.toml`), in an order that does not depend on theirs. */
export function notices(manifests) {
  // Besides others' crates there are this repository's, and Rust's own shims, which are empty.
  const own = ["Cargo.toml", "sandbox/Cargo.toml", "sandbox/node/Cargo.toml"].map((file) => join(root, file));
  const others = [...new Set(manifests)].filter((file) => !own.includes(file) && !/rustc-std-workspace/.test(file));
  const crates = others.map(read);
  const title = ({ name, version }) => (version === "0.0.0" ? name : `${name} ${version}`);
  const byTitle = (one, other) => (title(one) < title(other) ? -1 : 1);
  const texts = new Map();
  for (const crate of crates.sort(byTitle)) {
    for (const text of crate.texts) texts.set(text, [...(texts.get(text) ?? []), title(crate)]);
  }
  const line = "-".repeat(80);
  const list = crates.map((crate) => `  ${title(crate)}: ${crate.license}`);
  const parts = [...texts].map(([text, titles]) => [line, [...new Set(titles)].join(", "), line, "", text, ""]);
  return [
    "storefront-session contains software by others: the Rust crates below, Rust's standard library among them.",
    "Where a licence may be chosen it is used under the MIT licence.",
    "",
    ...new Set(list),
    "",
    ...parts.flat(),
  ].join("\n");
}

function read(manifest) {
  const toml = readFileSync(manifest, "utf8");
  const field = (name) => new RegExp(`^${name} = "(.*)"$`, "m").exec(toml)?.[1];
  const name = field("name");
  const version = field("version") ?? "0.0.0";
  // Rust's own crates have no version, and the licence of Rust where they name none.
  const license = field("license") ?? (version === "0.0.0" ? "MIT OR Apache-2.0" : undefined);
  if (!license) throw new Error(`${manifest} names no licence`);
  const folder = dirname(manifest);
  // A part of Rust's own repository may have the text of its licence one folder up.
  const texts = textsIn(folder) ?? textsIn(dirname(folder)) ?? [standardText(license, toml, manifest)];
  return { name, version, license, texts };
}

/** The licence's texts in a folder, without those that another one is chosen over. */
function textsIn(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const all = files.map(({ name }) => name).filter((name) => /^(un)?licen[cs]e|^copying|^notice/i.test(name));
  const isMit = all.some((file) => /mit/i.test(file));
  const chosen = all.filter((file) => !isMit || !/apache|^unlicense|^copying/i.test(file)).sort();
  if (chosen.length === 0) return undefined;
  return chosen.map((file) => tidy(readFileSync(join(folder, file), "utf8")));
}

/** For a crate that is under the MIT licence and comes without its text, like those of Rust's own repository. */
function standardText(license, toml, manifest) {
  if (!/\bMIT\b/.test(license)) throw new Error(`${manifest} comes without the text of its licence`);
  const authors = [...(/^authors = \[([^\]]*)\]/m.exec(toml)?.[1] ?? "").matchAll(/"(.*?)"/g)].map(([, author]) => author);
  const [, ...terms] = tidy(readFileSync(join(root, "LICENSE-MIT"), "utf8")).split("\n\n");
  return [`Copyright (c) ${authors.join(", ") || "The Rust Project Developers"}`, ...terms].join("\n\n");
}

const tidy = (text) => text.replace(/[ \t\r]+$/gm, "").trim();
