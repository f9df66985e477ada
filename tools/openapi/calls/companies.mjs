// Companies.

import { legalEntities } from "../files.mjs";

export async function companies(check, shop) {
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const path = "/customer-management/{tenant}/legal-entities";
  await check.call(legalEntities, "GET", path, 200, { bearer });
  await check.call(legalEntities, "GET", path, 200, { bearer: await shop.backend() });
  await check.call(legalEntities, "GET", path, 400, { bearer, query: { pageSize: "none" } });
  const bearers = { right: bearer, wrong: guest.access_token };
  await check.refusals(legalEntities, "GET", path, bearers);

  const search = `${path}/search`;
  await check.call(legalEntities, "POST", search, 200, { bearer, body: { q: "type:COMPANY" } });
  await check.call(legalEntities, "POST", search, 400, { bearer, body: { q: "colour:blue" } });
  await check.refusals(legalEntities, "POST", search, { ...bearers, body: {} });

  const one = `${path}/{legalEntityId}`;
  const params = { legalEntityId: "le-north" };
  await check.call(legalEntities, "GET", one, 200, { bearer, params });
  await check.call(legalEntities, "GET", one, 404, { bearer, params: { legalEntityId: "le-west" } });
  await check.refusals(legalEntities, "GET", one, { ...bearers, params });
}
