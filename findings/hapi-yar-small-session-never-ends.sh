#!/usr/bin/env bash
# @hapi/yar 11.0.3 with @hapi/hapi 21.4.10, its options as its API document shows them, and cache.expiresIn.
# Expected: the time that is given ends every session, those in use excepted: whether a session is kept in the cookie or
# on the server is a matter of its size only, as the document says, and revoke(id) ends either.
# Seen: expiresIn holds for what is on the server, and nothing ends what fits into the cookie, for it is sealed without
# an end: a signed-in customer with an empty cart stays so for months, in a browser that restores its tabs, and
# server.yar.revoke() does nothing to him. One with a full cart is a guest after a day, counted from his last change and
# not from his last visit, though he looked in meanwhile; and reads do not renew him.
# Why it matters: a test with a small session sees neither end; the customer with the larger cart loses it, and his
# login. Set maxCookieSize to 0 to have one kind only, and touch() in a hook.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @hapi/yar@11.0.3 @hapi/hapi@21.4.10 >/dev/null

cat >probe.mjs <<'JS'
import Hapi from "@hapi/hapi";
import Yar from "@hapi/yar";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const open = async (options) => {
  const server = Hapi.server();
  await server.register({ plugin: Yar, options: { storeBlank: false, cache: { expiresIn: 2000 }, cookieOptions: { password: "a password that is long enough for iron", isSecure: false }, ...options } });
  server.route([
    {
      method: "GET",
      path: "/sign-in/{articles}",
      handler: ({ yar, params }) => {
        yar.set({ customer: "buyer", cart: Array.from({ length: params.articles }, (_, index) => ({ id: `article-${index}`, quantity: 1 })) });
        return yar.id;
      },
    },
    { method: "GET", path: "/", handler: ({ yar }) => yar.get("customer") ?? "a guest" },
  ]);
  await server.initialize();
  return server;
};
for (const [kind, articles, options] of [["one article", 1], ["forty articles", 40], ["one article, maxCookieSize 0", 1, { maxCookieSize: 0 }]]) {
  const server = await open(options);
  const signIn = async () => {
    const answer = await server.inject(`/sign-in/${articles}`);
    const cookie = answer.headers["set-cookie"][0].split(";")[0];
    return { id: answer.payload, look: async () => (await server.inject({ url: "/", headers: { cookie } })).payload };
  };
  const ended = await signIn();
  const revoked = await signIn();
  await server.yar.revoke(revoked.id);
  const afterwards = await revoked.look();
  await wait(1200);
  const meanwhile = await ended.look();
  await wait(1200);
  console.log(`${kind}: revoked, then ${afterwards}; two seconds of life, after 1.2 seconds ${meanwhile}, after 2.4 ${await ended.look()}`);
  await server.stop();
}
process.exit();
JS

cat >expected <<'TEXT'
one article: revoked, then buyer; two seconds of life, after 1.2 seconds buyer, after 2.4 buyer
forty articles: revoked, then a guest; two seconds of life, after 1.2 seconds buyer, after 2.4 a guest
one article, maxCookieSize 0: revoked, then a guest; two seconds of life, after 1.2 seconds buyer, after 2.4 a guest
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: hapi-yar-small-session-never-ends no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
