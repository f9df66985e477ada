#!/usr/bin/env bash
# @kinde/js-utils 0.32.1, refreshToken(), which renews in the background from then on.
# Expected: a renewal in the background that meets a 503 or a lost connection is tried again; two calls at
# once send one refresh token once; after the storage is emptied (a sign-out) nothing is stored any more.
# Seen: each call takes the timer away first, and only an answer with tokens sets another. One 503 ends the
# background renewal for the rest of the page, and so does a call by the page that fails, though the timer was
# running well. Two calls at once send the token twice. A renewal that is answered
# after the storage was emptied stores the tokens again, and sets the timer that goes on renewing them.
# Why it matters: a tab that stays open over one moment of the server's maintenance is signed out at the end of the
# access token, with a refresh token that is good.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @kinde/js-utils@0.32.1 >/dev/null

cat >probe.mjs <<'JS'
let timers = new Map();
let count = 0;
globalThis.window = {
  location: { hostname: "shop.example" },
  setTimeout: (act, delay) => (timers.set((count += 1), { act, delay }), count),
  clearTimeout: (id) => void timers.delete(id),
};
globalThis.document = { cookie: "" };
const { MemoryStorage, StorageKeys, refreshToken, setActiveStorage } = await import("@kinde/js-utils");

const turn = async () => {
  for (let times = 0; times < 20; times += 1) await new Promise((done) => setImmediate(done));
};
const jwt = () => ["e30", Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3_600 })).toString("base64url"), "signature"].join(".");
const good = () => Response.json({ access_token: jwt(), id_token: jwt(), refresh_token: "refresh-2", expires_in: 3_600 });
const fire = async () => {
  const [[id, { act }]] = timers;
  timers.delete(id);
  act();
  await turn();
};
const start = async () => {
  timers.clear();
  const storage = new MemoryStorage();
  await storage.setItems({ [StorageKeys.accessToken]: jwt(), [StorageKeys.refreshToken]: "refresh-1" });
  setActiveStorage(storage);
  const sent = [];
  let answer = good;
  globalThis.fetch = async (_url, { body }) => {
    sent.push(new URLSearchParams(body).get("refresh_token"));
    return answer();
  };
  const renew = () => refreshToken({ domain: "https://shop.kinde.com", clientId: "shop" });
  const stored = async () => (await storage.getSessionItem(StorageKeys.refreshToken)) ?? "nothing";
  return { storage, sent, renew, stored, answerWith: (next) => (answer = next) };
};
const show = async (name, { sent, stored }) => console.log(`${name}: sent ${sent.join(", ")}; stored ${await stored()}; timers ${[...timers.values()].map(({ delay }) => `of ${delay / 1000} s`).join(", ") || "none"}`);

for (const [name, fail] of [["503", () => new Response("", { status: 503 })], ["a lost connection", () => Promise.reject(new TypeError("fetch failed"))]]) {
  const it = await start();
  await it.renew();
  await show("a renewal that works", it);
  it.answerWith(fail);
  await fire();
  await show(`the next one, by the timer, meets ${name}`, it);
}
{
  const it = await start();
  await Promise.all([it.renew(), it.renew()]);
  await show("two calls at once", it);
}
{
  const it = await start();
  let answer;
  it.answerWith(() => new Promise((done) => (answer = () => done(good()))));
  const renewal = it.renew();
  await turn();
  await it.storage.destroySession();
  answer();
  await renewal;
  await show("answered after the storage was emptied", it);
}
process.exit();
JS

cat >expected <<'TEXT'
a renewal that works: sent refresh-1; stored refresh-2; timers of 3590 s
the next one, by the timer, meets 503: sent refresh-1, refresh-2; stored refresh-2; timers none
a renewal that works: sent refresh-1; stored refresh-2; timers of 3590 s
the next one, by the timer, meets a lost connection: sent refresh-1, refresh-2; stored refresh-2; timers none
two calls at once: sent refresh-1, refresh-1; stored refresh-2; timers of 3590 s
answered after the storage was emptied: sent refresh-1; stored refresh-2; timers of 3590 s
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: kinde-background-renewal-ends-for-good no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
