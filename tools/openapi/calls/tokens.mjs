// Guests, logins, refreshes and logouts.

import { nobody } from "../check.mjs";
import { customerService, oauth } from "../files.mjs";

export async function tokens(check, shop) {
  const form = { grant_type: "client_credentials", client_id: "backend", client_secret: "backend-secret" };
  await check.call(oauth, "POST", "/oauth/token", 200, { form });

  const key = { tenant: "acme", client_id: "storefront" };
  const file = customerService;
  const guest = (await check.call(file, "GET", "/customerlogin/auth/anonymous/login", 200, { query: key })).json;
  const query = { ...key, refresh_token: guest.refresh_token };
  const again = (await check.call(file, "GET", "/customerlogin/auth/anonymous/refresh", 200, { query })).json;
  const anonymous = again.access_token;

  const login = "/customer/{tenant}/login";
  const body = { email: "buyer@example.com", password: "sandbox-pass" };
  let customer;
  for (const fieldStyle of ["camel", "both", "snake"]) {
    await shop.set({ fieldStyle });
    customer = (await check.call(file, "POST", login, 200, { bearer: anonymous, body })).json;
  }
  await check.call(file, "POST", login, 400, { bearer: anonymous, body: { email: "x" } });
  await check.call(file, "POST", login, 401, { bearer: anonymous, body: { ...body, password: "another" } });
  await check.refusals(file, "POST", login, { right: anonymous, body });

  const refresh = "/customer/{tenant}/refreshauthtoken";
  const next = { refreshToken: customer.refresh_token, legalEntityId: "le-south" };
  customer = (await check.call(file, "GET", refresh, 200, { bearer: anonymous, query: next })).json;
  const unassigned = { refreshToken: customer.refresh_token, legalEntityId: "le-west" };
  await check.call(file, "GET", refresh, 400, { bearer: anonymous, query: unassigned });
  await check.call(file, "GET", refresh, 401, { bearer: anonymous, query: { refreshToken: "spent" } });
  await check.refusals(file, "GET", refresh, { right: anonymous, query: unassigned });

  const bearer = customer.access_token;
  const validate = "/customer/{tenant}/validateauthtoken";
  await check.call(file, "GET", validate, 200, { bearer });
  await check.call(file, "GET", validate, 401, { bearer: nobody });

  const logout = "/customer/{tenant}/logout";
  const named = { accessToken: bearer };
  await check.call(file, "GET", logout, 400, { bearer });
  await check.refusals(file, "GET", logout, { right: bearer, query: named });
  await check.call(file, "GET", logout, 204, { bearer, query: named });
}
