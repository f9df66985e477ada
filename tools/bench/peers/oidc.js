import { UserManager, WebStorageStateStore } from "oidc-client-ts";

let manager;

export const signIn = async (url) => {
  await open(url);
  await manager.signinResourceOwnerCredentials({ username: "visitor", password: "secret", skipUserInfo: true });
};

export const open = async (url) => {
  manager = new UserManager({
    authority: url,
    client_id: "storefront",
    redirect_uri: location.href,
    scope: "openid profile offline_access",
    // By default each tab signs in for itself.
    userStore: new WebStorageStateStore({ store: localStorage }),
  });
};

export const token = async () => {
  const user = await manager.getUser();
  if (user !== null && !user.expired) return user.access_token;
  return (await manager.signinSilent()).access_token;
};

export const renew = () => manager.signinSilent();
