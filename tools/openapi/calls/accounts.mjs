// Signing up, and what customers do with their accounts.

import { customerService } from "../files.mjs";

export async function signUp(check, shop) {
  const file = customerService;
  const right = (await shop.guest()).access_token;
  const wrong = (await shop.customer(await shop.guest())).access_token;
  const signup = "/customer/{tenant}/signup";
  const email = "nora@example.com";
  const body = {
    email,
    password: "secret-1",
    customerDetails: { firstName: "Nora", lastName: "New", contactEmail: email },
    customerAddress: { contactName: "Nora New", country: "DE", tags: ["SHIPPING"] },
  };
  await check.call(file, "POST", signup, 201, { bearer: right, body });
  await check.call(file, "POST", signup, 400, { bearer: right, body: { email } });
  await check.call(file, "POST", signup, 409, { bearer: right, body });
  await check.refusals(file, "POST", signup, { right, wrong, body });

  const resend = "/customer/{tenant}/signup/optin/refresh_token";
  await check.call(file, "POST", resend, 202, { bearer: right, body: { email } });
  await check.call(file, "POST", resend, 400, { bearer: right, body: {} });
  await check.refusals(file, "POST", resend, { right, body: { email } });

  const optIn = "/customer/{tenant}/signup/optin/{token}";
  const params = { token: await shop.mailed(email) };
  await check.call(file, "GET", optIn, 200, { bearer: right, params });
  await check.call(file, "GET", optIn, 400, { bearer: right, params });
  await check.refusals(file, "GET", optIn, { right, params });
}

export async function credentials(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const anonymous = guest.access_token;
  const solo = (await shop.customer(guest, "solo@example.com")).access_token;
  const email = "solo@example.com";
  const guests = { right: anonymous, wrong: solo };
  const customers = { right: solo, wrong: anonymous };

  const reset = "/customer/{tenant}/password/reset";
  await check.call(file, "POST", reset, 204, { bearer: anonymous, body: { email, site: "main" } });
  await check.call(file, "POST", reset, 400, { bearer: anonymous, body: {} });
  await check.refusals(file, "POST", reset, { ...guests, body: { email } });

  const update = "/customer/{tenant}/password/reset/update";
  const body = { token: await shop.mailed(email), password: "secret-2" };
  await check.call(file, "POST", update, 204, { bearer: anonymous, body });
  await check.call(file, "POST", update, 400, { bearer: anonymous, body });
  await check.refusals(file, "POST", update, { ...guests, body });

  const change = "/customer/{tenant}/password/change";
  const passwords = { currentPassword: "secret-2", newPassword: "secret-3" };
  await check.call(file, "POST", change, 204, { bearer: solo, body: passwords });
  await check.call(file, "POST", change, 400, { bearer: solo, body: {} });
  await check.refusals(file, "POST", change, { ...customers, body: passwords });
  await check.call(file, "POST", change, 401, {
    bearer: solo,
    body: passwords,
    otherwise: "a wrong current password is a bare JSON string, as measured on the real platform",
  });

  const path = "/customer/{tenant}/me/accounts/internal/email/change";
  const emails = { email, password: "secret-3", newEmail: "sol@example.com", syncContactEmail: true };
  await check.call(file, "POST", path, 204, { bearer: solo, body: emails });
  await check.call(file, "POST", path, 400, { bearer: solo, body: { ...emails, newEmail: "buyer@example.com" } });
  await check.refusals(file, "POST", path, { ...customers, body: emails });

  const confirm = `${path}/confirm`;
  const token = { token: await shop.mailed("sol@example.com") };
  await check.call(file, "POST", confirm, 204, { bearer: anonymous, body: token });
  await check.call(file, "POST", confirm, 400, { bearer: anonymous, body: token });
  await check.refusals(file, "POST", confirm, { ...guests, body: token });
}

export async function profile(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const me = "/customer/{tenant}/me";
  const body = { title: "MRS", mixins: { shoe: { size: 40 } }, metadata: { version: 1 } };
  await check.call(file, "PATCH", me, 200, { bearer, body });
  await check.call(file, "PATCH", me, 400, { bearer, body: { contactEmail: null } });
  await check.refusals(file, "PATCH", me, { right: bearer, wrong: guest.access_token, body: {} });
  await check.call(file, "GET", me, 200, { bearer: guest.access_token });
  await check.call(file, "GET", me, 200, { bearer, query: { expand: "addresses,mixin:*" } });
  await check.refusals(file, "GET", me, { right: bearer, wrong: await shop.backend() });
}

export async function addresses(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const bearers = { right: bearer, wrong: guest.access_token };
  const list = "/customer/{tenant}/me/addresses";
  const one = `${list}/{addressId}`;
  const tags = `${one}/tags`;
  const body = { contactName: "Bea Buyer", country: "DE", city: "Kiel", tags: ["SHIPPING"] };
  const { id } = (await check.call(file, "POST", list, 201, { bearer, body })).json;
  const params = { addressId: id };
  await check.call(file, "POST", list, 400, { bearer, body: { city: 5 } });
  await check.refusals(file, "POST", list, { ...bearers, body });
  await check.call(file, "GET", list, 200, { bearer });
  await check.call(file, "GET", "/customer/{tenant}/me", 200, { bearer, query: { expand: "addresses" } });
  await check.refusals(file, "GET", list, bearers);
  const more = {
    GET: [one, 200, {}],
    PATCH: [one, 200, { body: { isDefault: true, metadata: {} } }],
    POST: [tags, 204, { query: { tags: "BILLING" } }],
    DELETE: [tags, 204, { query: { tags: "BILLING" } }],
  };
  for (const [method, [path, status, options]] of [...Object.entries(more), ["DELETE", [one, 204, {}]]]) {
    await check.refusals(file, method, path, { ...bearers, params, ...options });
    await check.call(file, method, path, 404, { bearer, params: { addressId: "none" }, ...options });
    await check.call(file, method, path, status, { bearer, params, ...options });
  }
}
