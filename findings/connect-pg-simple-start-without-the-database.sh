#!/usr/bin/env bash
# connect-pg-simple 10.0.0 with express-session 1.19.0, createTableIfMissing as its README shows it, over a pool with the
# methods of pg whose database can be away.
# Expected: "if set to true then creates the table in the case where the table does not already exist". A database that is
# away fails the calls that are made meanwhile; once it is back, so are the sessions, as they are without the option.
# Seen: whether the table is there is asked once, before the first call, and what that ended with is kept. If the database
# was away at that moment, every read and write of a session fails with that old error from then on, without asking the
# database, until the process is started anew. Had the first call been answered, or without the option, all is well.
# Why it matters: shop and database that start together, or a new instance during a fail-over, and each page of this
# instance is an error for good, while the database is healthy and other instances work. Make the table in a migration.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error connect-pg-simple@10.0.0 express-session@1.19.0 express@5.3.0 >/dev/null

cat >probe.mjs <<'JS'
import connect from "connect-pg-simple";
import express from "express";
import session from "express-session";

/** A pool as pg makes one, whose database can be away, and knows one table. */
const database = (isThere) => ({
  isThere,
  hasTable: true,
  rows: new Map(),
  asked: 0,
  async query(text, [sid, expire, id] = []) {
    this.asked += 1;
    if (!this.isThere) throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    if (text.includes("to_regclass")) return { rows: [{ to_regclass: "session" }] };
    if (text.startsWith("INSERT")) this.rows.set(id, JSON.parse(JSON.stringify(sid)));
    if (text.startsWith("SELECT sess")) return { rows: this.rows.has(sid) ? [{ sess: this.rows.get(sid) }] : [] };
    return { rows: [] };
  },
});
const scenario = async (name, options, wasThere) => {
  const pool = database(wasThere);
  const app = express();
  const store = new (connect(session))({ pool, errorLog: () => {}, pruneSessionInterval: false, ...options });
  app.use(session({ store, secret: "secret", resave: false, saveUninitialized: false }));
  app.get("/", (request, answer) => {
    request.session.cart ??= "lamp";
    answer.send("page");
  });
  app.use((error, request, answer, next) => answer.headersSent || answer.status(500).send(error.message));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  let cookie = "";
  const page = async () => {
    pool.asked = 0;
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { cookie } });
    const text = await answer.text();
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return `${answer.status} ${text}, the database was ${pool.asked ? "asked" : "not asked"}`;
  };
  console.log(name);
  console.log(`  first page: ${await page()}`);
  pool.isThere = false;
  console.log(`  the database is away: ${await page()}`);
  pool.isThere = true;
  console.log(`  it is back: ${await page()}; the page after: ${await page()}`);
  server.closeAllConnections();
  server.close();
};
await scenario("the database is there at the start, createTableIfMissing", { createTableIfMissing: true }, true);
await scenario("it comes a second after the shop", {}, false);
await scenario("it comes a second after the shop, createTableIfMissing", { createTableIfMissing: true }, false);
process.exit();
JS

cat >expected <<'TEXT'
the database is there at the start, createTableIfMissing
  first page: 200 page, the database was asked
  the database is away: 500 connect ECONNREFUSED 127.0.0.1:5432, the database was asked
  it is back: 200 page, the database was asked; the page after: 200 page, the database was asked
it comes a second after the shop
  first page: 200 page, the database was asked
  the database is away: 500 connect ECONNREFUSED 127.0.0.1:5432, the database was asked
  it is back: 200 page, the database was asked; the page after: 200 page, the database was asked
it comes a second after the shop, createTableIfMissing
  first page: 200 page, the database was asked
  the database is away: 500 connect ECONNREFUSED 127.0.0.1:5432, the database was not asked
  it is back: 500 connect ECONNREFUSED 127.0.0.1:5432, the database was not asked; the page after: 500 connect ECONNREFUSED 127.0.0.1:5432, the database was not asked
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: connect-pg-simple-start-without-the-database no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
