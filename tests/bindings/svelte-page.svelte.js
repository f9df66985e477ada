import { flushSync } from "svelte";
import { sessionStore } from "storefront-session/svelte";

/** Shows a session as runes see it. */
globalThis.show = (source) => {
  const store = sessionStore(source);
  globalThis.store = store;
  return $effect.root(() => {
    $effect(() => {
      const { session, snapshot, error } = store.current;
      globalThis.shown = { session, snapshot, error };
      document.querySelector("#root").textContent = `${session ? "open" : "closed"} ${snapshot?.kind} ${snapshot?.legalEntityId} ${error?.code ?? ""} ${snapshot?.busy ?? "idle"}`;
    });
  });
};
globalThis.flush = flushSync;
globalThis.sessionStore = sessionStore;
