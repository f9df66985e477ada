// A part of a storefront: the visitor's cart.

/** Puts a product into the visitor's cart and gives back what the cart holds now. */
export async function addToCart(session, productId, quantity) {
  const product = await call(session, `/product/acme/products/${productId}`);
  const { id } = await call(session, "/cart/acme/carts?siteCode=main&create=true");
  await call(session, `/cart/acme/carts/${id}/items`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ itemYrn: product.yrn, price: product.price, quantity }),
  });
  return call(session, `/cart/acme/carts/${id}/items`);
}

async function call(session, path, init) {
  const answer = await session.fetch(path, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
