import { computed, getCurrentInstance, getCurrentScope, inject, onMounted, onScopeDispose, provide, shallowRef } from "vue";

import { Live } from "./live.js";

const key = Symbol("storefront-session");

export function useSession(source, serverSnapshot) {
  if (!source) {
    const known = inject(key, undefined);
    if (!known) throw new Error("storefront-session/vue: no component above this one has called useSession with options");
    return known;
  }
  const live = new Live(source, serverSnapshot);
  const state = shallowRef(live.state);
  const companies = shallowRef(live.companies());
  const shown = {
    session: computed(() => state.value.session),
    snapshot: computed(() => state.value.snapshot),
    error: computed(() => state.value.error),
    /** Asked for when it is read for the first time while a customer is signed in. */
    legalEntities: computed(() => {
      if (state.value.session) live.askForCompanies();
      return companies.value.legalEntities;
    }),
  };
  const end = live.subscribe(() => {
    state.value = live.state;
    companies.value = live.companies();
  });
  const isComponent = getCurrentInstance();
  if (isComponent) provide(key, shown);
  // No server mounts anything; a store outside of components has a page where there is a document.
  if (isComponent) onMounted(live.start);
  else if (typeof document === "object") live.start();
  if (getCurrentScope()) {
    onScopeDispose(() => {
      end();
      live.stop();
    });
  }
  return shown;
}
