// The sessions of this process, and who sent the request that is rendered.

import { cookies, headers } from "next/headers";
import { cache } from "react";
import { createClient } from "redis";
import { redisStore } from "storefront-session/redis";
import { SessionServer, memoryStore } from "storefront-session/server";

const { API_URL, REDIS_URL } = process.env;
export const tenant = "acme";
export const clientId = "storefront";
const cookie = { name: "shop", secure: process.env.SECURE_COOKIE !== "no" };

async function store() {
  if (!REDIS_URL) return memoryStore();
  const client = createClient({ url: REDIS_URL, disableOfflineQueue: true });
  client.on("error", ({ message }) => console.error(message));
  return redisStore({ client: await client.connect() });
}

/** One for the process, whichever bundle asks first; not at the build. */
const sessions = () => (globalThis.shopSessions ??= store().then((store) => new SessionServer({ tenant, clientId, apiUrl: API_URL, store, cookie })));

/** The visitor, once for each request. */
export const visit = cache(async () => (await sessions()).visit((await headers()).get("cookie")));

/** In actions and route handlers: what a call has changed of the name goes into the answer. Server components cannot, and need not. */
export async function keepName(visitor) {
  const { setCookie } = visitor;
  if (!setCookie) return;
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(setCookie);
  const maxAge = Number(/Max-Age=(\d+)/.exec(setCookie)[1]);
  (await cookies()).set(name, value, { httpOnly: true, path: "/", sameSite: "lax", secure: cookie.secure, maxAge });
}

export async function json(answer) {
  if (!answer.ok) throw new Error(`the platform answers ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

export const cartOf = async (session) => json(await session.fetch(`/cart/${tenant}/carts?siteCode=main&create=true`));

export const post = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
