// What comments cite must be there for whoever has nothing but the repository.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { root } from "../../tools/lib/run.mjs";

const folders = ["src", "npm", "sandbox/src", "tests/double/src", "tests/native", "tests/simulator", "tests/e2e", "www", "docs"];
const files = ["README.md", "sandbox/README.md", "tests/answers.rs", "tests/browser.rs", ...folders.flatMap(filesIn)];

test("every document that is cited is there, with the sections that are named", () => {
  let documents = 0;
  let sections = 0;
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    for (const [, cited] of text.matchAll(/(?<![\w/.-])((?:[\w-]+\/)*[\w-]+\.md)\b/g)) {
      const place = [join(root, cited), join(root, dirname(file), cited)].find(existsSync);
      assert.ok(place, `${file} cites ${cited}`);
      documents += 1;
    }
    for (const [, cited, numbers] of text.matchAll(/(docs\/[\w-]+\.md) (§\d+(?:–\d+)?(?:(?:,| and) §\d+)*)/g)) {
      const titles = readFileSync(join(root, cited), "utf8");
      for (const [number] of numbers.matchAll(/\d+/g)) {
        assert.match(titles, new RegExp(`^## ${number}\\. `, "m"), `${file} cites ${cited} §${number}`);
        sections += 1;
      }
    }
  }
  assert.ok(documents > 20 && sections > 10, `only ${documents} and ${sections} were found`);
});

function filesIn(folder) {
  const isText = /\.(rs|m?js|ts|md|html|css)$/;
  return readdirSync(join(root, folder), { recursive: true }).filter((name) => isText.test(name)).map((name) => join(folder, name));
}
