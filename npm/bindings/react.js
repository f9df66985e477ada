import { createContext, createElement, useContext, useEffect, useMemo, useSyncExternalStore } from "react";

import { Live } from "./live.js";

const Context = createContext(undefined);

export function SessionProvider({ options, session, serverSnapshot, children }) {
  // Options and promises may be made anew at each rendering; a session is another only where it is meant.
  const live = useMemo(() => new Live(session ?? options, serverSnapshot), [session?.then ? 0 : session]);
  // An effect, which no server runs, and which StrictMode runs twice: sessions of the same options are one, and counted.
  useEffect(() => {
    live.start();
    return live.stop;
  }, [live]);
  return createElement(Context.Provider, { value: live }, children);
}

function useLive() {
  const live = useContext(Context);
  if (!live) throw new Error("storefront-session/react: there is no <SessionProvider> around this component");
  return live;
}

export function useSession() {
  const live = useLive();
  // While the page hydrates, all see what the server has seen.
  return useSyncExternalStore(
    live.subscribe,
    () => live.state,
    () => live.first,
  );
}

const noCompanies = () => none;
const none = Object.freeze({});

export function useLegalEntities() {
  const live = useLive();
  const state = useSession();
  useEffect(live.askForCompanies, [live, state]);
  return useSyncExternalStore(live.subscribe, live.companies, noCompanies);
}

export const useSessionQueryKey = (...key) => ["storefront-session", useSession().snapshot?.identity, ...key];
