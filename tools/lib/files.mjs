import { statSync } from "node:fs";

/**
 * Whether a file was written after all its inputs. By the inputs' ctime, not their mtime: cargo may link an older file back
 * into place, for example when a profile is changed to and fro.
 */
export function isNewer(file, inputs) {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).ctimeMs < written);
}
