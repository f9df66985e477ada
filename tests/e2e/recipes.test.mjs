// The code of README and recipes, as a reader would run it: from an empty folder, against the sandbox.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { output, root, run } from "../../tools/lib/run.mjs";
import { startSandbox } from "../../tools/lib/sandbox.mjs";

const documents = ["README.md", "docs/servers.md", ...readdirSync(join(root, "docs/recipes")).map((name) => `docs/recipes/${name}`)];
let folder;
let sandbox;

before(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), "recipes-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/storefront-session"));
  // The platform's address stays in the text and leads to the sandbox.
  const prelude = `const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      return fetch(new Request(request.url.replace("https://api.emporix.io", "${sandbox.url}"), request));
    };`;
  writeFileSync(join(folder, "prelude.mjs"), prelude);
});

after(async () => {
  await sandbox?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

/** The code blocks of a document: language and text. */
const blocksOf = (document) =>
  [...readFileSync(join(root, document), "utf8").matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));

test("TypeScript and JSX fit the types of the package", async () => {
  const typed = join(root, "target/recipes");
  rmSync(typed, { recursive: true, force: true });
  mkdirSync(typed, { recursive: true });
  let count = 0;
  for (const document of documents) {
    for (const [index, { language, text }] of blocksOf(document).entries()) {
      if (!["ts", "tsx", "jsx"].includes(language)) continue;
      count += 1;
      const end = language.replace("jsx", "tsx");
      // A module of its own, also without an import.
      writeFileSync(join(typed, `${document.replaceAll("/", "-")}-block-${index + 1}.${end}`), `${text}export {};\n`);
    }
  }
  assert.ok(count > 5, `${count} blocks are few`);
  await run("node_modules/.bin/tsc", ["--project", "tests/types/recipes"]);
});

for (const document of documents) {
  const blocks = blocksOf(document);

  for (const [index, { language, text }] of blocks.entries()) {
    if (language === "js") {
      test(`${document}: block ${index + 1} runs, and prints what is written below it`, async () => {
        const file = join(folder, `block-${index}-${document.replaceAll("/", "-")}.mjs`);
        writeFileSync(file, text);
        const printed = await output(process.execPath, ["--import", join(folder, "prelude.mjs"), file], { cwd: folder });
        assert.equal(printed, blocks[index + 1]?.language === "text" ? blocks[index + 1].text : "");
      });
    }
  }
}
