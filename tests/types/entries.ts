// The entries over a session, as a shop uses them; compiled and never run. The lines under `@ts-expect-error` must not compile.

import { SessionError, type SessionErrorCode, type SessionManager, type SessionSnapshot } from "storefront-session";
import * as account from "storefront-session/account";
import { companyOrder, companyOrders, myScopes, roles, type CompanyOrder, type Role } from "storefront-session/company";
import { context, updateContext, type ContextChange, type ContextDocument } from "storefront-session/context";
import { ServiceToken, type ServiceTokenOptions } from "storefront-session/service";
import { beginLogin, completeLogin, exchangeToken } from "storefront-session/sso";

export async function register(session: SessionManager, email: string, password: string): Promise<string | SessionErrorCode> {
  try {
    const { id } = await account.signUp(session, { email, password, customerDetails: { firstName: "Ann", b2b: { companyRegistrationId: "1" } } });
    await account.resendOptIn(session, email);
    await account.resendOptIn(session, { email });
    const snapshot: SessionSnapshot = await account.confirmOptIn(session, "token");
    return id + snapshot.kind;
  } catch (error) {
    if (error instanceof SessionError) return error.code;
    throw error;
  }
}

export async function manage(session: SessionManager): Promise<void> {
  await account.requestPasswordReset(session, { email: "ann@example.com", site: "main" });
  await account.resetPassword(session, { token: "t", password: "p" });
  await account.changePassword(session, { currentPassword: "a", newPassword: "b" });
  await account.changeEmail(session, { email: "a@example.com", password: "p", newEmail: "b@example.com", syncContactEmail: true });
  await account.confirmEmail(session, "t");
  const profile: account.Profile = await account.profile(session, { expand: "addresses" });
  await account.updateProfile(session, { firstName: "Ann", metadata: { version: profile.metadata?.version } });
  const { id } = await account.addAddress(session, { city: "Berlin" });
  await account.updateAddress(session, id, { city: "Hamburg" });
  const all: account.Address[] = await account.addresses(session);
  await account.removeAddress(session, all[0]?.id ?? id);
  // @ts-expect-error: a password is needed
  await account.signUp(session, { email: "ann@example.com" });
}

export async function signIn(session: SessionManager): Promise<SessionSnapshot[]> {
  const url: string = await beginLogin(session, { authorizationEndpoint: new URL("https://idp.example"), clientId: "shop", redirectUri: url0, scope: "openid", config: "one" });
  return [await completeLogin(session, url), await completeLogin(session, new URL(url)), await exchangeToken(session, { subjectToken: "t", config: "one" })];
}
const url0 = "https://shop.example/signed-in";

export async function choose(session: SessionManager): Promise<boolean> {
  const known: ContextDocument | undefined = await context(session);
  const change: ContextChange = await updateContext(session, { currency: "USD", attributes: { a: "1", version: { of: known?.metadata.version } } });
  return change.pricesChanged || change.cartChanged;
}

export async function company(session: SessionManager): Promise<[Role[], CompanyOrder[], string[]]> {
  const { orders, total } = await companyOrders(session, { page: 1, pageSize: 10 });
  const one: CompanyOrder = await companyOrder(session, orders[0]?.id ?? "", { legalEntityId: "le" });
  const { userId, scopes } = await myScopes(session);
  return [await roles(session), [one], [...scopes, userId, `${total ?? 0}`]];
}

const options: ServiceTokenOptions = { tenant: "acme", clientId: "id", clientSecret: "secret", scopes: ["a.b_read"], timeoutMs: 1_000, now: Date.now };

export async function backend(): Promise<string> {
  const service = new ServiceToken(options);
  const answer: Response = await service.fetch("/site/acme/sites");
  return (await service.accessToken()) + answer.status;
}

// @ts-expect-error: a secret is needed
new ServiceToken({ tenant: "acme", clientId: "id" });
