// What npm/server/cookie.js tells a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cookie, freshName } from "../../npm/server/cookie.js";

/** As a response that parses its `Set-Cookie` headers and writes them anew, those of Next.js among them: zero is left out. */
const rewritten = (line) => line.split("; ").filter((part) => part !== "Max-Age=0").join("; ");

test("what makes a browser forget the name still does where the framework leaves a Max-Age of zero out", () => {
  for (const secure of [true, false]) {
    const cookie = new Cookie({ name: "shop", secure });
    const line = cookie.clear();
    assert.match(line, /^shop=; Max-Age=0; /);
    const [, expires] = /; Expires=([^;]+)/.exec(rewritten(line)) ?? [];
    assert.equal(expires, new Date(0).toUTCString(), line);
    assert.doesNotMatch(cookie.set(freshName()), /Expires/, "one that is kept ends by Max-Age, whatever the browser's clock says");
  }
});
