// Session contexts, the shopper's and the backend's.

import { sessionContext } from "../files.mjs";

export async function contexts(check, shop) {
  const file = sessionContext;
  const context = "/session-context/{tenant}/me/context";
  const attributes = `${context}/attributes`;
  const attribute = `${attributes}/{attributeName}`;
  const params = { attributeName: "gift" };
  const added = { key: "gift", value: "wrapped" };

  await shop.set({ contextDocument: "at-cart" });
  const early = (await shop.guest()).access_token;
  const patch = { metadata: { version: 1 } };
  await check.call(file, "GET", context, 404, { bearer: early });
  await check.call(file, "PATCH", context, 404, { bearer: early, body: patch });
  await check.call(file, "POST", attributes, 404, { bearer: early, body: added });
  await check.call(file, "DELETE", attribute, 404, { bearer: early, params });

  await shop.set({ contextDocument: "at-login" });
  const guest = await shop.guest();
  const customer = await shop.customer(guest);
  const query = new URLSearchParams({ refreshToken: customer.refresh_token, legalEntityId: "le-south" });
  const south = await check.send("GET", `/customer/acme/refreshauthtoken?${query}`, { bearer: guest.access_token });
  const bearer = south.json.access_token;
  const before = (await check.call(file, "GET", context, 200, { bearer: guest.access_token })).json;
  const body = { siteCode: "main", currency: "EUR", context: { gift: {} }, metadata: before.metadata };
  await check.call(file, "PATCH", context, 204, { bearer, body });
  await check.call(file, "POST", attributes, 201, { bearer, body: added });
  await check.call(file, "GET", context, 200, { bearer });
  await check.call(file, "DELETE", attribute, 204, { bearer, params });
  await managedContexts(check, shop, customer);
}

async function managedContexts(check, shop, { session_id: sessionId, saas_token: saasToken }) {
  const file = sessionContext;
  const context = "/session-context/{tenant}/context/{sessionId}";
  const attributes = `${context}/attributes`;
  const attribute = `${attributes}/{attributeName}`;
  const bearer = await shop.backend();
  const known = { sessionId, attributeName: "gift" };
  const unknown = { ...known, sessionId: "none" };
  const { json } = await check.call(file, "GET", context, 200, { bearer, params: known });
  const body = { customerId: json.customerId, siteCode: "main", metadata: json.metadata };
  const headers = { "saas-token": saasToken };
  const added = { key: "gift", value: { wrapped: true } };
  for (const [method, path, status, options] of [
    ["PUT", context, 204, { body, headers }],
    ["POST", attributes, 204, { body: added }],
    ["DELETE", attribute, 204, {}],
  ]) {
    await check.call(file, method, path, status, { bearer, params: known, ...options });
    await check.call(file, method, path, 404, { bearer, params: unknown, ...options });
  }
  await check.call(file, "GET", context, 404, { bearer, params: unknown });
}
