import { run } from "./run.mjs";

/** Runs the simulator in its optimised profile, with these arguments for its test harness. */
export function simulate(args, env = {}, options = {}) {
  return run("cargo", ["test", "--profile", "sim", "--test", "simulator", "--", ...args], { ...options, env });
}
