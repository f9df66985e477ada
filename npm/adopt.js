/**
 * Tokens from somewhere else, as they are given: checked before any request, and put into the spelling of the platform's
 * answers. Loaded where some are taken over. What is wrong is an object of fields here, as in `core.js`.
 */

import { attempt } from "./answer.js";
import { isSendable } from "./text.js";

const isToken = (it) => typeof it === "string" && /^(?!(undefined|null)$)[!-~]{1,8192}$/.test(it);
const isSeconds = (it) => typeof it === "number" && it > 0 && it < 1e12;
const isText = (it) => isSendable(it) && /\S/.test(it);

const checks = {
  accessToken: [isToken, "a token"],
  refreshToken: [isToken, "a token"],
  saasToken: [isToken, "a token"],
  expiresIn: [isSeconds, "a number of seconds"],
  refreshExpiresIn: [isSeconds, "a number of seconds"],
  legalEntityId: [isText, "a text that is not empty"],
  sessionId: [isText, "a text that is not empty"],
  validate: [(it) => typeof it === "boolean", "true or false"],
};

/** An answer of the platform's in the names that are taken here: it has others, seconds as texts, and words for nothing. */
function readAnswer(answer) {
  const read = {};
  for (const [name, value] of Object.entries(answer)) {
    const camel = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const field = camel.replace(/^refreshTokenE/, "refreshE");
    const isLife = field.endsWith("In");
    if (isLife ? isSeconds(Number(value)) : value !== "") read[field] = isLife ? Number(value) : value;
  }
  return read;
}

const refused = (field, expected) => ({ code: "invalid_argument", message: `${field} must be ${expected}`, field });

/** The tenant that an answer of the platform's names among its scopes, and a token that is a JWT in its claims. */
function tenantOf(it) {
  const [, named] = attempt(() => /(?:^|\s)tenant=(\S+)/.exec(it.scope)) ?? [];
  return named ?? attempt(() => it.tenant);
}

/** The claims of a JWT; most tokens are none. */
const claimsOf = (token) => attempt(() => JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))));

/**
 * What the module inside is given: the tokens as the text of an answer, the company, and whether the platform is asked. Tokens that
 * say that they are another tenant's are refused: nobody could be asked what they are.
 */
export function adoption({ tenant }, it) {
  const given = attempt(() => (it.access_token || it.refreshTokenExpiresIn) && readAnswer(it)) || it;
  const tokens = {};
  for (const [field, [isGood, expected]] of Object.entries(checks)) {
    // A getter may throw.
    const [value = undefined] = attempt(() => [given?.[field] ?? undefined]) ?? [null];
    if (value === undefined ? field === "accessToken" : !isGood(value)) throw refused(field, expected);
    tokens[field] = value;
  }
  for (const named of [it, claimsOf(tokens.accessToken), claimsOf(tokens.saasToken)].map(tenantOf)) {
    if (isText(named) && named !== tenant) throw { code: "invalid_credentials", message: "these tokens are another tenant's" };
  }
  const { legalEntityId, validate, refreshExpiresIn: refreshTokenExpiresIn, ...rest } = tokens;
  return [JSON.stringify({ ...rest, refreshTokenExpiresIn }), legalEntityId, validate !== false];
}

/** Takes tokens over that were got somewhere else. `core` is that of the session. */
export const adopt = (core, options, tokens) => core.ask("adopt", adoption(options, tokens), "validateauthtoken");

/** Has a session adopt the tokens that an address hands over; the address without them. */
export async function adoptFromUrl(adopt, url) {
  const { tokens, address } = handedOver(url);
  if (tokens) await adopt(tokens);
  return address;
}

/** The parameters with which the official dashboard hands a customer's session over, by what they are here. */
const names = {
  customerToken: "accessToken",
  customerTokenExpiresIn: "expiresIn",
  refreshToken: "refreshToken",
  refreshTokenExpiresIn: "refreshExpiresIn",
  saasToken: "saasToken",
};

/** The tokens that an address hands over, where it does, and the address without them. All else in it stays as it is spelled. */
export function handedOver(url) {
  const address = attempt(() => (typeof url === "object" ? url.href : url));
  if (typeof address !== "string") throw refused("url", "an address");
  const [, before, query = "", fragment] = /^([^?#]*)(?:\?([^#]*))?(.*)$/s.exec(address);
  const found = new URLSearchParams(query);
  if (!found.get("customerToken")) return { address };
  const tokens = {};
  for (const [name, field] of Object.entries(names)) {
    const value = found.get(name);
    // Careless senders write these for nothing.
    if (/^(|undefined|null|NaN)$/.test(value ?? "")) continue;
    const number = Number(value);
    if (!field.endsWith("In")) tokens[field] = value;
    else if (isSeconds(number)) tokens[field] = number;
  }
  const isOther = (part) => !(new URLSearchParams(part).keys().next().value in names);
  const rest = query.split("&").filter((part) => part === "" || isOther(part));
  return { tokens, address: before + (rest.length > 0 ? `?${rest.join("&")}` : "") + fragment };
}
