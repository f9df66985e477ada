import { createAuthMiddlewareForAnonymousSessionFlow, createClient, createHttpMiddleware } from "@commercetools/ts-client";

import { answered } from "../answered.js";

let client;

/** There is nothing to sign in to: the first call fetches an anonymous token, which stays in this page's memory. */
export const signIn = async () => {};

export const open = async (url) => {
  client = createClient({
    middlewares: [
      createAuthMiddlewareForAnonymousSessionFlow({
        host: url,
        projectKey: "acme",
        credentials: { clientId: "storefront", clientSecret: "secret" },
        httpClient: fetch,
      }),
      createHttpMiddleware({ host: url, httpClient: answered }),
    ],
  });
};

export const call = () => client.execute({ uri: "/acme/products", method: "GET" });
/** A token that has expired on arrival (see the measure) is renewed by the next call. */
export const renew = call;
