#!/usr/bin/env bash
# react-auth-kit 3.1.3 with react 18.3.1, a store in localStorage (a Map; in cookies it is the same), Node.js 20 or later. A page that is
# loaded anew is a new store over the same storage.
# Expected: a user state that was stored is there again after the page is loaded anew; a signed-in visitor's token is renewed at the
# interval of createRefresh(), which "is a time in seconds", as its error says; signIn() tells by `true` that somebody is signed in.
# Seen: all backslashes are taken out of the stored JSON before it is parsed: a company with a quotation mark in its name breaks it, and
# the visitor is signed out with each page, without a message; an address of two lines is one word with an "n" in it (react-auth-kit#1722
# reports the error, open since 2024). No renewal begins after a sign-in until something renders AuthProvider anew, and the interval is
# counted in minutes: 600, meant as ten minutes, are ten hours. With a refresh token that is no JWT, which OAuth does not ask of one, signIn() gives
# true and nobody is signed in.
# Why it matters: nobody who has plain names in the test data sees it, and the firm "Nord" cannot stay signed in. What was written by
# JSON.stringify is read by JSON.parse as it is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --legacy-peer-deps --loglevel=error react-auth-kit@3.1.3 react@18.3.1 react-test-renderer@18.3.1 >/dev/null

cat >probe.cjs <<'JS'
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
const intervals = [];
globalThis.window = { localStorage, setInterval: (_callback, delay) => intervals.push(delay), clearTimeout() {} };
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
console.error = () => {}; // React's note on its test renderer

const { createElement } = require("react");
const { act, create } = require("react-test-renderer");
const { default: AuthProvider } = require("react-auth-kit");
const { default: createStore } = require("react-auth-kit/createStore");
const { default: createRefresh } = require("react-auth-kit/createRefresh");
const { default: useSignIn } = require("react-auth-kit/hooks/useSignIn");
const { default: useAuthUser } = require("react-auth-kit/hooks/useAuthUser");
const { default: useIsAuthenticated } = require("react-auth-kit/hooks/useIsAuthenticated");

const jwt = [{ alg: "none" }, { exp: Math.floor(Date.now() / 1000) + 3600 }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".") + ".x";
let signIn, seen;
const Shop = () => {
  signIn = useSignIn();
  seen = { isIn: useIsAuthenticated(), user: useAuthUser() };
  return null;
};
/** A page that is loaded. */
const load = (refresh) => {
  const store = createStore({ authName: "shop", authType: "localstorage", refresh });
  const tree = () => createElement(AuthProvider, { store }, createElement(Shop));
  let page;
  act(() => void (page = create(tree())));
  return { store, render: () => act(() => page.update(tree())) };
};

for (const userState of [{ company: "Nord" }, { company: 'Reederei "Nord"' }, { address: "Am Kai 1\nKiel" }]) {
  kept.clear();
  const { render } = load();
  signIn({ auth: { token: jwt, type: "Bearer" }, userState });
  render();
  const before = seen;
  load();
  console.log(`${JSON.stringify(userState)}: signed in ${before.isIn}; after the next page ${seen.isIn}, ${JSON.stringify(seen.user)}; entries that are kept ${kept.size}`);
}

const refresh = createRefresh({ interval: 600, refreshApiCallback: async () => ({ isSuccess: false }) });
kept.clear();
{
  const { store, render } = load(refresh);
  signIn({ auth: { token: jwt, type: "Bearer" }, userState: { id: 1 }, refresh: jwt });
  const atOnce = `signed in ${store.tokenObject.value.isSignIn}, timers ${intervals.length}`;
  render();
  console.log(`an interval of 600, sign-in: ${atOnce}; rendered anew: timers ${intervals.length}, every ${intervals[0] / 60_000} minutes`);
}
kept.clear();
{
  const { store } = load(refresh);
  const told = signIn({ auth: { token: jwt, type: "Bearer" }, userState: { id: 1 }, refresh: "an-opaque-refresh-token" });
  console.log(`an opaque refresh token: signIn() gives ${told}; signed in ${store.tokenObject.value.isSignIn}`);
}
try {
  createRefresh({ interval: -1 });
} catch (error) {
  console.log(`an interval of -1: ${error.message.split(" and")[0]}`);
}
JS

cat >expected <<'TEXT'
{"company":"Nord"}: signed in true; after the next page true, {"company":"Nord"}; entries that are kept 3
{"company":"Reederei \"Nord\""}: signed in true; after the next page false, null; entries that are kept 0
{"address":"Am Kai 1\nKiel"}: signed in true; after the next page true, {"address":"Am Kai 1nKiel"}; entries that are kept 3
an interval of 600, sign-in: signed in true, timers 0; rendered anew: timers 1, every 600 minutes
an opaque refresh token: signIn() gives true; signed in false
an interval of -1: Refresh interval is a time in seconds
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-auth-kit-quote-signs-out no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
