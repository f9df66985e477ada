#!/usr/bin/env bash
# cookie 2.0.2, cookie-es 3.1.1 (h3, Nuxt), cookies 0.9.2 (koa), hono 4.13.19, @edge-runtime/cookies 6.0.0 (Next.js),
# undici 7.30.2, and tough-cookie 6.1.0 as the browser.
# Expected: a browser that has two cookies of one name sends both: longer paths first, then the older one first (RFC 6265,
# 5.4). What reads the header takes the same one everywhere; of two paths the longer, which is meant for the page. The RFC
# warns servers of relying on the order, and none of the packages says which it takes.
# Seen: cookie, cookie-es, koa's and hono's take the first, Next.js's and undici's the last, and the other is not in
# getAll() either. After a shop has given its cookie a Domain, to share it with checkout.shop.example, one server of it
# reads the session of before and another the new one, or two parts of one server: cookies() of Next.js, and a package
# that uses cookie. Of "/cart" and "/" Next.js reads the one for "/".
# Why it matters: the page shows the customer, the API next to it the guest of last month, for those only who were here
# before the change, and no login mends it. Give the cookie another name when its Domain or Path changes, or delete the
# former one as it was set.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error cookie@2.0.2 cookie-es@3.1.1 cookies@0.9.2 hono@4.13.19 @edge-runtime/cookies@6.0.0 undici@7.30.2 tough-cookie@6.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { parseCookie as cookie } from "cookie";
import { parse as cookieEs } from "cookie-es";
import Cookies from "cookies";
import { RequestCookies } from "@edge-runtime/cookies";
import { getCookie } from "hono/cookie";
import { Hono } from "hono";
import { getCookies } from "undici";
import { CookieJar } from "tough-cookie";

// What a browser has after the cookie's domain was changed, and what it sends.
const jar = new CookieJar();
await jar.setCookie("session=before; Path=/", "https://www.shop.example/");
await new Promise((done) => setTimeout(done, 5));
await jar.setCookie("session=now; Path=/; Domain=shop.example", "https://www.shop.example/");
const domain = await jar.getCookieString("https://www.shop.example/cart");
const paths = new CookieJar();
await paths.setCookie("session=whole; Path=/", "https://www.shop.example/");
await paths.setCookie("session=cart; Path=/cart", "https://www.shop.example/cart");
const path = await paths.getCookieString("https://www.shop.example/cart");

const app = new Hono().get("/cart", (c) => c.text(getCookie(c, "session")));
const readers = {
  "cookie": (header) => cookie(header).session,
  "cookie-es (h3, Nuxt)": (header) => cookieEs(header).session,
  "cookies (koa)": (header) => new Cookies({ headers: { cookie: header } }, {}).get("session"),
  "hono": async (header) => (await app.request("/cart", { headers: { cookie: header } })).text(),
  "@edge-runtime/cookies (Next.js)": (header) => new RequestCookies(new Headers({ cookie: header })).get("session").value,
  "undici": (header) => getCookies(new Headers({ cookie: header })).session,
};
console.log(`sent: "${domain}" and "${path}"`);
for (const [name, read] of Object.entries(readers)) console.log(`${name}: ${await read(domain)}, ${await read(path)}`);
JS

cat >expected <<'TEXT'
sent: "session=before; session=now" and "session=cart; session=whole"
cookie: before, cart
cookie-es (h3, Nuxt): before, cart
cookies (koa): before, cart
hono: before, cart
@edge-runtime/cookies (Next.js): now, whole
undici: now, whole
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: two-cookies-of-one-name-two-visitors no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
