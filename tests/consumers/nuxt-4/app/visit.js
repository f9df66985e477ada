import { SessionManager } from "storefront-session";

export async function visit(apiUrl) {
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl });
  const products = await (await session.fetch("/product/acme/products")).json();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  return `${session.getSnapshot().kind}, ${products.length} products`;
}
