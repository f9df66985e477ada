#!/usr/bin/env bash
# h3 2.0.8 and 1.15.11, useSession(): what it holds after clear(), within the request that called it.
# Expected: clear() empties the session for the rest of the request as well; what update() adds afterwards (a
# message for the next page, the basket of a new guest) is all that the new cookie holds.
# Seen: after clear() the next access reads the cookie of the request again. An update() brings back
# everything the session held, under the same id, and its Set-Cookie replaces the one that deletes: the visitor
# who signed out and is told "you are signed out" is signed in. Whoever calls useSession() later in that request
# (what renders the page) finds the former customer too.
# Why it matters: a message after a logout is the usual last line of its handler. What a request has ended must be
# remembered for as long as the request lives, because the cookie it came with says otherwise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error h3@2.0.8 h3-former@npm:h3@1.15.11 >/dev/null

cat >probe.mjs <<'JS'
import * as former from "h3-former";
import * as present from "h3";

const config = { password: "a password of 32 characters at least" };
const handlers = (useSession) => ({
  login: async (event) => {
    const session = await useSession(event, config);
    await session.update({ user: "Bea" });
    return {};
  },
  logout: async (event) => {
    const session = await useSession(event, config);
    await session.clear();
    return { rendered: (await useSession(event, config)).data };
  },
  "logout-with-message": async (event) => {
    const session = await useSession(event, config);
    await session.clear();
    await session.update({ message: "you are signed out" });
    return { rendered: session.data };
  },
  session: async (event) => (await useSession(event, config)).data,
});
const apps = {
  "2.0.8": () => {
    const app = new present.H3();
    Object.entries(handlers(present.useSession)).forEach(([name, handle]) => app.get(`/${name}`, handle));
    return (request) => app.fetch(request);
  },
  "1.15.11": () => {
    const app = former.createApp();
    Object.entries(handlers(former.useSession)).forEach(([name, handle]) => app.use(`/${name}`, former.eventHandler(handle), { match: (url) => url === "/" || url === "" }));
    return former.toWebHandler(app);
  },
};
for (const [version, create] of Object.entries(apps)) {
  for (const logout of ["logout", "logout-with-message"]) {
    const handle = create();
    let cookie = "";
    const send = async (path) => {
      const response = await handle(new Request(`https://shop.example/${path}`, { headers: { cookie } }));
      // As a browser does: the last one of a name counts, and an age of 0 deletes.
      for (const line of response.headers.getSetCookie()) cookie = /max-age=0(;|$)/i.test(line) ? "" : line.split(";")[0];
      return response.text();
    };
    await send("login");
    console.log(`${version}, ${logout}: in the request ${await send(logout)}, the next one ${await send("session")}`);
  }
}
JS

cat >expected <<'TEXT'
2.0.8, logout: in the request {"rendered":{"user":"Bea"}}, the next one {}
2.0.8, logout-with-message: in the request {"rendered":{"user":"Bea","message":"you are signed out"}}, the next one {"user":"Bea","message":"you are signed out"}
1.15.11, logout: in the request {"rendered":{"user":"Bea"}}, the next one {}
1.15.11, logout-with-message: in the request {"rendered":{"user":"Bea","message":"you are signed out"}}, the next one {"user":"Bea","message":"you are signed out"}
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: h3-clear-then-update-brings-all-back no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
