// npm run test:reproducible: builds the package here and, from nothing, in a copy in another folder, with another path to
// cargo's downloads, and demands the same bytes: what is published can be checked by anybody who has the same compiler.

import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, relative, sep } from "node:path";

import { buildPackage } from "./lib/package.mjs";
import { root, run, script } from "./lib/run.mjs";

const made = new Set(["target", "dist", "node_modules", ".git", "mutants.out"]);

script(async () => {
  await buildPackage();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "reproducible-"));
  try {
    const copy = join(folder, "a/copy");
    cpSync(root, copy, { recursive: true, preserveTimestamps: true, filter: (path) => !made.has(basename(path)) });
    // The packages are as package-lock.json has them, in both.
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const cargoHome = join(folder, "cargo");
    symlinkSync(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), cargoHome);
    await run("node", ["tools/build.mjs"], {
      cwd: copy,
      env: { CARGO_HOME: cargoHome, CARGO_TARGET_DIR: undefined },
    });

    const [here, there] = [root, copy].map((place) => checksums(join(place, "dist")));
    console.table(here);
    for (const name of new Set([...Object.keys(here), ...Object.keys(there)])) {
      if (here[name] !== there[name]) throw new Error(`dist/${name} is another in another folder`);
    }
    const paths = [root, homedir() + sep, folder];
    for (const name of Object.keys(there)) {
      for (const place of [root, copy]) {
        const text = readFileSync(join(place, "dist", name), "latin1");
        const leak = paths.find((path) => text.includes(path));
        if (leak) throw new Error(`dist/${name} names ${leak}`);
      }
    }
    console.log("two folders, the same bytes");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function checksums(dist) {
  const sums = {};
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    sums[relative(dist, file)] = createHash("sha256").update(readFileSync(file)).digest("hex");
  }
  return sums;
}
