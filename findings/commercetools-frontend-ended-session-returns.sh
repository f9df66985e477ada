#!/usr/bin/env bash
# @commercetools/frontend-sdk 2.1.1, invalidateSession() ("to prevent zombie sessions", waiting for pending requests), and
# "remember me" on a page that is rendered on the server.
# Expected: what is under way has ended, or counts for nothing, when invalidateSession() resolves. A session that is to be
# remembered is remembered whoever renews it.
# Seen: it waits for the actions of the queue, and an action is in the queue only with `parallel: false`; by default it is not
# waited for, and its answer writes the session's cookie again: the customer is signed in after the logout. Of two
# queued actions the second, which the stop keeps from starting, is waited for in vain for five seconds, and is sent after
# them. And on a server the mark is looked for without the request, so never found: the cookie that a page's answer sets has
# no end, and the customer who asked to be remembered is forgotten with the browser's window.
# Why it matters: on a shared device the next visitor is the customer; and who is remembered depends on which page came last.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error @commercetools/frontend-sdk@2.1.1 >/dev/null

cat >probe.cjs <<'JS'
const { SDK } = require("@commercetools/frontend-sdk");

const cookies = new Map();
const browser = () => {
  cookies.clear();
  globalThis.window = {};
  globalThis.document = {
    get cookie() {
      return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(line) {
      const [name, value] = line.split(";")[0].split("=");
      if (line.includes("Max-Age=-1")) cookies.delete(name);
      else cookies.set(name, value);
    },
  };
};
const sent = [], open = [];
globalThis.fetch = (url) => new Promise((done) => {
  sent.push(new URL(url).pathname.split("/").at(-1));
  open.push(() => done(Response.json({}, { headers: { "Frontastic-Session": "customer" } })));
});
const sdk = new SDK();
sdk.configure({ locale: "en-GB", currency: "GBP", endpoint: "https://shop.example", extensionVersion: "1" });
const turn = () => new Promise((done) => setTimeout(done, 50));
const answer = async () => {
  await turn();
  for (const one of open.splice(0)) one();
  await turn();
};
const show = () => cookies.get("frontastic-session") ?? "nobody";

(async () => {
  for (const parallel of [false, true]) {
    browser();
    sent.length = 0;
    cookies.set("frontastic-session", "customer");
    const action = sdk.callAction({ actionName: "readCart", ...(parallel ? {} : { parallel }) });
    await turn();
    let isOver = false;
    const end = sdk.invalidateSession().then(() => (isOver = true));
    await turn();
    console.log(`an action ${parallel ? "by default" : "in the queue"} is under way, invalidateSession() has ${isOver ? "resolved" : "not resolved"}: ${show()}`);
    await answer();
    await action;
    await end;
    console.log(`  its answer has come: ${show()}`);
  }
  browser();
  sent.length = 0;
  const actions = ["first", "second"].map((actionName) => sdk.callAction({ actionName, parallel: false }));
  await turn();
  const before = Date.now();
  const end = sdk.invalidateSession();
  await answer();
  const early = sent.join(", ");
  await end;
  await turn();
  console.log(`two queued actions: sent ${early}; resolved after ${Math.floor((Date.now() - before) / 5000) ? "five seconds and more" : "less than five seconds"}; then sent ${sent.join(", ")}`);
  await answer();
  await Promise.all(actions);

  delete globalThis.window;
  delete globalThis.document;
  const headers = new Map();
  const serverOptions = { req: { headers: { cookie: "frontastic-session=customer; __rememberMe=1" } }, res: { getHeader: (name) => headers.get(name), setHeader: (name, value) => headers.set(name, value) } };
  const page = sdk.callAction({ actionName: "readPage", serverOptions });
  await answer();
  await page;
  console.log("to be remembered, rendered on the server:", headers.get("Set-Cookie").join());
  browser();
  let line;
  const { set } = Object.getOwnPropertyDescriptor(document, "cookie");
  Object.defineProperty(document, "cookie", { get: () => "frontastic-session=customer; __rememberMe=1", set: (value) => set.call(document, (line = value)) });
  const call = sdk.callAction({ actionName: "readPage" });
  await answer();
  await call;
  console.log("to be remembered, in the browser:", line.replace(/Expires=[^;]*/, "Expires=a date"));
  process.exit();
})();
JS

cat >expected <<'TEXT'
an action in the queue is under way, invalidateSession() has not resolved: customer
  its answer has come: nobody
an action by default is under way, invalidateSession() has resolved: nobody
  its answer has come: customer
two queued actions: sent first; resolved after five seconds and more; then sent first, second
to be remembered, rendered on the server: frontastic-session=customer; Path=/; Secure
to be remembered, in the browser: frontastic-session=customer; Path=/; Expires=a date; Secure
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: commercetools-frontend-ended-session-returns no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
