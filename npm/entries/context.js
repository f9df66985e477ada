import { ask, askOnce, sent } from "./call.js";
import { check, checkSession, fail, isMaybe, isObject, isText, read } from "./checks.js";

const path = "/session-context/{}/me/context";
const fields = {
  currency: (it) => isMaybe(it, /^[A-Z]{3}$/),
  siteCode: isMaybe,
  language: isMaybe,
  targetLocation: (it) => isMaybe(it, /^[A-Z]{2}$/),
  attributes: (it) => it == null || (isObject(it) && JSON.stringify(it)),
};

/** The official clients know a stale version by its status, or by these words. */
const codes = (text) => ({ 404: "invalid_state", 412: "conflict", ...(/version outdated/i.test(text) && { 400: "conflict" }) });

export async function context(session) {
  checkSession(session);
  try {
    return await ask(session, path, { codes });
  } catch (error) {
    // There is none before the first cart: docs/platform.md.
    if (error.code !== "invalid_state") throw error;
  }
}

export async function updateContext(session, wanted) {
  check("changes", () => isObject(wanted));
  const { attributes, ...changes } = read(wanted, fields);
  const given = Object.keys(changes).filter((field) => changes[field] != null);
  for (const name in attributes) check(`attributes.${name}`, () => isText(attributes[name]) || isObject(attributes[name]));
  check("changes", () => attributes ?? given[0]);

  for (let isAgain = false; ; isAgain = true) {
    const known = await context(session);
    const version = known?.metadata?.version ?? (known ? fail("protocol", "no version") : fail("invalid_state", "the session has no context before its first cart"));
    const isChanged = (field) => changes[field] != null && changes[field] !== known[field];
    const body = { metadata: { version } };
    for (const field of given) body[field] = changes[field];
    if (attributes) {
      // They are replaced as a whole. The company follows the token and cannot be written.
      const { legalEntityId, ...others } = known.context ?? {};
      body.context = { ...others, ...attributes };
    }
    try {
      await askOnce(session, path, { ...sent("PATCH", body), codes });
    } catch (error) {
      if (error.code === "conflict" && !isAgain) continue;
      throw error;
    }
    const cartChanged = ["currency", "siteCode"].some(isChanged);
    return {
      sessionId: known.sessionId ?? session.getSnapshot().sessionId,
      version: version + 1,
      pricesChanged: cartChanged || isChanged("targetLocation"),
      cartChanged,
    };
  }
}
