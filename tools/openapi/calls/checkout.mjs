// From a cart to an order.

import { checkoutService, orderService } from "../files.mjs";

export async function checkout(check, shop) {
  const guest = await shop.guest();
  const customer = await shop.customer(guest);
  const bearer = customer.access_token;
  const headers = { "saas-token": customer.saas_token };
  const path = "/checkout/{tenant}/checkouts/order";
  const address = (type) => ({ contactName: "Bea", street: "Quay", zipCode: "20457", city: "Hamburg", country: "DE", type });
  const order = async (bearer, company) => {
    const query = new URLSearchParams({ siteCode: "main", create: "true", ...company });
    const cart = (await check.send("GET", `/cart/acme/carts?${query}`, { bearer })).json;
    const mug = {
      itemYrn: "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
      price: { priceId: "price-harbour-mug", originalAmount: 14.9, effectiveAmount: 14.9, currency: "EUR" },
      quantity: 2,
    };
    await check.send("POST", `/cart/acme/carts/${cart.id}/items`, { bearer, body: mug });
    await check.send("POST", `/cart/acme/carts/${cart.id}/discounts`, { bearer, body: { code: "WELCOME10" } });
    return {
      cartId: cart.id,
      customer: { id: "13869001", email: "buyer@example.com", firstName: "Bea", lastName: "Buyer" },
      shipping: { methodId: "parcel", zoneId: "de", methodName: "Parcel", amount: 5 },
      addresses: [address("SHIPPING"), address("BILLING")],
      paymentMethods: [{ provider: "none", method: "invoice" }],
    };
  };
  const body = await order(bearer);
  await check.call(checkoutService, "POST", path, 400, { bearer, headers, body: { ...body, addresses: [] } });
  await check.call(checkoutService, "POST", path, 403, { bearer, headers, body: { ...body, customer: { id: "1" } } });
  await check.refusals(checkoutService, "POST", path, { right: bearer, headers, body });
  const { orderId } = (await check.call(checkoutService, "POST", path, 200, { bearer, headers, body })).json;
  await check.call(checkoutService, "POST", path, 409, { bearer, headers, body });

  const file = orderService;
  const orders = "/order-v2/{tenant}/orders";
  await check.call(file, "GET", orders, 200, { bearer });
  await check.call(file, "GET", orders, 400, { bearer, query: { pageSize: "none" } });
  await check.call(file, "GET", orders, 403, { bearer: guest.access_token });
  const one = `${orders}/{orderId}`;
  await check.call(file, "GET", one, 200, { bearer, params: { orderId } });
  await check.call(file, "GET", one, 404, { bearer, params: { orderId: "none" } });
  await check.call(file, "GET", one, 403, { bearer: guest.access_token, params: { orderId } });
  const companys = "/order-v2/{tenant}/legal-entity-orders/{legalEntityId}";
  const company = { legalEntityId: "le-north" };
  const query = new URLSearchParams({ refreshToken: customer.refresh_token, ...company });
  const north = await check.send("GET", `/customer/acme/refreshauthtoken?${query}`, { bearer: guest.access_token });
  const buyer = { bearer: north.json.access_token };
  const bought = await check.send("POST", "/checkout/acme/checkouts/order", { ...buyer, headers, body: await order(buyer.bearer, company) });
  const params = { ...company, orderId: bought.json?.orderId };
  await check.call(file, "GET", companys, 200, { ...buyer, params });
  await check.call(file, "GET", companys, 403, { bearer, params });
  const companysOne = `${companys}/{orderId}`;
  await check.call(file, "GET", companysOne, 200, { ...buyer, params });
  await check.call(file, "GET", companysOne, 404, { ...buyer, params: { ...params, orderId: "none" } });
  await check.call(file, "GET", companysOne, 403, { bearer, params });
}
