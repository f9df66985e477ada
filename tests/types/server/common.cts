// The same in CommonJS.

import { SessionManager } from "storefront-session";
import inline = require("storefront-session/inline");

export const sessions: Promise<SessionManager>[] = [
  SessionManager.open({ tenant: "acme", clientId: "storefront" }),
  inline.SessionManager.open({ tenant: "acme", clientId: "storefront" }),
];
