// What stands against a release. That it publishes nothing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { contentsOf, obstacles, releaseState } from "../../tools/lib/release.mjs";
import { root } from "../../tools/lib/run.mjs";

const good = { ...(await releaseState()), status: "" };

test("a clean tree in which all agree can be released", () => assert.deepEqual(obstacles(good), []));

for (const [name, change, words] of [
  ["a file that is in no commit", { status: "?? npm/new.js\n" }, /npm\/new\.js/],
  ["another version in package.json", { manifest: { ...good.manifest, version: "9.9.9" } }, /version: package\.json has 9\.9\.9, Cargo\.toml/],
  ["another version in Cargo.toml", { cargo: good.cargo.replace(/^version = ".*"$/m, 'version = "9.9.9"') }, /Cargo\.toml 9\.9\.9/],
  ["another licence", { manifest: { ...good.manifest, license: "ISC" } }, /license: package\.json has ISC/],
  ["a changelog of another version", { changelog: "# Changelog\n\n## 9.9.9\n" }, /CHANGELOG\.md begins with 9\.9\.9/],
  ["a changelog of none", { changelog: "# Changelog\n" }, /CHANGELOG\.md begins with undefined/],
  ["a package that may be published", { manifest: { ...good.manifest, private: false } }, /not private/],
]) {
  test(`no release with ${name}`, () => {
    const found = obstacles({ ...good, ...change });
    assert.ok(found.some((it) => words.test(it)), found.join("\n"));
  });
}

test("a release that is no dry run is refused, and says what to do", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "tools/release.mjs")], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /publishing is not enabled yet.*--dry-run/);
});

test("what would be published is told with sizes and integrity", () => {
  const text = contentsOf({ id: "a@1.0.0", filename: "a-1.0.0.tgz", size: 5, unpackedSize: 7, integrity: "sha512-x", shasum: "y", files: [{ path: "dist/index.js", size: 7 }] });
  for (const part of ["a@1.0.0: a-1.0.0.tgz", "1 files, 7 bytes, packed 5", "integrity sha512-x", "7  dist/index.js"]) assert.ok(text.includes(part), part);
});
