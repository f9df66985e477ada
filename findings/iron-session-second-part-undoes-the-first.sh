#!/usr/bin/env bash
# iron-session 8.0.4, getIronSession(request, response, options), save(), destroy() and updateConfig() as its README
# shows them, in two parts of one request: a middleware that renews the token, or signs out, and the page.
# Expected: the session of a request is one. What the middleware has saved is in what the page gets, or at least stays
# in what the page saves; after destroy() there is nothing. What updateConfig() said of the cookie holds until it is
# said anew.
# Seen: each call reads the cookie that came with the request, and not the one that was set for the answer. The page
# sees the old refresh token, and its save(), for an article in the cart, puts it back over the new one: the next
# renewal is refused. After a destroy() the page's save() restores all that was there, and the customer is signed in.
# The two cookies are both sent, and the last one counts. A session that was to end with the browser (maxAge undefined)
# is one for fourteen days from the next save() on.
# Why it matters: either part works by itself, and so do both while nobody has to renew. Get the session once per
# request and hand it on.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error iron-session@8.0.4 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import { getIronSession } from "iron-session";

const options = { password: "a password that is long enough for iron", cookieName: "session", cookieOptions: { secure: false } };
const untilClosed = { ...options, cookieOptions: { ...options.cookieOptions, maxAge: undefined } };
const middleware = {
  "/sign-in": async (session) => {
    Object.assign(session, { token: "first", cart: [] });
    await session.save();
  },
  "/sign-in-until-closed": async (session) => {
    Object.assign(session, { token: "first", cart: [] });
    session.updateConfig(untilClosed);
    await session.save();
  },
  "/renewed-and-add": async (session) => {
    session.token = "second";
    await session.save();
  },
  "/signed-out-and-message": async (session) => session.destroy(),
};
const page = async (url, session) => {
  if (url.endsWith("add")) session.cart = [...session.cart, "lamp"];
  else if (url.endsWith("message")) session.message = "see you soon";
  else return;
  await session.save();
};
const server = createServer(async (request, answer) => {
  await middleware[request.url]?.(await getIronSession(request, answer, options));
  const session = await getIronSession(request, answer, options);
  await page(request.url, session);
  answer.end(JSON.stringify(session));
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
let jar;
const get = async (path) => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers: jar ? { cookie: jar } : {} });
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) jar = cookies.at(-1).split(";")[0];
  const life = /max-age=(\d+)/i.exec(cookies.at(-1) ?? "")?.[1];
  return { seen: await answer.text(), cookies: cookies.length, life: life ? `${Math.round(life / 86400)} days` : "until the browser is closed" };
};
for (const path of ["/renewed-and-add", "/signed-out-and-message"]) {
  jar = undefined;
  await get("/sign-in");
  const { seen, cookies } = await get(path);
  console.log(`${path}: the page sees ${seen}, ${cookies} cookies; the next request has ${(await get("/")).seen}`);
}
jar = undefined;
const { life } = await get("/sign-in-until-closed");
console.log(`signed in ${life}; after an article for ${(await get("/add")).life}`);
process.exit();
JS

cat >expected <<'TEXT'
/renewed-and-add: the page sees {"token":"first","cart":["lamp"]}, 2 cookies; the next request has {"token":"first","cart":["lamp"]}
/signed-out-and-message: the page sees {"token":"first","cart":[],"message":"see you soon"}, 2 cookies; the next request has {"token":"first","cart":[],"message":"see you soon"}
signed in until the browser is closed; after an article for 14 days
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: iron-session-second-part-undoes-the-first no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
