#!/usr/bin/env bash
# @sidebase/nuxt-auth 1.3.1, provider "local" with `refresh.isEnabled`: its server plugin, which runs for each
# page that is rendered on the server, and refresh() of useAuth().
# Expected: a token that is good is used; one that has ended is renewed; where the platform is away for a moment
# the page is rendered without a session and the cookies stay. A header that has no value is left out.
# Seen: every rendered page renews, however good the access token is: two pages that are opened together
# send the same refresh token twice. One renewal that is not answered, or is answered with 503, empties both
# cookies: the visitor is signed out. And where the access token's cookie has ended (which is when a renewal is
# due) refresh() sends "Authorization: null".
# Why it matters: opening a product in a new tab, or a crawl of prefetched links, is enough for a platform
# that takes each refresh token once. Nuxt's own modules are replaced by stubs of a few lines here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error requrl@3.0.2 ufo@1.6.4 vue@3.5.22 >/dev/null
archive=$(npm pack --silent @sidebase/nuxt-auth@1.3.1)
mkdir -p node_modules/@sidebase/nuxt-auth
tar xzf "$archive" -C node_modules/@sidebase/nuxt-auth --strip-components=1

cat >nuxt.mjs <<'JS'
import { ref } from "vue";

export const page = {};
const provider = {
  type: "local",
  endpoints: { getSession: { path: "/session", method: "get" } },
  token: { signInResponseTokenPointer: "/token", type: "Bearer", headerName: "Authorization", cookieName: "auth.token", maxAgeInSeconds: 300 },
  session: { dataResponsePointer: "/" },
  refresh: {
    isEnabled: true,
    endpoint: { path: "/refresh", method: "post" },
    refreshOnlyToken: false,
    token: { signInResponseRefreshTokenPointer: "/refreshToken", refreshRequestTokenPointer: "/refreshToken", refreshResponseTokenPointer: "", cookieName: "auth.refresh-token", maxAgeInSeconds: 86_400 },
  },
};
export const useRuntimeConfig = () => ({ public: { auth: { baseURL: "https://shop.example", disableInternalRouting: true, provider } } });
export const useNuxtApp = () => ({});
export const useRequestEvent = () => undefined;
export const useRoute = () => ({});
export const navigateTo = async () => {};
export const nextTick = async (act) => act?.();
export const useRouter = () => {};
export const onMounted = () => {};
export const defineNuxtPlugin = (plugin) => plugin;
export const callWithNuxt = (_nuxt, act) => act();
export const useCookie = (name) => (page.cookies[name] ??= ref(null));
export const useState = (name, initial) => (page.states[name] ??= ref(initial?.()));
export { useAuthState } from "./node_modules/@sidebase/nuxt-auth/dist/runtime/composables/local/useAuthState.js";
JS

cat >probe.mjs <<'JS'
import { register } from "node:module";

const nuxt = new URL("./nuxt.mjs", import.meta.url).href;
register(`data:text/javascript,${encodeURIComponent(`export const resolve = (name, context, next) => /^#(imports|app.*)$/.test(name) ? { url: ${JSON.stringify(nuxt)}, shortCircuit: true } : next(name, context);`)}`);
const { page } = await import(nuxt);
const runtime = "./node_modules/@sidebase/nuxt-auth/dist/runtime/";
const { default: plugin } = await import(`${runtime}plugins/refresh-token.server.js`);
const { useAuth } = await import(`${runtime}composables/local/useAuth.js`);
const { ref, nextTick } = await import("vue");
console.error = () => {};

let sent;
let answer;
globalThis.$fetch = {
  raw: async (url, { headers, body }) => {
    const path = new URL(url).pathname;
    const bearer = new Headers(headers).get("authorization");
    sent.push(path === "/refresh" ? `renewal with ${body.refreshToken}, Authorization ${bearer ?? "left out"}` : "session");
    if (path === "/refresh") await new Promise((done) => setImmediate(done));
    return { _data: path === "/refresh" ? answer() : { name: "Bea" } };
  },
};
const open = (access) => {
  page.cookies = { "auth.token": ref(access), "auth.refresh-token": ref("refresh-1") };
  page.states = {};
};
const cookies = async () => {
  await nextTick();
  return Object.values(page.cookies).map((it) => it.value ?? "empty").join(" and ");
};
const good = () => ({ token: "access-2", refreshToken: "refresh-2" });
const scenario = async (name, access, reply, act) => {
  sent = [];
  answer = reply;
  open(access);
  await act();
  console.log(`${name}: ${sent.join("; ")}; cookies: ${await cookies()}`);
};
const render = () => plugin.setup({});
await scenario("a page is rendered, the token is good", "access-1", good, render);
await scenario("two pages are opened together", "access-1", good, () => Promise.all([render(), (open("access-1"), render())]));
await scenario("a page is rendered, the platform answers 503", "access-1", () => { throw new Error("503"); }, render);
await scenario("refresh(), the access token's cookie has ended", null, good, () => useAuth().refresh());
JS

cat >expected <<'TEXT'
a page is rendered, the token is good: renewal with refresh-1, Authorization Bearer access-1; cookies: access-2 and refresh-2
two pages are opened together: renewal with refresh-1, Authorization Bearer access-1; renewal with refresh-1, Authorization Bearer access-1; cookies: access-2 and refresh-2
a page is rendered, the platform answers 503: renewal with refresh-1, Authorization Bearer access-1; cookies: empty and empty
refresh(), the access token's cookie has ended: renewal with refresh-1, Authorization null; session; cookies: access-2 and refresh-2
TEXT

node probe.mjs 2>trouble >seen || { cat trouble; exit 1; }
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: sidebase-nuxt-auth-renews-on-every-page no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
