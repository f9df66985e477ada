#!/usr/bin/env bash
# Next.js 16.4.6, NextResponse: a `Set-Cookie` header from elsewhere (a session's) beside `response.cookies.set()` for
# something else, as in a middleware or a route handler.
# Expected: `response.cookies` is a view of the header: what is set there is added to what the answer has; only a
# cookie of the same name and scope is replaced.
# Seen: it knows the headers as they were when the response was made, and writes them all anew at each set() and
# delete(). A header that was appended before that, and after the response was made, is gone: the session's cookie never
# reaches the browser. With set() first and append() second both arrive, until the next set(). What was given to the
# constructor stays.
# Why it matters: the order of two lines decides whether a visitor has a session. He gets a new one with each
# request, and his cart is always empty.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --omit=optional --legacy-peer-deps --no-audit --no-fund --loglevel=error next@16.4.6 >/dev/null

cat >probe.mjs <<'JS'
import { NextResponse } from "next/server.js";

const session = "shop=a-name; Max-Age=3600; Path=/; HttpOnly";
const show = (name, response) => console.log(`${name}: ${response.headers.getSetCookie().map((line) => line.split("; ")[0]).join(" | ")}`);
const kinds = { "new NextResponse()": () => new NextResponse(null), "NextResponse.next()": () => NextResponse.next(), "NextResponse.redirect()": () => NextResponse.redirect("https://shop.example/") };
for (const [name, make] of Object.entries(kinds)) {
  const response = make();
  response.headers.append("set-cookie", session);
  response.cookies.set("theme", "dark");
  show(`${name}, append, then set`, response);
}
const later = new NextResponse(null);
later.cookies.set("theme", "dark");
later.headers.append("set-cookie", session);
show("set, then append", later);
later.cookies.set("currency", "EUR");
show("and another set", later);
const removed = new NextResponse(null);
removed.headers.append("set-cookie", session);
removed.cookies.delete("theme");
show("append, then delete", removed);
const given = new NextResponse(null, { headers: { "set-cookie": session } });
given.cookies.set("theme", "dark");
show("given to the constructor, then set", given);
JS

cat >expected <<'TEXT'
new NextResponse(), append, then set: theme=dark
NextResponse.next(), append, then set: theme=dark
NextResponse.redirect(), append, then set: theme=dark
set, then append: theme=dark | shop=a-name
and another set: theme=dark | currency=EUR
append, then delete: theme=
given to the constructor, then set: shop=a-name | theme=dark
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: next-response-loses-a-set-cookie-header no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
