import { ask, askOnce, checkCustomer, sent } from "./call.js";
import { check, isObject, isText, read, segment } from "./checks.js";
import { adopt } from "./tokens.js";

const isEmail = (it) => isText(it, /^\S+@\S+$/);
const isPassword = (it) => isText(it, /.{6}/s);

/**
 * Sends what is given: it has these texts, of which a single one may be given alone. What else there is, is the platform's to judge.
 * Changes are the customer's own, all else is a guest's: he has a password or a mailed token yet to prove himself.
 */
async function send(session, path, fields, given) {
  const body = typeof given === "string" ? { [Object.keys(fields)]: given } : given;
  const known = read(body, fields);
  const isChange = /change$/.test(path);
  if (isChange) checkCustomer(session);
  return askOnce(session, `/customer/{}/${path}`, sent("POST", check("body", () => ({ ...body, ...known }))), !isChange);
}

export const signUp = (session, given) => send(session, "signup", { email: isEmail, password: isPassword }, given);
export const confirmOptIn = async (session, given) => adopt(session, `/customer/{}/signup/optin/${segment("token", typeof given === "string" ? given : read(given, { token: isText }).token)}`);
export const resendOptIn = (session, given) => send(session, "signup/optin/refresh_token", { email: isEmail }, given);
export const requestPasswordReset = (session, given) => send(session, "password/reset", { email: isEmail }, given);
export const resetPassword = (session, given) => send(session, "password/reset/update", { token: isText, password: isPassword }, given);
export const changePassword = (session, given) => send(session, "password/change", { currentPassword: isText, newPassword: isPassword }, given);
export const changeEmail = (session, given) => send(session, "me/accounts/internal/email/change", { email: isEmail, password: isPassword, newEmail: isEmail }, given);
export const confirmEmail = (session, given) => send(session, "me/accounts/internal/email/change/confirm", { token: isText }, given);

/** An endpoint of the customer's own. */
async function own(session, method, path, body) {
  const isWrite = method > "O";
  if (isWrite) check("changes", () => isObject(body));
  checkCustomer(session);
  return (isWrite ? askOnce : ask)(session, `/customer/{}/me${path}`, sent(method, body));
}

export async function profile(session, query) {
  return own(session, "GET", `?${check("query", () => isObject(query ?? {}) && new URLSearchParams(query ?? ""))}`);
}

export const updateProfile = (session, changes) => own(session, "PATCH", "", changes);

const place = "/addresses";
const one = (id) => `${place}/${segment("id", id)}`;

export const addresses = (session) => own(session, "GET", place);
export const addAddress = (session, given) => own(session, "POST", place, given);
export const updateAddress = async (session, id, changes) => own(session, "PATCH", one(id), changes);
export const removeAddress = async (session, id) => own(session, "DELETE", one(id));
