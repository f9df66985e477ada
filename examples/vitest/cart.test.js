import { SessionManager } from "storefront-session";
import { startSandbox } from "storefront-session/sandbox";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { addToCart } from "./cart.js";

let sandbox;
let session;

// Test files run side by side; each has a sandbox of its own.
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

beforeEach(async () => {
  await sandbox.reset();
  session = await SessionManager.open({
    tenant: "acme",
    clientId: "storefront",
    apiUrl: sandbox.url,
    fetch: sandbox.fetch,
    storage: "memory",
  });
});
afterEach(() => session.close());

test("a guest's cart is still there after login", async () => {
  await addToCart(session, "harbour-mug", 2);
  const { sessionId } = session.getSnapshot();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  expect(session.getSnapshot()).toMatchObject({ kind: "customer", sessionId });
  const { carts } = await sandbox.state();
  expect(carts).toMatchObject([{ sessionId, items: [{ productId: "harbour-mug", quantity: 2 }] }]);
});

test("a token that has expired costs one renewal, and nobody notices", async () => {
  await session.accessToken();
  await sandbox.clock(3601);
  expect(await addToCart(session, "harbour-mug", 1)).toHaveLength(1);
  const tokens = (await sandbox.requests()).filter(({ path }) => path.startsWith("/customerlogin/"));
  expect(tokens).toHaveLength(2);
});

test("an outage is told, and the session survives it", async () => {
  await session.accessToken();
  const before = session.getSnapshot();
  await sandbox.faults([{ path: "/product/*", kind: "status", status: 503 }]);
  await expect(addToCart(session, "harbour-mug", 1)).rejects.toThrow("503");
  expect(session.getSnapshot()).toEqual(before);
  expect(await addToCart(session, "harbour-mug", 1)).toHaveLength(1);
});
