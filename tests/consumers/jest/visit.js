const { SessionManager } = require("storefront-session");

exports.visit = async () => {
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: process.env.API_URL });
  const products = await (await session.fetch("/product/acme/products")).json();
  await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
  const text = `${session.getSnapshot().kind}, ${products.length} products`;
  await session.accessToken();
  await session.logout();
  session.close();
  return text;
};
