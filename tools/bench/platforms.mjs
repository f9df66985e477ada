// What each library's platform answers to a request for tokens, in its own protocol. The answers are equal in what they
// hold: access tokens of the same length and life, and the refresh token handled as that platform documents it.

const scope = "openid profile offline_access";
const clientId = "storefront";

/** Refresh tokens that are good once, as OAuth's best practice for browsers asks. */
const rotating = { once: true };
/** Supabase takes a spent one for ten seconds more. */
const rotatingWithGrace = { once: true, graceMs: 10_000 };
const lasting = { once: false };

export const platforms = {
  ours: {
    refreshTokens: rotating,
    answer({ path, query, tokens }) {
      if (path === "/customerlogin/auth/anonymous/login") return ok(emporix(tokens.first()));
      if (path !== "/customerlogin/auth/anonymous/refresh") return undefined;
      const next = tokens.next(query.get("refresh_token"));
      return next ? ok(emporix(next)) : refused(401, { code: 401, status: "Unauthorized" });
    },
  },

  auth0: {
    refreshTokens: rotating,
    answer: (request) =>
      openId(request, { authorize: "/authorize", token: "/oauth/token", issuer: `${request.url}/`, refusal: 403 }),
  },

  oidc: {
    refreshTokens: rotating,
    answer(request) {
      const issuer = request.url;
      if (request.path === "/.well-known/openid-configuration") {
        const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
        return { ...ok({ issuer, ...endpoints }), isToken: false };
      }
      return openId(request, { authorize: "/authorize", token: "/token", issuer, refusal: 400 });
    },
  },

  supabase: {
    refreshTokens: rotatingWithGrace,
    answer({ path, query, body, tokens }) {
      if (path !== "/token") return undefined;
      const isRefresh = query.get("grant_type") === "refresh_token";
      const next = isRefresh ? tokens.next(JSON.parse(body).refresh_token) : tokens.first();
      if (!next) return refused(400, { error_code: "refresh_token_already_used", msg: "Invalid Refresh Token" });
      const user = { id: "visitor", aud: "authenticated", app_metadata: {}, user_metadata: {}, created_at: "2026-01-01" };
      return ok({ ...oauth(next), user });
    },
  },

  commercetools: {
    refreshTokens: lasting,
    answer({ path, body, tokens }) {
      if (!path.startsWith("/oauth/")) return undefined;
      const form = new URLSearchParams(body);
      const isRefresh = form.get("grant_type") === "refresh_token";
      const next = isRefresh ? tokens.next(form.get("refresh_token")) : tokens.first();
      return next ? ok(oauth(next)) : refused(400, { error: "invalid_grant" });
    },
  },

  saleor: {
    refreshTokens: lasting,
    answer({ path, body, tokens }) {
      if (path !== "/graphql/") return undefined;
      const { query, variables } = JSON.parse(body);
      if (!query.includes("tokenRefresh")) {
        const { access, refresh } = tokens.first();
        return ok({ data: { tokenCreate: { token: access, refreshToken: refresh, errors: [] } } });
      }
      const next = tokens.next(variables.refreshToken);
      const errors = next ? [] : [{ code: "INVALID_TOKEN", field: "refreshToken", message: "Invalid token" }];
      return ok({ data: { tokenRefresh: { token: next?.access, errors } } });
    },
  },
};

const ok = (body) => ({ status: 200, body, isToken: true });
const refused = (status, body) => ({ status, body, isToken: true, isRefused: true });

function oauth({ access, refresh, lifetime }) {
  return { access_token: access, refresh_token: refresh, token_type: "Bearer", expires_in: lifetime, scope };
}

function emporix(pair) {
  return { ...oauth(pair), refresh_token_expires_in: 86_400, sessionId: "0f3c8a52-6f1e-4c0e-9a54-3f4b7a0d2c11" };
}

function openId({ path, query, body, tokens }, { authorize, token, issuer, refusal }) {
  if (path === authorize) {
    const back = new URL(query.get("redirect_uri"));
    // The code carries the nonce, which the ID token must repeat.
    back.searchParams.set("code", query.get("nonce") ?? "code");
    back.searchParams.set("state", query.get("state"));
    return { status: 302, location: back.href, isToken: false };
  }
  if (path !== token) return undefined;
  const form = new URLSearchParams(body);
  const isRefresh = form.get("grant_type") === "refresh_token";
  const next = isRefresh ? tokens.next(form.get("refresh_token")) : tokens.first();
  if (!next) return refused(refusal, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." });
  const iat = next.issuedAt;
  const nonce = isRefresh ? undefined : form.get("code");
  const idToken = jwt({ iss: issuer, aud: clientId, sub: "visitor", iat, exp: iat + 36_000, nonce });
  return ok({ ...oauth(next), id_token: idToken });
}

/** A JSON Web Token with a signature of the usual length that nobody in a browser checks. */
export function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT", kid: "1" })}.${part(claims)}.${"s".repeat(342)}`;
}
