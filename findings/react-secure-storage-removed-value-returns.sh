#!/usr/bin/env bash
# react-secure-storage 1.3.2 in happy-dom 21.0.4, two tabs, reloads, and a browser that updates itself.
# Expected: a key has one value: the last one that was set, none after removeItem(), and the browser's next version reads it.
# Seen: the type of a value is a part of the name it is stored under, and set() and remove() know only the type they saw
# last in this page. A company that was false and is a text now is stored twice; removed, and after a reload, it is false
# again. A session, which is an object, that another tab has set since this page was loaded is not removed at all, since
# what is not known is taken for a text. And the key is made of the browser's name and version, language and time zone:
# with an update, every few weeks, or after a journey, all that is stored reads as null.
# Why it matters: the customer signs out, and is signed in after the reload; he did nothing, and is signed out.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error react-secure-storage@1.3.2 happy-dom@21.0.4 >/dev/null

cat >probe.cjs <<'JS'
const { Window } = require("happy-dom");
const window = new Window({ url: "https://shop.example/" });
const navigator = { userAgent: "Browser/156.0.0.0", plugins: [], language: "en", cookieEnabled: true };
const document = { createElement: () => ({ getContext: () => ({ fillRect() {}, fillText() {} }), toDataURL: () => "a picture" }) };
for (const [name, value] of Object.entries({ window, document, navigator, localStorage: window.localStorage, sessionStorage: window.sessionStorage })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
// A page that is loaded: the package reads the storage once, at its start.
const load = () => {
  for (const path of Object.keys(require.cache)) if (path.includes("react-secure-storage")) delete require.cache[path];
  return require("react-secure-storage").default;
};
const show = (page, key) => JSON.stringify(page.getItem(key));

let page = load();
page.setItem("company", false);
page.setItem("company", "north");
console.log("a company, first false, then north:", show(page, "company"), "- stored entries", localStorage.length);
page.removeItem("company");
console.log("removed:", show(page, "company"), "- after a reload:", show(load(), "company"));

localStorage.clear();
for (const [kind, session] of [["a text", "token"], ["an object", { token: "token" }]]) {
  localStorage.clear();
  const [first, second] = [load(), load()];
  first.setItem("session", session);
  second.removeItem("session");
  console.log(`a session that is ${kind}, set in one tab, removed in another: ${show(first, "session")} there; after a reload: ${show(load(), "session")}`);
}

localStorage.clear();
load().setItem("session", "token");
console.log("the same browser:", show(load(), "session"));
navigator.userAgent = "Browser/157.0.0.0";
console.log("its next version:", show(load(), "session"), "- stored entries", localStorage.length);
process.exit();
JS

cat >expected <<'TEXT'
a company, first false, then north: "north" - stored entries 2
removed: null - after a reload: false
a session that is a text, set in one tab, removed in another: "token" there; after a reload: null
a session that is an object, set in one tab, removed in another: {"token":"token"} there; after a reload: {"token":"token"}
the same browser: "token"
its next version: null - stored entries 1
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-secure-storage-removed-value-returns no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
