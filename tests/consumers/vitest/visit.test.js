import { SessionManager } from "storefront-session";
import { expect, test, vi } from "vitest";

test("a visit", async () => {
  expect(typeof document).toBe(process.env.PLACE === "node" ? "undefined" : "object");
  console.log(await visit());
});

test("a visit under fake timers", async () => {
  vi.useFakeTimers();
  expect(await visit()).toMatch(/^customer, [1-9]/);
});

async function visit() {
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: process.env.API_URL });
  const products = await (await session.fetch("/product/acme/products")).json();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  const text = `${session.getSnapshot().kind}, ${products.length} products`;
  await session.accessToken();
  await session.logout();
  session.close();
  return text;
}
