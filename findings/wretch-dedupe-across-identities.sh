#!/usr/bin/env bash
# wretch 3.0.9, its middlewares dedupe() and throttlingCache() as they come.
# Expected: dedupe joins "identical requests" (its README), and a cache serves who may see the answer:
# a GET with another Authorization header is another request, as for any HTTP cache. Who joins a
# request under way is not ended by the abort of somebody else's signal.
# Seen: the key is method and address. A GET that is made after the login, while the guest's is under
# way, is not sent, and is answered with what the guest got; with throttlingCache for a second after
# it as well. And where the caller who came first aborts, all that joined reject with his AbortError,
# though their own signals have not fired.
# Why it matters: reads around a login or a company switch show the former visitor's cart and
# prices; and a page that is left takes the data of the next one with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error wretch@3.0.9 >/dev/null

cat >probe.mjs <<'JS'
import wretch from "wretch";
import { dedupe, throttlingCache } from "wretch/middlewares";

let sent = 0;
globalThis.fetch = async (_url, init) => {
  sent += 1;
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
  init.signal?.throwIfAborted();
  return new Response(new Headers(init.headers).get("authorization"), { headers: { "cache-control": "no-store", vary: "Authorization" } });
};
for (const [name, middlewares] of [["none", []], ["dedupe", [dedupe()]], ["throttlingCache", [throttlingCache()]]]) {
  sent = 0;
  const api = wretch("https://api.example/cart").middlewares(middlewares);
  const read = (who) => api.auth(who).get().text();
  const together = await Promise.all([read("guest"), read("customer")]);
  console.log(`${name}: guest and customer together got ${together.join(" and ")}, then the company got ${await read("company")}; sent ${sent}`);
}
for (const [name, middlewares] of [["none", []], ["dedupe", [dedupe()]]]) {
  const api = wretch("https://api.example/cart").middlewares(middlewares).auth("guest");
  const read = (signal) => api.options({ signal }).get().text().catch((error) => error.name);
  const first = new AbortController();
  const ends = [read(first.signal), read(new AbortController().signal)];
  first.abort();
  console.log(`${name}: the first of two callers aborts: ${(await Promise.all(ends)).join(" and ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
none: guest and customer together got guest and customer, then the company got company; sent 3
dedupe: guest and customer together got guest and guest, then the company got company; sent 2
throttlingCache: guest and customer together got guest and guest, then the company got guest; sent 1
none: the first of two callers aborts: AbortError and guest
dedupe: the first of two callers aborts: AbortError and AbortError
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: wretch-dedupe-across-identities no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
