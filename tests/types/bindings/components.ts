// Components in React, Vue and Svelte, compiled and never run.

import { type ReactElement, createElement } from "react";
import type { LegalEntity, SessionError, SessionManager, SessionSnapshot } from "storefront-session";
import { SessionProvider, useLegalEntities, useSession, useSessionQueryKey } from "storefront-session/react";
import { type SessionState, sessionStore } from "storefront-session/svelte";
import { useSession as useVueSession } from "storefront-session/vue";

const options = { tenant: "acme", clientId: "storefront" };
declare const session: Promise<SessionManager>;
declare const serverSnapshot: SessionSnapshot;

export const roots: ReactElement[] = [
  createElement(SessionProvider, { options, serverSnapshot }, "text"),
  createElement(SessionProvider, { session }),
  createElement(SessionProvider, {}),
  // @ts-expect-error: a tenant is needed
  createElement(SessionProvider, { options: { clientId: "storefront" } }),
];

export function Component(): string {
  const { session, snapshot, error } = useSession();
  const parts: [SessionManager | undefined, SessionSnapshot | undefined, SessionError | undefined] = [session, snapshot, error];
  const companies: LegalEntity[] | undefined = useLegalEntities().legalEntities;
  const key: ["storefront-session", string | undefined, "cart", number] = useSessionQueryKey("cart" as const, 1);
  const busy: "login" | "switching" | "logout" | undefined = snapshot?.busy;
  // @ts-expect-error: it may not be open yet
  session.logout();
  return [...parts, companies, busy, ...key].join();
}

export function setup(): string {
  const { snapshot, legalEntities } = useVueSession(options, serverSnapshot);
  const below = useVueSession();
  const company: string | undefined = legalEntities.value?.[0]?.id;
  return [snapshot.value?.kind, snapshot.value?.busy, below.session.value, company].join();
}

export const store = sessionStore(session);
export const end: () => void = store.subscribe((state: SessionState) => console.log(state.snapshot?.kind));
export const current: SessionState = store.current;
