// What keeps a token at hand quick: engines must not turn sessions into slow objects. `%HasFastProperties` is V8's own answer.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

const script = `
  import { SessionManager } from ${JSON.stringify(new URL("../../dist/node.js", import.meta.url))};
  const options = { tenant: "acme", clientId: "storefront", storage: "memory" };
  const kinds = [];
  for (let count = 0; count < 12; count += 1) {
    const session = await SessionManager.open(options);
    kinds.push(%HasFastProperties(session));
    session.close();
  }
  console.log(kinds.join());
`;

test("every later session of a process is as quick an object as the first", () => {
  const kinds = execFileSync(process.execPath, ["--allow-natives-syntax", "--input-type=module", "--eval", script], { encoding: "utf8", timeout: 60_000 });
  assert.equal(kinds.trim(), Array(12).fill(true).join());
});
