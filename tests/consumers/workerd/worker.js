import { SessionManager } from "storefront-session";

export default {
  async fetch(request) {
    const apiUrl = new URL(request.url).searchParams.get("api");
    if (!apiUrl) return new Response("up");
    const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl });
    const products = await (await session.fetch("/product/acme/products")).json();
    await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
    return new Response(`${session.getSnapshot().kind}, ${products.length} products`);
  },
};
