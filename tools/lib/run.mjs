import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

/** The repository's top folder. Commands run there, whatever folder the script was started from. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

const running = new Set();

/**
 * Starts a command. It leads a process group of its own, so that what it starts in turn (a compiler, a browser) can be
 * ended with it.
 */
export function start(command, args, { env, ...options } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: "inherit",
    env: { ...process.env, ...env },
    ...options,
  });
  const exited = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? code));
  }).finally(() => running.delete(child));
  running.add(child);
  return { child, exited };
}

/** Ends a command and all it has started. */
export function stop(child) {
  try {
    process.kill(-child.pid);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

process.once("exit", () => running.forEach(stop));
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

/** Runs a command to its end; rejects when it fails. */
export async function run(command, args, options) {
  const status = await start(command, args, options).exited;
  if (status !== 0) throw new Error(`\`${[command, ...args].join(" ")}\` failed (${status})`);
}

/** Runs a command to its end and returns what it printed. */
export async function output(command, args, options) {
  const { child, exited } = start(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const status = await exited;
  if (status !== 0) throw new Error(`\`${[command, ...args].join(" ")}\` failed (${status})`);
  return text;
}

/** A script's `main`: a failure is told in one line, without the stack of the script itself. */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}
