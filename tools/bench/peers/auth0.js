import { Auth0Client } from "@auth0/auth0-spa-js";

import { answered } from "../answered.js";

let auth0;
let fetcher;

/** The code flow: away to the platform's page, which sends the visitor back at once. */
export const signIn = async (url) => {
  await open(url);
  if (location.search.includes("code=")) await auth0.handleRedirectCallback();
  else await auth0.loginWithRedirect({ authorizationParams: { redirect_uri: location.href } });
};

export const open = async (url) => {
  auth0 = new Auth0Client({
    domain: url,
    clientId: "storefront",
    cacheLocation: "localstorage",
    useRefreshTokens: true,
    authorizationParams: { redirect_uri: location.href },
  });
  fetcher = auth0.createFetcher({ baseUrl: url, fetch: answered });
};

export const token = () => auth0.getTokenSilently();
export const call = () => fetcher.fetchWithAuth("/products");
export const renew = () => auth0.getTokenSilently({ cacheMode: "off" });
