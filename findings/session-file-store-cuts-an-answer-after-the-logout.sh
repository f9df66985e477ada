#!/usr/bin/env bash
# session-file-store 1.5.0 with express-session 1.19.0 and express 5.3.0; its options as they come but for the path.
# Expected: a request that reads the session, and ends after the visitor has signed out in another tab, gets its answer.
# A session that is not there any more has nothing to touch; so it is with the store in memory.
# Seen: touch() fails with ENOENT. express-session hands that to the error handlers when the headers are sent, and
# what Express does there is to cut the connection: a download arrives in part. Before that the end of the answer
# waits for six attempts to read the file, as does every request with the cookie of an ended session.
# Why it matters: signing out in one tab while another loads a long list is common, and shows as a broken
# connection far from its cause. Where a session has ended a store says so, and that is no fault.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error session-file-store@1.5.0 express-session@1.19.0 express@5.3.0 >/dev/null

cat >probe.mjs <<'JS'
import { request } from "node:http";
import { mkdtempSync } from "node:fs";
import express from "express";
import session from "express-session";
import createFileStore from "session-file-store";

const FileStore = createFileStore(session);
const size = 50_000_000;
console.error = () => {};

const visit = async (name, store, doesLogOut) => {
  const app = express();
  const told = [];
  let attempts = 0;
  app.use(session({ secret: "secret", resave: false, saveUninitialized: false, store: store(() => (attempts += 1)) }));
  let begun, goOn, ended;
  const reached = new Promise((done) => (begun = done));
  const held = new Promise((done) => (goOn = done));
  const over = new Promise((done) => (ended = done));
  app.post("/login", (req, res) => {
    req.session.user = "Bea";
    res.end();
  });
  app.post("/logout", (req, res) => req.session.destroy(() => res.end()));
  app.get("/report", async (_req, res) => {
    res.once("close", ended);
    begun();
    await held;
    res.end(Buffer.alloc(size));
  });
  app.use((error, _req, res, next) => {
    told.push(`${error.code}, headers ${res.headersSent ? "sent" : "not sent"}`);
    next(error);
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  let cookie = "";
  const send = (method, path, read) =>
    new Promise((done) => {
      const sent = request({ port, path, method, headers: { cookie } }, (res) => {
        cookie = res.headers["set-cookie"]?.[0].split(";")[0] ?? cookie;
        read(res, done);
      });
      sent.on("error", ({ code }) => done(code));
      sent.end();
    });
  const readAll = (res, done) => res.on("end", done).resume();
  await send("POST", "/login", readAll);
  const report = send("GET", "/report", async (res, done) => {
    // A line that is slower than the server: it takes what comes once the server is done with the answer.
    if (doesLogOut && told.length === 0) await Promise.race([over, new Promise((wait) => setTimeout(wait, 2_000))]);
    let count = 0;
    res.on("data", ({ length }) => (count += length));
    res.on("error", () => {});
    res.on("close", () => done(count === size ? "whole" : "cut"));
  });
  await reached;
  attempts = 0;
  if (doesLogOut) await send("POST", "/logout", readAll);
  goOn();
  console.log(`${name}, ${doesLogOut ? "a logout meanwhile" : "no logout"}: the answer is ${await report}; attempts that failed ${attempts}; the error handler is told ${told.join("; ") || "nothing"}`);
  server.closeAllConnections();
  server.close();
};
const files = (count) => new FileStore({ path: mkdtempSync("./sessions-"), reapInterval: -1, logFn: count });
for (const doesLogOut of [false, true]) {
  await visit("in memory", () => new session.MemoryStore(), doesLogOut);
  await visit("in files", files, doesLogOut);
}
process.exit();
JS

cat >expected <<'TEXT'
in memory, no logout: the answer is whole; attempts that failed 0; the error handler is told nothing
in files, no logout: the answer is whole; attempts that failed 0; the error handler is told nothing
in memory, a logout meanwhile: the answer is whole; attempts that failed 0; the error handler is told nothing
in files, a logout meanwhile: the answer is cut; attempts that failed 5; the error handler is told ENOENT, headers sent
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: session-file-store-cuts-an-answer-after-the-logout no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
