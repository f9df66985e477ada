// A page of React: who the visitor is, his companies, and the key under which his queries are kept.

import { StrictMode, createElement as h } from "react";
import { SessionProvider, useLegalEntities, useSession, useSessionQueryKey } from "storefront-session/react";

function Visitor() {
  const { session, snapshot, error } = useSession();
  const { legalEntities } = useLegalEntities();
  const key = useSessionQueryKey("cart");
  globalThis.shown = { session, snapshot, error, legalEntities, key };
  const companies = legalEntities?.map(({ id }) => id).join();
  return h("p", null, `${session ? "open" : "closed"} ${snapshot?.kind} ${snapshot?.legalEntityId} ${companies}${error?.code ?? ""} ${snapshot?.busy ?? "idle"}`);
}

export const app = (props) =>
  h(StrictMode, null, h(SessionProvider, props, h(Visitor), h(Visitor)));
