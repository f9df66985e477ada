// Carts.

import { cartService } from "../files.mjs";

export async function carts(check, shop) {
  const file = cartService;
  const guest = await shop.guest();
  const anonymous = guest.access_token;
  const bearer = (await shop.customer(guest)).access_token;
  const list = "/cart/{tenant}/carts";
  const one = `${list}/{cartId}`;
  const body = { siteCode: "main", currency: "EUR", channel: { name: "storefront", source: "http://shop.test" } };

  const created = (await check.call(file, "POST", list, 201, { bearer, body })).json;
  await check.call(file, "POST", list, 409, { bearer, body });
  await check.call(file, "POST", list, 400, { bearer, body: { siteCode: "main" } });
  await check.refusals(file, "POST", list, { right: bearer });
  await check.call(file, "POST", list, 403, { bearer: anonymous, body: { ...body, customerId: "13869001" } });

  const site = { siteCode: "main" };
  await check.call(file, "GET", list, 404, { bearer: anonymous, query: site });
  const guests = (await check.call(file, "GET", list, 200, { bearer: anonymous, query: { ...site, create: true } })).json;
  await check.call(file, "GET", list, 200, { bearer, query: site });
  await check.call(file, "GET", list, 400, { bearer });
  await check.refusals(file, "GET", list, { right: bearer, query: site });
  await check.call(file, "GET", list, 403, { bearer: anonymous, query: { ...site, customerId: "13869001" } });

  const cart = { right: bearer, wrong: anonymous, params: { cartId: created.cartId } };
  const drive = async (method, path, status, { params, ...options } = {}) => {
    const all = { ...cart, ...options, params: { ...cart.params, ...params } };
    await check.refusals(file, method, path, all);
    await check.call(file, method, path, 404, { ...options, bearer, params: { ...params, cartId: "none" } });
    return (await check.call(file, method, path, status, { ...options, bearer, params: all.params })).json;
  };

  const items = `${one}/items`;
  const item = `${items}/{itemId}`;
  const mug = {
    itemYrn: "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
    price: { priceId: "price-harbour-mug", originalAmount: 14.9, effectiveAmount: 14.9, currency: "EUR" },
    quantity: 2,
  };
  const { itemId } = await drive("POST", items, 201, { query: site, body: mug });
  await check.call(file, "POST", items, 400, { bearer, params: cart.params, query: site, body: {} });
  await drive("GET", items, 200);
  await drive("GET", item, 200, { params: { itemId } });
  await check.call(file, "GET", item, 404, { bearer, params: { ...cart.params, itemId: "none" } });
  await drive("PUT", item, 204, { params: { itemId }, body: { quantity: 3 } });
  await check.call(file, "PUT", item, 400, { bearer, params: { ...cart.params, itemId }, body: { quantity: -1 } });

  const batch = `${one}/itemsBatch`;
  // The official file asks for no bearer of a kind here.
  const params = cart.params;
  await check.call(file, "POST", batch, 200, { bearer, params, body: [mug, {}] });
  await check.call(file, "POST", batch, 400, { bearer, params, body: {} });
  await check.call(file, "POST", batch, 403, { bearer: anonymous, params, body: [] });
  await check.call(file, "POST", batch, 404, { bearer, params: { cartId: "none" }, body: [] });
  await check.call(file, "PUT", batch, 207, { bearer, params, body: [{ id: itemId, quantity: 1 }, { id: "none", quantity: 1 }] });
  await check.call(file, "PUT", batch, 400, { bearer, params, body: {} });
  await check.call(file, "PUT", batch, 403, { bearer: anonymous, params, body: [] });

  const discounts = `${one}/discounts`;
  const coupon = { code: "WELCOME10" };
  await drive("POST", discounts, 201, { body: coupon });
  await check.call(file, "POST", discounts, 409, { bearer, params, body: coupon });
  await check.call(file, "POST", discounts, 400, { bearer, params, body: {} });
  await drive("GET", discounts, 200);
  await check.call(file, "GET", one, 200, { bearer, params });
  await drive("DELETE", `${discounts}/{discountIndex}`, 204, { params: { discountIndex: "0" } });
  await drive("DELETE", discounts, 204);

  await drive("GET", one, 200);
  const addresses = [{ type: "SHIPPING", city: "Kiel", country: "DE", zipCode: "24103" }];
  await drive("PUT", one, 204, { body: { legalEntityId: "le-south", zipCode: "24103", countryCode: "DE", addresses } });
  await check.call(file, "PUT", one, 400, { bearer, params: cart.params, body: { currency: "CHF" } });
  await check.call(file, "PUT", one, 409, { bearer, params: cart.params, body: { metadata: { version: 1 } } });
  await check.call(file, "GET", one, 200, { bearer, params: cart.params });
  await drive("PUT", `${one}/refresh`, 204);
  await drive("POST", `${one}/changeSite`, 200, { body: { siteCode: "outlet" } });
  await drive("POST", `${one}/changeCurrency`, 200, { body: { currency: "EUR" } });
  await drive("GET", `${one}/validate`, 200);
  await drive("POST", `${one}/merge`, 200, { body: { carts: [guests.id] } });
  await check.call(file, "POST", `${one}/merge`, 400, { bearer, params: cart.params, body: { carts: [] } });

  const search = `${list}/search`;
  await check.call(file, "POST", search, 200, { bearer, body: { q: "status:OPEN" } });
  await check.call(file, "POST", search, 400, { bearer, body: { q: "colour:blue" } });
  await check.refusals(file, "POST", search, { right: bearer, body: {} });

  await drive("DELETE", item, 204, { params: { itemId } });
  await drive("DELETE", items, 204);
  await drive("DELETE", one, 204);
}
