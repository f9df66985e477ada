import { ask, askOnce, checkCustomer, sent } from "./call.js";
import { check, isObject, isText, segment } from "./checks.js";
import { adopt } from "./tokens.js";

const formOf = (field) => (/mail/.test(field) ? /^\S+@\S+$/ : /^[pn]/.test(field) ? /.{6}/s : /\S/);

/**
 * Sends what is given: it has these texts, of which a single one may be given alone. What else there is, is the platform's to judge.
 * Changes are the customer's own, all else is a guest's: he has a password or a mailed token yet to prove himself.
 */
async function send(session, path, fields, given) {
  const body = isText(given) ? { [fields]: given } : given;
  for (const field of fields.split(" ")) check(field, isText(body?.[field], formOf(field)));
  const isChange = /change$/.test(path);
  if (isChange) checkCustomer(session);
  return askOnce(session, `/customer/{}/${path}`, sent("POST", body), !isChange);
}

export const signUp = (session, given) => send(session, "signup", "email password", given);
export const confirmOptIn = async (session, given) => adopt(session, "GET", `/customer/{}/signup/optin/${segment("token", given?.token ?? given)}`);
export const resendOptIn = (session, given) => send(session, "signup/optin/refresh_token", "email", given);
export const requestPasswordReset = (session, given) => send(session, "password/reset", "email", given);
export const resetPassword = (session, given) => send(session, "password/reset/update", "token password", given);
export const changePassword = (session, given) => send(session, "password/change", "currentPassword newPassword", given);
export const changeEmail = (session, given) => send(session, "me/accounts/internal/email/change", "email password newEmail", given);
export const confirmEmail = (session, given) => send(session, "me/accounts/internal/email/change/confirm", "token", given);

/** An endpoint of the customer's own. */
async function own(session, method, path, body) {
  const isWrite = method > "O";
  if (isWrite) check("changes", isObject(body));
  checkCustomer(session);
  return (isWrite ? askOnce : ask)(session, `/customer/{}/me${path}`, sent(method, body));
}

export const profile = (session, query) => own(session, "GET", `?${new URLSearchParams(query)}`);
export const updateProfile = (session, changes) => own(session, "PATCH", "", changes);

const place = "/addresses";
const one = (id) => `${place}/${segment("id", id)}`;

export const addresses = (session) => own(session, "GET", place);
export const addAddress = (session, given) => own(session, "POST", place, given);
export const updateAddress = async (session, id, changes) => own(session, "PATCH", one(id), changes);
export const removeAddress = async (session, id) => own(session, "DELETE", one(id));
