#!/usr/bin/env bash
# alova 3.5.5, createServerTokenAuthentication() with refreshTokenOnSuccess: a call that meets a 401 is made again
# once the token has been renewed.
# Expected: the caller gets what the repeat was answered with, whatever it is.
# Seen: where that is empty (204), 0, false or an empty text, the repeat has been made and worked on
# the server, and the caller is given the first answer, the 401. An answer with content is given as it is.
# Why it matters: deleting an item, leaving a list, counting a basket: who is told "sign in first" does it
# again. Whether there is a second answer must not be read from its value.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error alova@3.5.5 >/dev/null

cat >probe.mjs <<'JS'
import { createAlova } from "alova";
import { createServerTokenAuthentication } from "alova/client";
import adapterFetch from "alova/fetch";

let token;
let done;
const answers = {
  "/order": () => Response.json({ id: 7 }, { status: 201 }),
  "/item": () => new Response(null, { status: 204 }),
  "/count": () => Response.json(0),
  "/newsletter": () => Response.json(false),
};
globalThis.fetch = async (url, { method, headers }) => {
  const path = new URL(url).pathname;
  if (new Headers(headers).get("authorization") !== "token-2") return Response.json({}, { status: 401 });
  done.push(`${method} ${path}`);
  return answers[path]();
};
const { onAuthRequired, onResponseRefreshToken } = createServerTokenAuthentication({
  refreshTokenOnSuccess: { isExpired: ({ status }) => status === 401, handler: async () => void (token = "token-2") },
  assignToken: (method) => void (method.config.headers.authorization = token),
});
const responded = async (response) => {
  if (!response.ok) throw new Error(`refused with ${response.status}`);
  return response.status === 204 ? null : response.json();
};
const api = createAlova({
  baseURL: "https://api.example",
  requestAdapter: adapterFetch(),
  cacheFor: null,
  beforeRequest: onAuthRequired(),
  responded: onResponseRefreshToken(responded),
});
const calls = [() => api.Post("/order", {}), () => api.Delete("/item"), () => api.Get("/count"), () => api.Put("/newsletter", {})];
for (const first of ["token-2", "token-1"]) {
  for (const call of calls) {
    token = first;
    done = [];
    const told = await call().send().then(JSON.stringify, ({ message }) => message);
    console.log(`${first}: the server has done ${done.join(", ")}; the caller is told ${told}`);
  }
}
JS

cat >expected <<'TEXT'
token-2: the server has done POST /order; the caller is told {"id":7}
token-2: the server has done DELETE /item; the caller is told null
token-2: the server has done GET /count; the caller is told 0
token-2: the server has done PUT /newsletter; the caller is told false
token-1: the server has done POST /order; the caller is told {"id":7}
token-1: the server has done DELETE /item; the caller is told refused with 401
token-1: the server has done GET /count; the caller is told refused with 401
token-1: the server has done PUT /newsletter; the caller is told refused with 401
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: alova-repeats-and-tells-of-the-401 no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
