#!/usr/bin/env bash
# @edge-runtime/cookies 6.0.0 (Next.js 16 has it in itself), ResponseCookies over an answer that has Set-Cookie headers from
# elsewhere, when a cookie that has nothing to do with them is set or deleted.
# Expected: the other headers stay as they are; `Max-Age=0` deletes (RFC 6265, 5.2.2), a cookie is told from another by
# name, domain and path (5.3), and a value is what stands there.
# Seen: all are parsed and written anew. `Max-Age=0` is lost: the deletion becomes an empty cookie that lasts as long
# as the browser's session; one by `Expires` survives. Of two headers of one name only the last is left, so that of
# a deletion under a former path or domain and the new cookie one is missing. What may stand in a value as it is
# (`:`, `/`, `+`, `=`, `"`) is escaped: a server that does not unescape finds no such session.
# Why it matters: a logout whose answer also notes the language leaves the cookie there. Delete with both Max-Age and
# Expires, and give a session's cookie a value of letters, digits, `-` and `_`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @edge-runtime/cookies@6.0.0 >/dev/null

cat >probe.mjs <<'JS'
import { ResponseCookies } from "@edge-runtime/cookies";

const scenario = (name, lines, act = (cookies) => cookies.set("theme", "dark")) => {
  const headers = new Headers();
  for (const line of lines) headers.append("set-cookie", line);
  act(new ResponseCookies(headers));
  console.log(`${name}: ${headers.getSetCookie().filter((line) => !line.startsWith("theme")).join(" | ")}`);
};
scenario("only read", ["shop=; Max-Age=0; Path=/; HttpOnly"], (cookies) => cookies.get("shop"));
scenario("deletion by Max-Age", ["shop=; Max-Age=0; Path=/; HttpOnly"]);
scenario("another is deleted", ["shop=; Max-Age=0; Path=/; HttpOnly"], (cookies) => cookies.delete("theme"));
scenario("deletion by Expires", ["shop=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly"]);
scenario("deletion by both", ["shop=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly"]);
scenario("two paths", ["shop=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/en", "shop=name; Path=/"]);
scenario("two domains", ["shop=name; Path=/", "shop=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=shop.example; Path=/"]);
scenario("a value with signs", ["shop=v1:a/b+c==; Path=/"]);
scenario("a quoted value", ['shop="name"; Path=/']);
scenario("a plain value", ["shop=a-b_c; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax"]);
JS

cat >expected <<'TEXT'
only read: shop=; Max-Age=0; Path=/; HttpOnly
deletion by Max-Age: shop=; Path=/; HttpOnly
another is deleted: shop=; Path=/; HttpOnly
deletion by Expires: shop=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly
deletion by both: shop=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly
two paths: shop=name; Path=/
two domains: shop=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=shop.example
a value with signs: shop=v1%3Aa%2Fb%2Bc%3D%3D; Path=/
a quoted value: shop=%22name%22; Path=/
a plain value: shop=a-b_c; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=lax
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: edge-runtime-cookies-undoes-a-deletion no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
