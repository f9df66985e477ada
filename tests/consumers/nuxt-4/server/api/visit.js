import { SessionManager } from "storefront-session";

export default defineEventHandler(async () => {
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: process.env.API_URL });
  const products = await (await session.fetch("/product/acme/products")).json();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  return `${session.getSnapshot().kind}, ${products.length} products`;
});
