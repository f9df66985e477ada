import { SessionManager } from "storefront-session";

const apiUrl = new URLSearchParams(location.search).get("api");

async function visit() {
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl });
  const products = await (await session.fetch("/product/acme/products")).json();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  return `${session.getSnapshot().kind}, ${products.length} products`;
}

visit().then((text) => (document.body.textContent = text), (error) => (document.body.textContent = `failed: ${error}`));
