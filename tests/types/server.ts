// What TypeScript makes of the package on servers.

import { SessionError, SessionServer, memoryStore } from "storefront-session/server";
import type { Lease, SessionSnapshot, SharedStore, Visitor } from "storefront-session/server";

const store: SharedStore = memoryStore();
const sessions = new SessionServer({
  tenant: "acme",
  clientId: "storefront",
  apiUrl: "https://api.emporix.io",
  context: { siteCode: "main" },
  store,
  cookie: { name: "shop", secure: false, sameSite: "Strict", maxAge: 3_600 },
  encryptionKey: [new Uint8Array(32), "text"],
  sharedPaths: ["product"],
  timeoutMs: 5_000,
  fetch,
  now: () => Date.now(),
  debug: ({ kind, visitor, text }) => console.log(kind, visitor?.slice(0, 4), text),
});

export async function page(request: Request): Promise<Response> {
  const visitor: Visitor = await sessions.visit(request.headers.get("cookie"));
  const { session } = visitor;
  const answer: Response = await session.fetch("/product/acme/products");
  const snapshot: SessionSnapshot = await session.login({ email: "a", password: "b" });
  const headers = new Headers();
  const cookie: string | undefined = visitor.setCookie;
  if (cookie) headers.append("set-cookie", cookie);
  await visitor.settled();
  const shared: Response = await sessions.shared.fetch("/product/acme/products");
  const { kind } = sessions.shared.getSnapshot();
  // @ts-expect-error: nobody is the shared guest.
  void sessions.shared.accessToken();
  const lease: Lease | undefined = await store.lock("key", { leaseMs: 10_000 });
  const isStored: boolean = await store.set("key", "1:value", { ttlMs: 1, expect: undefined, ...(lease && { lease }) });
  if (!isStored) throw new Error(kind);
  await sessions.close();
  return new Response(`${snapshot.identity} ${answer.status} ${shared.status}`, { headers });
}

export const isPassing = (error: unknown): boolean => error instanceof SessionError && error.retryable;

// @ts-expect-error: where it is kept is the store's affair.
new SessionServer({ tenant: "acme", clientId: "storefront", storage: "memory" });
