const kinds = [
  [/^\/customerlogin\/auth\/anonymous\/login$/, "Guest token", true],
  [/^\/customerlogin\/auth\/anonymous\/refresh$/, "Guest renewal", true],
  [/^\/customer\/[^/]+\/login$/, "Sign-in", true],
  [/^\/customer\/[^/]+\/refreshauthtoken$/, "Renewal", true],
  [/^\/customer\/[^/]+\/logout$/, "Sign-out", true],
  [/^\/customer\/[^/]+\/(socialLogin|exchangeauthtoken)$/, "Single sign-on", true],
  [/^\/customer\/[^/]+\/signup\/optin\//, "Opt-in", true],
  [/^\/customer\/[^/]+\/signup$/, "Sign-up", false],
  [/^\/customer\/[^/]+\/validateauthtoken$/, "Validation", false],
  [/^\/customer\/[^/]+\/me$/, "Profile", false],
  [/^\/customer-management\/[^/]+\/legal-entities/, "Companies", false],
  [/^\/product\//, "Products", false],
  [/^\/price\//, "Prices", false],
  [/^\/cart\/.*\/merge$/, "Cart merge", false],
  [/^\/cart\/.*\/items/, "Cart item", false],
  [/^\/cart\//, "Cart", false],
  [/^\/session-context\//, "Context", false],
  [/^\/checkout\//, "Order", false],
  [/^\/order-v2\//, "Orders", false],
];

/** What is asked for at that path, in words, and whether it is for tokens. */
export function describe(path) {
  const [, what, isToken] = kinds.find(([pattern]) => pattern.test(path)) ?? [undefined, "Other", false];
  return { what, isToken };
}

/** How a request has ended, in a word: its status, where it is known. */
export const outcome = ({ delivered, status }) => (delivered === false ? "lost" : status === undefined ? "–" : String(status));

export const hasFailed = ({ delivered, status }) => delivered === false || status >= 400;
