// npm run contract -- FOLDER: Schemathesis sends the sandbox what the official OpenAPI files in that folder allow, and much that they
// do not. No connection may be dropped, and no answer may be a 5xx but the 501 of what sandbox/src/gateway/missing.txt names. It needs
// Python and is outside CI.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { output, root, run, script, start } from "./lib/run.mjs";
import { startSandbox } from "./lib/sandbox.mjs";
import { targetFolder } from "./lib/toolchain.mjs";

const schemathesis = "schemathesis==4.32.5";
const examples = 10;

script(async () => {
  const folder = process.argv[2];
  if (!folder) throw new Error("a folder with the official OpenAPI files is needed: npm run contract -- FOLDER");
  const program = await install();
  const missing = readFileSync(join(root, "sandbox/src/gateway/missing.txt"), "utf8").trim().split("\n").map(pattern);
  const sandbox = await startSandbox();
  const wrong = [];
  try {
    const bearer = await token(sandbox.url);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".yml"))) {
      await fetch(`${sandbox.url}/_sandbox/requests`, { method: "DELETE" });
      const args = ["run", join(folder, file), "--url", sandbox.url, "--header", `Authorization: Bearer ${bearer}`];
      args.push("--checks", "not_a_server_error", "--phases", "examples,fuzzing", "--max-examples", String(examples), "--no-color");
      const { child, exited } = start(program, args, { stdio: ["ignore", "pipe", "ignore"] });
      let report = "";
      child.stdout.setEncoding("utf8").on("data", (chunk) => (report += chunk));
      // Its own verdict counts the 501s as failures; what it met is told by the sandbox's log.
      await exited;
      if (!report.includes("SUMMARY")) throw new Error(`Schemathesis gave no summary for ${file}`);
      if (/network error|connection (aborted|refused|reset)/i.test(report)) wrong.push(`${file}: a connection was dropped`);
      const rows = await (await fetch(`${sandbox.url}/_sandbox/requests`)).json();
      for (const { method, path, status } of rows) {
        const known = status === 501 && missing.some((operation) => operation.test(`${method} ${path}`));
        if ((status ?? 599) >= 500 && !known) wrong.push(`${file}: ${method} ${path} answered ${status}`);
      }
      console.log(`${file}: ${rows.length} requests, ${rows.filter(({ status }) => status === 501).length} answered 501`);
    }
  } finally {
    await sandbox.stop();
  }
  if (wrong.length) throw new Error(["The sandbox breaks the contract:", ...new Set(wrong)].join("\n  "));
});

async function install() {
  const venv = join(await targetFolder(), "contract");
  const program = join(venv, "bin/schemathesis");
  if (!existsSync(program)) {
    await run("python3", ["-m", "venv", venv]);
    await run(join(venv, "bin/pip"), ["install", "--quiet", schemathesis]);
  }
  console.log((await output(program, ["--version"])).trim());
  return program;
}

/** `GET /cart/{tenant}/carts` as what a row of the log may say. */
function pattern(operation) {
  const [method, path] = operation.split(" ");
  const segments = path.split("/").map((segment) => (segment.startsWith("{") ? "[^/]+" : segment));
  return new RegExp(`^${method} ${segments.join("/")}/?$`);
}

/** A customer's: most operations of a storefront take it. */
async function token(url) {
  const guest = await fetch(`${url}/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront`);
  const login = await fetch(`${url}/customer/acme/login`, {
    method: "POST",
    headers: { authorization: `Bearer ${(await guest.json()).access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ email: "buyer@example.com", password: "sandbox-pass" }),
  });
  return (await login.json()).access_token;
}
