// The same in Vue: one component opens the session, and one below it shows it.

import { createSSRApp, h } from "vue";
import { useSession } from "storefront-session/vue";

const Visitor = {
  setup() {
    const { session, snapshot, error, legalEntities } = useSession();
    return () => {
      globalThis.shown = { session: session.value, snapshot: snapshot.value, error: error.value };
      const companies = legalEntities.value?.map(({ id }) => id).join();
      return h("p", `${session.value ? "open" : "closed"} ${snapshot.value?.kind} ${snapshot.value?.legalEntityId} ${companies}${error.value?.code ?? ""}`);
    };
  },
};

export const app = (source, serverSnapshot) =>
  createSSRApp({
    setup() {
      useSession(source, serverSnapshot);
      return () => h(Visitor);
    },
  });
