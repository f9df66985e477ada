const deno = "node_modules/@deno/linux-x64-glibc/deno";

export default { modes: { module: { run: [[deno, "run", "--no-config", "--node-modules-dir=manual", "--allow-env", "--allow-net", "visit.mjs"]] } } };
