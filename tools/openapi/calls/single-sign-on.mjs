// Logins by another provider's word.

import { createHash } from "node:crypto";

import { customerService } from "../files.mjs";
import { back } from "../shop.mjs";

export async function singleSignOn(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = guest.access_token;
  const social = "/customer/{tenant}/socialLogin";
  const verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const code = await shop.code("buyer@example.com", pkce);
  const query = { code, redirect_uri: back, code_verifier: verifier };
  const headers = { "session-id": guest.sessionId };
  await check.call(file, "POST", social, 200, { bearer, query, headers });
  await check.call(file, "POST", social, 400, { bearer, query: { code } });
  await check.call(file, "POST", social, 401, { bearer, query });
  await check.refusals(file, "POST", social, { right: bearer, query });

  const form = {
    grant_type: "authorization_code",
    client_id: "shop",
    redirect_uri: back,
    code: await shop.code("new@example.com"),
  };
  const { json } = await check.send("POST", "/_oidc/token", { form });
  const exchange = "/customer/{tenant}/exchangeauthtoken";
  const subject = { subjectAccessToken: json.access_token };
  const customer = (await check.call(file, "POST", exchange, 200, { bearer, query: subject })).json;
  await check.call(file, "POST", exchange, 400, { bearer, query: { ...subject, config: "site_PL" } });
  await check.call(file, "POST", exchange, 401, { bearer, query: { subjectAccessToken: "expired" } });
  await check.refusals(file, "POST", exchange, { right: bearer, wrong: customer.access_token, query: subject });
}
