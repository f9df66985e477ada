import { SessionManager } from "storefront-session";

import { answered } from "../answered.js";

let session;

export const signIn = async (url) => {
  await open(url);
  await session.accessToken();
};

export const open = async (url) => {
  const send = (input, init) => (isAuthorized(init?.headers ?? input.headers) ? answered() : fetch(input, init));
  session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: url, fetch: send });
};

export const token = () => session.accessToken();
export const call = () => session.fetch("/product/acme/products");
export const renew = () => session.refresh();
export const snapshot = () => session.getSnapshot();

/** Headers come as fetch takes them. */
const isAuthorized = (headers) => headers?.has?.("Authorization") ?? headers?.Authorization;
