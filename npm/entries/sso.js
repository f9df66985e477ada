import { check, checkSession, fail, isMaybe, isText, read } from "./checks.js";
import { adopt } from "./tokens.js";

/** An address of the web as a URL; nothing, or an error, where it is none. */
const addressOf = (it) => /^https?:/i.test(it) && new URL(it);

export async function beginLogin(session, given) {
  const { authorizationEndpoint, redirectUri, clientId, scope, config } = read(given, {
    authorizationEndpoint: addressOf,
    redirectUri: addressOf,
    clientId: isText,
    scope: isMaybe,
    config: (it) => isMaybe(it, /^((?!--).)+$/),
  });
  checkSession(session);
  await session.accessToken();
  const url = new URL(authorizationEndpoint);
  const verifier = random();
  const state = (config ? config + "--" : "") + random();
  kept()[keyOf(session, state, new URL(redirectUri))] = JSON.stringify([verifier, redirectUri]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const asked = {
    response_type: "code",
    redirect_uri: redirectUri,
    client_id: clientId,
    scope: scope ?? "openid",
    code_challenge: btoa(String.fromCharCode(...new Uint8Array(digest))).replace(/=/, "").replace(/\//g, "_").replace(/\+/g, "-"),
    state,
    code_challenge_method: "S256",
  };
  for (const name in asked) url.searchParams.set(name, asked[name]);
  return url.href;
}

export async function completeLogin(session, given) {
  const url = check("url", () => addressOf(given));
  const key = keyOf(session, url.searchParams.get("state"), url);
  const [code_verifier, redirect_uri] = JSON.parse(kept()[key] ?? fail("invalid_state", "no login"));
  // Used once: gone before it is used.
  delete kept()[key];
  const code = url.searchParams.get("code") ?? fail("invalid_credentials", "no login");
  return signIn(session, "socialLogin", { code, code_verifier, redirect_uri });
}

export async function exchangeToken(session, given) {
  const { subjectToken, config } = read(given, { subjectToken: isText, config: isMaybe });
  return signIn(session, "exchangeauthtoken", { subjectAccessToken: subjectToken, ...(config && { config }) });
}

const signIn = (session, path, query) => adopt(session, `/customer/{}/${path}?${new URLSearchParams(query)}`, { method: "POST" });

/** 244 random bits in letters that an address and a verifier may have. */
const random = () => crypto.randomUUID() + crypto.randomUUID();

/** Under which key a login is kept: it is that of one session, and of the address that it comes back to. */
const keyOf = (session, state, url) => `storefront-session-sso:${checkSession(session).sessionId}:${state}:${url.origin + url.pathname}`;
const memory = {};

/** Where logins are kept that were begun and not completed: the tab's own storage, or this process. */
function kept() {
  try {
    return sessionStorage;
  } catch {
    return memory;
  }
}
