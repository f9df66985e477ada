#!/usr/bin/env bash
# cookie-session 2.1.1 with cookies 0.9.1, maxAge and a new key put before the old one, as both READMEs tell to rotate.
# Expected: the first of the keys signs, and the others are there to verify, so that a session signed with the old key
# goes on, for as long, and in the same place, as it was set.
# Seen: a session that is read with the old key is answered with a signature of the new one, in a cookie that has
# neither the maxAge nor the path nor the domain of the session's. When the browser is closed the signature is gone and
# the session of thirty days is left without one: a guest. With a domain, or a path, the browser keeps two signatures,
# and sends the wrong one after the old key is removed, or in front of the session that was set since.
# Why it matters: a rotation of the keys, whose second key is there so that nobody notices, signs out everybody who
# asked to be remembered, weeks before the old key is removed. After a rotation change the session once for each
# visitor.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error cookie-session@2.1.1 cookies@0.9.1 >/dev/null

cat >probe.mjs <<'JS'
import { createServer } from "node:http";
import cookieSession from "cookie-session";

const MONTH = 30 * 24 * 3_600_000;
const shop = async (keys, place) => {
  const session = cookieSession({ name: "session", keys, maxAge: MONTH, ...place });
  const server = createServer((request, answer) =>
    session(request, answer, () => {
      if (request.url === "/shop/sign-in") request.session.customer = "buyer";
      answer.end(request.session.customer ?? "a guest");
    }),
  );
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}/shop`;
};
/** A browser at shop.example/shop: a cookie is known by its name, domain and path (RFC 6265, 5.3). */
const browser = () => {
  let jar = [];
  return {
    get: async (url) => {
      const answer = await fetch(url, { headers: { cookie: jar.map(({ name, value }) => `${name}=${value}`).join("; ") } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair, ...rest] = line.split("; ");
        const [name, value] = pair.split(/=(.*)/s);
        const told = Object.fromEntries(rest.map((part) => part.split("=")));
        const place = `${told.domain ?? "this host"}, ${told.path}`;
        jar = [...jar.filter((other) => other.name !== name || other.place !== place), { name, value, place, kept: "expires" in told }];
      }
      return answer.text();
    },
    close: () => void (jar = jar.filter(({ kept }) => kept)),
    show: () => jar.map(({ name, place, kept }) => `${name} (${place}, ${kept ? "thirty days" : "until the browser is closed"})`).join(" and "),
  };
};
for (const place of [{}, { domain: "shop.example" }, { path: "/shop" }]) {
  const [before, during, after] = await Promise.all([shop(["old"], place), shop(["new", "old"], place), shop(["new"], place)]);
  const at = Object.entries(place)[0]?.join(" ") ?? "neither domain nor path";
  const first = browser();
  console.log(`${at}: ${await first.get(`${before}/sign-in`)}; keys rotated: ${await first.get(during)}, with ${first.show()}`);
  first.close();
  console.log(`${at}: the browser closed and opened: ${await first.get(during)}`);
  const second = browser();
  await second.get(`${before}/sign-in`);
  await second.get(during);
  console.log(`${at}: the browser left open, the old key removed: ${await second.get(after)}`);
}
process.exit();
JS

cat >expected <<'TEXT'
neither domain nor path: buyer; keys rotated: buyer, with session (this host, /, thirty days) and session.sig (this host, /, until the browser is closed)
neither domain nor path: the browser closed and opened: a guest
neither domain nor path: the browser left open, the old key removed: buyer
domain shop.example: buyer; keys rotated: buyer, with session (shop.example, /, thirty days) and session.sig (shop.example, /, thirty days) and session.sig (this host, /, until the browser is closed)
domain shop.example: the browser closed and opened: buyer
domain shop.example: the browser left open, the old key removed: a guest
path /shop: buyer; keys rotated: buyer, with session (this host, /shop, thirty days) and session.sig (this host, /shop, thirty days) and session.sig (this host, /, until the browser is closed)
path /shop: the browser closed and opened: buyer
path /shop: the browser left open, the old key removed: a guest
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: cookies-key-rotation-ends-remember-me no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
