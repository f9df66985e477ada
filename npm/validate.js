import { attempt } from "./answer.js";

/** What the platform says of the customer's token. A page loads this when somebody asks. */

const isText = (it) => typeof it === "string" && /\S/.test(it);
const nonsense = () => ({ code: "protocol", message: "the platform's answer makes no sense", retryable: true });
const tenYears = 10 * 365 * 86_400;

/** The first of these fields that holds a text with something in it. */
const textAt = (object, ...names) => names.map((name) => object[name]).find(isText);

/** The whole seconds of the first of these fields that holds a number, be it as a text; nothing where they are none. */
function secondsAt(object, ...names) {
  const numbers = names.map((name) => (isText(object[name]) ? Number(object[name]) : object[name]));
  const seconds = Math.trunc(numbers.find(Number.isFinite));
  return seconds > 0 ? Math.min(seconds, tenYears) : undefined;
}

/** What the answer says at that time, as `TokenInfo` has it in `index.d.ts`; nothing where it is none. */
export function readInfo(text, now) {
  const answer = Object(attempt(() => JSON.parse(text)));
  const scope = textAt(answer, "scope");
  if (!scope) return;
  const seconds = secondsAt(answer, "expires_in", "expiresIn");
  const info = {
    scopes: scope.trim().split(/\s+/),
    sessionId: textAt(answer, "sessionId", "session_id"),
    email: textAt(answer, "email"),
    legalEntityId: textAt(answer, "legalEntityId", "legal_entity_id"),
    expiresAt: seconds && Math.trunc(now) + seconds * 1000,
  };
  for (const name in info) if (info[name] === undefined) delete info[name];
  return info;
}

/** To the platform `read` and `view` are one (docs/platform.md §7). */
const spelled = (scope) => scope.split("_").map((part) => (part === "view" ? "read" : part)).join("_");

/**
 * What the platform says of the token, and `has(scope, identity)`: whether the token has that scope, nothing where the identity is
 * another by now. `ask` is the core's.
 */
export async function validate(ask, { tenant, now }) {
  const { identity, body } = await ask("inquire", [`/customer/${tenant}/validateauthtoken`], "validateauthtoken");
  const time = attempt(now);
  const info = readInfo(body, Number.isFinite(time) ? time : Date.now());
  if (!info) throw nonsense();
  const scopes = info.scopes.map(spelled);
  return { info, has: (scope, of) => (of === identity ? scopes.includes(spelled(scope)) : undefined) };
}
