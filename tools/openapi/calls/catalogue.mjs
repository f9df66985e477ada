// Sites, products and prices.

import { iam, priceService, productService, siteService } from "../files.mjs";

export async function catalogue(check, shop) {
  const guest = await shop.guest();
  const bearer = guest.access_token;
  const sites = "/site/{tenant}/sites";
  await check.call(siteService, "GET", sites, 200, { bearer });
  await check.refusals(siteService, "GET", sites, { right: bearer });
  const site = `${sites}/{siteCode}`;
  await check.call(siteService, "GET", site, 200, { bearer, params: { siteCode: "main" } });
  await check.call(siteService, "GET", site, 404, { bearer, params: { siteCode: "none" } });
  await check.refusals(siteService, "GET", site, { right: bearer, params: { siteCode: "main" } });

  const file = productService;
  const products = "/product/{tenant}/products";
  const official = { fields: "name,description,code,media,metadata,taxClasses,productType,published" };
  const otherwise = "the product's price stands beside the official fields";
  await check.call(file, "GET", products, 200, { bearer, otherwise });
  await check.call(file, "GET", products, 200, { bearer, query: { ...official, q: "id:(harbour-mug,tea-tin)" } });
  await check.refusals(file, "GET", products, { right: bearer });
  const search = `${products}/search`;
  await check.call(file, "POST", search, 200, { bearer, query: official, body: { q: "code:(harbour-mug OR tea-tin)" } });
  await check.refusals(file, "POST", search, { right: bearer, body: { q: "" } });
  const product = `${products}/{productId}`;
  const headers = { "accept-language": "en" };
  await check.call(file, "GET", product, 200, { bearer, headers, query: official, params: { productId: "harbour-mug" } });
  await check.call(file, "GET", product, 404, { bearer, params: { productId: "none" } });
  await check.refusals(file, "GET", product, { right: bearer, params: { productId: "harbour-mug" } });

  const prices = "/price/{tenant}/match-prices-by-context";
  const customer = (await shop.customer(guest)).access_token;
  const body = { items: [{ itemId: { itemType: "PRODUCT", id: "harbour-mug" }, quantity: { quantity: 1, unitCode: "pc" } }] };
  await check.call(priceService, "POST", prices, 200, {
    bearer: customer,
    body,
    otherwise: "a list with itemId, as the platform and the official example have it; the schema says one object with itemRef",
  });
  await check.call(priceService, "POST", prices, 400, { bearer: customer, body: {} });
  await check.refusals(priceService, "POST", prices, { right: customer, wrong: await shop.backend(), body });

  const scopes = "/iam/{tenant}/users/me/scopes";
  await check.call(iam, "GET", scopes, 200, { bearer: customer });
  await check.refusals(iam, "GET", scopes, { wrong: bearer });
  const groups = "/iam/{tenant}/users/{userId}/groups";
  const params = { userId: "13869001" };
  await check.call(iam, "GET", groups, 200, { bearer: customer, params });
  await check.refusals(iam, "GET", groups, { wrong: bearer, params });
}
