#!/usr/bin/env bash
# parse 8.6.2 (Parse JavaScript SDK), its options as they come; the server answers a POST with 500 or 503.
# Expected: a POST is sent once, and who made it is told of the failure: HTTP lets a client repeat on its own what is
# idempotent (RFC 9110, 9.2.2), and Retry-After says when. So it is here after a lost connection.
# Seen: a cloud function, an object that is created and a login are each sent five times in less than four seconds,
# with a Retry-After of 30 seconds too. All five are the same for the server: the id that would let it know them
# again is sent with `Parse.idempotency = true` only. The repeats are not called off by a logOut() either: they go on
# with the session token of before.
# Why it matters: an order whose confirmation mail failed, told as 500, is placed five times. Whether a step may
# be repeated is known to the one who wrote it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error parse@8.6.2 >/dev/null

cat >probe.mjs <<'JS'
import Parse from "parse/node";

// The pauses between the attempts are not waited for, only added up.
const real = globalThis.setTimeout;
let pauses = 0;
globalThis.setTimeout = (act, delay = 0) => ((pauses += delay), real(act, 0));

Parse.initialize("shop");
Parse.serverURL = "https://shop.example/parse";
Parse.User.enableUnsafeCurrentUser();
let sent;
let answer;
globalThis.fetch = async (url, { body, headers }) => {
  const path = new URL(url).pathname.replace("/parse/", "");
  if (path === "logout") return Response.json({});
  const { _SessionToken: token } = JSON.parse(body);
  sent.push({ path, token: token ?? "nobody", id: headers["X-Parse-Request-Id"] });
  return answer(path);
};
const failed = (status) => () => Response.json({ code: 1, error: "failed" }, { status, headers: { "retry-after": "30" } });
const show = (name, end) => {
  const ids = new Set(sent.map(({ id }) => id).filter(Boolean)).size;
  console.log(`${name}: sent ${sent.length} times as ${[...new Set(sent.map(({ token }) => token))].join(", ")}, ids ${ids}, within 4 s ${pauses < 4_000}; ${end}`);
};
const run = async (name, reply, work, meanwhile) => {
  sent = [];
  pauses = 0;
  answer = reply;
  const ends = work().then(() => "resolves", () => "rejects");
  await meanwhile?.();
  show(name, await ends);
};
const order = () => Parse.Cloud.run("placeOrder", { cart: 7 });
await run("a cloud function, 500", failed(500), order);
await run("a new object, 503", failed(503), () => new Parse.Object("Order").save({ cart: 7 }));
await run("a login, 503", failed(503), () => Parse.User.logIn("bea", "password"));
await run("a cloud function, connection lost", () => Promise.reject(new TypeError("fetch failed")), order);
Parse.idempotency = true;
await run("a cloud function, 500, idempotency", failed(500), order);
Parse.idempotency = false;
answer = () => Response.json({ objectId: "1", username: "bea", sessionToken: "r:bea" });
sent = [];
await Parse.User.logIn("bea", "password");
let count = 0;
await run("a cloud function, 500, logOut() after the first", (path) => failed(500)(path, (count += 1)), order, async () => {
  while (!count) await new Promise((done) => setImmediate(done));
  await Parse.User.logOut();
});
process.exit();
JS

cat >expected <<'TEXT'
a cloud function, 500: sent 5 times as nobody, ids 0, within 4 s true; rejects
a new object, 503: sent 5 times as nobody, ids 0, within 4 s true; rejects
a login, 503: sent 5 times as nobody, ids 0, within 4 s true; rejects
a cloud function, connection lost: sent 1 times as nobody, ids 0, within 4 s true; rejects
a cloud function, 500, idempotency: sent 5 times as nobody, ids 1, within 4 s true; rejects
a cloud function, 500, logOut() after the first: sent 5 times as r:bea, ids 0, within 4 s true; rejects
TEXT

node probe.mjs 2>trouble >seen || { cat trouble; exit 1; }
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: parse-posts-five-times no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
