// The requests that a session makes, as `Sandbox.requests` names them.

export const GUEST = "GET /customerlogin/auth/anonymous/login none 200";
export const GUEST_REFRESH = "GET /customerlogin/auth/anonymous/refresh none 200";
export const LOGIN = "POST /customer/login anonymous 200";
export const REFRESH = "GET /customer/refreshauthtoken anonymous 200";
export const LOGOUT = "GET /customer/logout customer 204";
