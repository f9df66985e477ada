#!/usr/bin/env bash
# axios-mock-adapter 2.1.0 with axios 1.21.1 and axios-retry 4.5.0, networkError(), reply() and withDelayInMs() as its
# README shows them, beside a server.
# Expected: what the code under test sees is what axios gives: error.code (ERR_NETWORK, ERR_BAD_REQUEST …), headers in
# small letters, as HTTP clients have them, and a rejection at the moment of an abort.
# Seen: no error has a code: neither the network's nor the one of a status. axios-retry takes an error without a code for
# no network error, so a POST whose connection is cut is repeated twice over the real network, and never under the mock.
# Headers keep the letters in which the test wrote them: headers["retry-after"] is undefined. An abort is told when the
# answer's delay is over.
# Why it matters: the test that an order is not sent again passes, and the shop sends it three times; the test of a
# Retry-After, or of the message for a lost connection, fails or passes for the wrong reason. Such tests need a server.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error axios-mock-adapter@2.1.0 axios@1.21.1 axios-retry@4.5.0 >/dev/null

cat >probe.mjs <<'JS'
import http from "node:http";
import axios from "axios";
import MockAdapter from "axios-mock-adapter";
import axiosRetry, { isNetworkError } from "axios-retry";

const server = http.createServer((request, answer) => {
  if (request.url === "/cut") return request.socket.destroy();
  if (request.url === "/late") return setTimeout(() => answer.end("{}"), 500);
  answer.writeHead(Number(request.url.slice(1)), { "Retry-After": "3", "content-type": "application/json" }).end("{}");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const real = () => axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
const mocked = () => {
  const client = axios.create({ baseURL: "http://shop.example" });
  const mock = new MockAdapter(client);
  mock.onAny("/cut").networkError();
  mock.onGet("/late").withDelayInMs(500).reply(200, {});
  for (const status of [200, 401, 503]) mock.onGet(`/${status}`).reply(status, {}, { "Retry-After": "3" });
  return client;
};
const told = (work) => work.then((response) => response, (error) => error);
for (const [name, open] of [["a server", real], ["the mock", mocked]]) {
  console.log(name);
  for (const path of ["/401", "/503", "/cut"]) {
    const error = await told(open().get(path));
    console.log(`  ${path}: code ${error.code}, a network error for axios-retry ${isNetworkError(error)}`);
  }
  const retried = open();
  let tries = 0;
  axiosRetry(retried, { retries: 2, onRetry: () => (tries += 1) });
  await told(retried.post("/cut", { order: "lamp" }));
  console.log(`  a POST to /cut with axios-retry: repeated ${tries} times`);
  const { headers } = await open().get("/200");
  console.log(`  the header: ["retry-after"] ${headers["retry-after"]}, ["Retry-After"] ${headers["Retry-After"]}, get() ${headers.get ? headers.get("Retry-After") : "is not there"}`);
  const controller = new AbortController();
  const from = performance.now();
  const call = told(open().get("/late", { signal: controller.signal }));
  setTimeout(() => controller.abort(), 50);
  const end = await call;
  console.log(`  an abort after 50 of 500 ms: ${end.code}, told at once ${performance.now() - from < 400}`);
}
server.closeAllConnections();
server.close();
JS

cat >expected <<'TEXT'
a server
  /401: code ERR_BAD_REQUEST, a network error for axios-retry false
  /503: code ERR_BAD_RESPONSE, a network error for axios-retry false
  /cut: code ECONNRESET, a network error for axios-retry true
  a POST to /cut with axios-retry: repeated 2 times
  the header: ["retry-after"] 3, ["Retry-After"] undefined, get() 3
  an abort after 50 of 500 ms: ERR_CANCELED, told at once true
the mock
  /401: code undefined, a network error for axios-retry false
  /503: code undefined, a network error for axios-retry false
  /cut: code undefined, a network error for axios-retry false
  a POST to /cut with axios-retry: repeated 0 times
  the header: ["retry-after"] undefined, ["Retry-After"] 3, get() 3
  an abort after 50 of 500 ms: ERR_CANCELED, told at once false
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axios-mock-adapter-errors-have-no-code no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
