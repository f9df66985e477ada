#!/usr/bin/env bash
# express-openid-connect 3.4.0 with express 5.3.0, auth() with appSession in its cookies, and with a session store, as its
# examples show both.
# Expected: a store that cannot be read for a moment fails the page, as under express-session, or shows a guest; the
# session is there for the next page. A session that has become smaller is read as well as before.
# Seen: whatever a read of the store ends with, an error or nothing found (a replica that lags), the request goes on with
# an empty session, and at its end, since it is empty, the cookie is cleared and the session destroyed in the store. In
# cookies a session is cut into pieces; when it shrinks from four to three, or to two, the pieces that are left over stay,
# and are read with the new ones: the whole cannot be decrypted, and the customer is a guest. From two to one it is right.
# Why it matters: one lost connection to Redis signs out all who load a page in that second, for good; and who removes
# articles from a large session, or gets a shorter token, is signed out by it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error express-openid-connect@3.4.0 express@5.3.0 >/dev/null

cat >probe.mjs <<'JS'
import express from "express";
import oidc from "express-openid-connect";

const secret = "a secret that is long enough for the cookie";
const base = { authRequired: false, baseURL: "http://127.0.0.1", clientID: "shop", issuerBaseURL: "https://auth.example", secret };
/** A browser with a jar, at an app whose pages change the session. */
const browser = async (session) => {
  const app = express();
  app.use(oidc.auth({ ...base, session: { cookie: { secure: false }, ...session }, authorizationParams: { response_type: "code", response_mode: "query" }, clientSecret: "shop" }));
  app.get("/begin", (request, answer) => {
    request.appSession.customer = "buyer";
    answer.send("signed in");
  });
  app.get("/note/:length", (request, answer) => {
    request.appSession.note = "x".repeat(Number(request.params.length));
    answer.send("noted");
  });
  app.get("/", (request, answer) => answer.send(request.appSession?.customer ?? "a guest"));
  app.use((error, request, answer, next) => answer.headersSent || answer.status(500).send(error.message));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const jar = new Map();
  const get = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers: { cookie: [...jar].map((pair) => pair.join("=")).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value, rest] = /^([^=]+)=([^;]*);?(.*)$/.exec(line);
      if (/expires=thu, 01 jan 1970/i.test(rest)) jar.delete(name);
      else jar.set(name, value);
    }
    return `${answer.status} ${await answer.text()}`;
  };
  return { get, jar, close: () => (server.closeAllConnections(), server.close()) };
};

for (const failure of ["none", "get() fails once", "get() finds nothing once"]) {
  const kept = new Map();
  let fails = false;
  const store = {
    get: (id, done) => {
      const failed = fails;
      fails = false;
      if (failed && failure.includes("fails")) return done(new Error("connection lost"));
      done(null, failed ? null : kept.get(id));
    },
    set: (id, data, done) => done(null, kept.set(id, structuredClone(data))),
    destroy: (id, done) => done(null, kept.delete(id)),
  };
  const { get, jar, close } = await browser({ store });
  await get("/begin");
  fails = failure !== "none";
  console.log(`a store, ${failure}: ${await get("/")}; then ${await get("/")}; cookies ${jar.size}, sessions in the store ${kept.size}`);
  close();
}
for (const lengths of [[100, 5000], [9000, 8000], [9000, 5000], [9000, 100]]) {
  const { get, jar, close } = await browser({});
  await get("/begin");
  const told = [];
  for (const length of lengths) {
    await get(`/note/${length}`);
    told.push(`${length} characters in ${jar.size} cookies, ${await get("/")}`);
  }
  console.log(`in the cookie, ${told.join("; then ")}`);
  close();
}
process.exit();
JS

cat >expected <<'TEXT'
a store, none: 200 buyer; then 200 buyer; cookies 1, sessions in the store 1
a store, get() fails once: 200 a guest; then 200 a guest; cookies 0, sessions in the store 0
a store, get() finds nothing once: 200 a guest; then 200 a guest; cookies 0, sessions in the store 0
in the cookie, 100 characters in 1 cookies, 200 buyer; then 5000 characters in 2 cookies, 200 buyer
in the cookie, 9000 characters in 4 cookies, 200 buyer; then 8000 characters in 4 cookies, 200 a guest
in the cookie, 9000 characters in 4 cookies, 200 buyer; then 5000 characters in 4 cookies, 200 a guest
in the cookie, 9000 characters in 4 cookies, 200 buyer; then 100 characters in 1 cookies, 200 buyer
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: express-openid-connect-failed-read-ends-the-session no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
