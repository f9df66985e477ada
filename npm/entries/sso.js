import { check, fail, isText } from "./checks.js";
import { adopt } from "./tokens.js";

export async function beginLogin(session, given) {
  const { authorizationEndpoint, clientId, redirectUri, scope = "openid", config } = given ?? {};
  const url = addressOf("authorizationEndpoint", authorizationEndpoint);
  addressOf("redirectUri", redirectUri);
  check("clientId", isText(clientId));
  check("scope", isText(scope));
  check("config", config == null || isText(config, /^((?!--).)+$/));
  check("session", session?.tenant);
  await session.accessToken();
  const verifier = random();
  const state = (config ? `${config}--` : "") + random();
  kept()[place + state] = JSON.stringify([verifier, redirectUri, session.getSnapshot().sessionId]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const asked = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: btoa(String.fromCharCode(...new Uint8Array(digest))).replace(/\W/g, (it) => (it > "<" ? "" : it > "," ? "_" : "-")),
    code_challenge_method: "S256",
  };
  for (const name in asked) url.searchParams.set(name, asked[name]);
  return url.href;
}

export async function completeLogin(session, given) {
  const { origin, pathname, searchParams } = addressOf("url", given);
  check("session", session?.tenant);
  const all = kept();
  const key = place + searchParams.get("state");
  const [code_verifier, redirect_uri, sessionId] = JSON.parse(all[key] ?? "[]");
  const expected = redirect_uri && new URL(redirect_uri);
  if (expected?.origin !== origin || expected.pathname !== pathname || sessionId !== session.getSnapshot().sessionId) fail("invalid_state", "no such login was begun");
  // Used once: gone before it is used.
  delete all[key];
  const code = searchParams.get("code") ?? fail("invalid_credentials", "no code");
  return signIn(session, "socialLogin", { code, redirect_uri, code_verifier });
}

export async function exchangeToken(session, given) {
  const { subjectToken, config } = given ?? {};
  check("subjectToken", isText(subjectToken));
  check("config", config == null || isText(config));
  return signIn(session, "exchangeauthtoken", { subjectAccessToken: subjectToken, ...(config && { config }) });
}

const signIn = (session, path, query) => adopt(session, "POST", `/customer/{}/${path}?${new URLSearchParams(query)}`);

/** 244 random bits in letters that an address and a verifier may have. */
const random = () => crypto.randomUUID() + crypto.randomUUID();

function addressOf(field, text) {
  try {
    const url = new URL(text);
    if (/^http/.test(url)) return url;
  } catch {}
  check(field);
}

const place = "storefront-session-sso:";
const memory = {};

/** Where logins are kept that were begun and not completed: the tab's own storage, or this process. */
function kept() {
  try {
    return sessionStorage;
  } catch {
    return memory;
  }
}
