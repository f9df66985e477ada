// The cart as JSON, for scripts of the page.

import { cartOf, keepName, visit } from "../../../lib/shop.js";

export async function GET() {
  const visitor = await visit();
  const { items = [] } = await cartOf(visitor.session);
  await keepName(visitor);
  return Response.json({ count: items.reduce((sum, { quantity }) => sum + quantity, 0) });
}
