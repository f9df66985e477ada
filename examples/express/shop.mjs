// A shop that is rendered by Express. API_URL is the platform's address; REDIS_URL where several processes serve it.

import express from "express";
import { createClient } from "redis";
import { redisStore } from "storefront-session/redis";
import { SessionServer, memoryStore } from "storefront-session/server";

import { page } from "./page.mjs";

const { API_URL, REDIS_URL, PORT = 3000, NODE_ENV } = process.env;
const tenant = "acme";

async function store() {
  if (!REDIS_URL) return memoryStore();
  const client = createClient({ url: REDIS_URL, disableOfflineQueue: true });
  client.on("error", ({ message }) => console.error(message));
  return redisStore({ client: await client.connect() });
}

const sessions = new SessionServer({
  tenant,
  clientId: "storefront",
  apiUrl: API_URL,
  store: await store(),
  cookie: { secure: NODE_ENV === "production" },
});

const app = express();
app.use(express.urlencoded({ extended: false }));

// Who it is; and once the answer begins, what it must tell the browser.
app.use(async (request, response, next) => {
  const visitor = await sessions.visit(request.headers.cookie);
  const { writeHead } = response;
  response.writeHead = (...head) => {
    if (visitor.setCookie) response.append("Set-Cookie", visitor.setCookie);
    return writeHead.apply(response, head);
  };
  response.locals.session = visitor.session;
  next();
});

const json = async (answer) => {
  if (!answer.ok) throw Object.assign(new Error(`the platform answers ${answer.status}`), { status: 502 });
  return answer.status === 204 ? undefined : answer.json();
};
const headers = { "Content-Type": "application/json" };

async function cartOf(session) {
  return json(await session.fetch(`/cart/${tenant}/carts?siteCode=main&create=true`));
}

app.get("/", async (request, response) => {
  const { session } = response.locals;
  const products = await json(await session.fetch(`/product/${tenant}/products`));
  // A visitor who has not begun has no cart, and must not get a session for looking.
  const { kind, sessionId, legalEntityId } = session.getSnapshot();
  const { items = [] } = sessionId ? await cartOf(session) : {};
  const companies = kind === "customer" ? await session.legalEntities() : [];
  response.send(page({ products, items, kind, companies, legalEntityId, message: request.query.message }));
});

app.post("/cart", async ({ body }, response) => {
  const { session } = response.locals;
  const products = await json(await session.fetch(`/product/${tenant}/products`));
  const product = products.find(({ id }) => id === body.product);
  const { id } = await cartOf(session);
  const item = JSON.stringify({ itemYrn: product.yrn, price: product.price, quantity: 1 });
  await json(await session.fetch(`/cart/${tenant}/carts/${id}/items?siteCode=main`, { method: "POST", headers, body: item }));
  response.redirect(303, "/");
});

app.post("/login", async ({ body: { email, password } }, response) => {
  const { session } = response.locals;
  const guest = session.getSnapshot().sessionId ? await cartOf(session) : undefined;
  await session.login({ email, password });
  const { id } = await cartOf(session);
  // The guest's cart becomes the customer's.
  if (guest && guest.id !== id) {
    await session.fetch(`/cart/${tenant}/carts/${id}/merge`, { method: "POST", headers, body: JSON.stringify({ carts: [guest.id] }) });
  }
  response.redirect(303, "/");
});

app.post("/company", async ({ body }, response) => {
  await response.locals.session.switchLegalEntity(body.company || null);
  response.redirect(303, "/");
});

app.post("/logout", async (request, response) => {
  await response.locals.session.logout();
  response.redirect(303, "/");
});

// What may pass is worth another try: the visitor is told, and nothing is lost.
const told = {
  invalid_credentials: "E-mail or password is wrong.",
  legal_entity_refused: "You do not buy for this company.",
  aborted: "You have signed in or out meanwhile.",
};
app.use((error, request, response, _next) => {
  const { code, retryable, status = 500 } = error;
  const message = told[code] ?? (retryable ? "That did not work. Please try again." : undefined);
  if (!message) console.error(error);
  if (message && request.method === "POST") response.redirect(303, `/?message=${encodeURIComponent(message)}`);
  else response.status(retryable ? 503 : status).send(message ?? "Something is wrong.");
});

const server = app.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
