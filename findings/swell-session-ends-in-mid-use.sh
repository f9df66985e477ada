#!/usr/bin/env bash
# swell-js 5.8.1, the cookie "swell-session" that a guest's cart and an account hang on.
# Expected: it lasts for a week, by its max-age, and a session that is in use is kept: each answer brings
# the session's id, so each one can set the cookie anew.
# Seen: the cookie is written only when the id CHANGES. The week runs from the first visit, however
# often the visitor comes back: seven days after it the call goes out without a session, the platform
# opens a new one, and the cart of the day before is gone, without an error.
# Why it matters: whoever shops a little every day loses his cart once a week. A life that slides has
# to be written at use, not at change; who takes such a cookie over must not take it for "a week unused".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error swell-js@5.8.1 >/dev/null

cat >probe.mjs <<'JS'
// A page whose days pass at will, and a cookie that ends as its max-age says.
let day = 0, writes = 0, cookie;
const document = {
  get cookie() {
    return cookie && day * 86_400 < cookie.end ? cookie.pair : "";
  },
  set cookie(text) {
    writes += 1;
    cookie = { pair: text.split(";")[0], end: day * 86_400 + Number(/max-age=(\d+)/.exec(text)[1]) };
  },
};
for (const [name, value] of Object.entries({ window: { document }, document })) Object.defineProperty(globalThis, name, { value, configurable: true });
const { default: swell } = await import("swell-js");

let sessions = 0;
const seen = [];
globalThis.fetch = async (_url, init) => {
  const session = init.headers["X-Session"] ?? `session-${(sessions += 1)}`;
  seen.push(`day ${day}: ${init.headers["X-Session"] ?? "none"}`);
  return Response.json({ items: [] }, { headers: { "x-session": session } });
};
swell.init("shop", "pk_not_a_secret", { url: "https://api.example" });
for (day = 0; day <= 8; day += 1) await swell.request("get", "/cart");
console.log(`sent as session: ${seen.join(", ")}; cookie written ${writes} times`);
process.exit();
JS

cat >expected <<'TEXT'
sent as session: day 0: none, day 1: session-1, day 2: session-1, day 3: session-1, day 4: session-1, day 5: session-1, day 6: session-1, day 7: none, day 8: session-2; cookie written 2 times
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: swell-session-ends-in-mid-use no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
