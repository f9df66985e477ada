// One host of the shop, a process of its own: `node host.mjs PLATFORM REDIS`. Prints its address.

import { createServer } from "node:http";

import { createClient } from "redis";
import { redisStore } from "storefront-session/redis";
import { SessionServer } from "storefront-session/server";

const [apiUrl, url] = process.argv.slice(2);
const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 20 } });
client.on("error", () => {});
await client.connect();

let skipped = 0;
const sessions = new SessionServer({
  tenant: "acme",
  clientId: "storefront",
  apiUrl,
  store: redisStore({ client }),
  now: () => Date.now() + skipped,
});

const acts = {
  "/token": ({ session }) => session.accessToken(),
  "/cart": async ({ session }) => (await session.fetch("/cart/acme/carts?siteCode=main&create=true")).status,
  "/products": async ({ session }) => (await session.fetch("/product/acme/products")).status,
  "/login": ({ session }) => session.login({ email: "buyer@example.com", password: "sandbox-pass" }),
  "/logout": ({ session }) => session.logout(),
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://host");
  if (pathname === "/skip") {
    skipped += Number(searchParams.get("seconds")) * 1_000;
    return response.end();
  }
  const visitor = await sessions.visit(request.headers.cookie);
  const answer = {};
  try {
    answer.value = await acts[pathname](visitor);
  } catch ({ code, retryable, message }) {
    Object.assign(answer, { code, retryable, message });
  }
  await visitor.settled();
  answer.snapshot = visitor.session.getSnapshot();
  if (visitor.setCookie) response.setHeader("set-cookie", visitor.setCookie);
  response.end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
