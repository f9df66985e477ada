// What README and recipes take for granted: a session that is open, a framework's request, other libraries.

import type { SessionManager as Manager, SessionSnapshot } from "storefront-session";

declare global {
  const session: Manager;
  const email: string;
  const password: string;
  const url: string;
  const tenant: string;
  const clientId: string;
  const encryptionKey: string;
  const authorizationEndpoint: string;
  const redirectUri: string;
  const request: Request;
  const headers: Headers;
  const render: (snapshot: SessionSnapshot) => void;
  // Imported by the block above it.
  const SessionServer: typeof import("storefront-session/server").SessionServer;

  interface Tracked {
    data?: { url?: string };
    request?: { url?: string };
  }
  const Sentry: { init(options: { beforeBreadcrumb(crumb: Tracked): Tracked; beforeSend(event: Tracked): Tracked }): void };
  const useQuery: typeof import("@tanstack/react-query").useQuery;
}
