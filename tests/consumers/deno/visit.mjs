import { SessionManager } from "storefront-session";

const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: Deno.env.get("API_URL") });
const products = await (await session.fetch("/product/acme/products")).json();
await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
console.log(`${session.getSnapshot().kind}, ${products.length} products`);
