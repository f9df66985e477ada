// The same in Vue: one component opens the session, and one below it shows it.

import { KeepAlive, createApp, createSSRApp, h, shallowRef } from "vue";
import { useSession } from "storefront-session/vue";

const Visitor = {
  setup() {
    const { session, snapshot, error, legalEntities } = useSession();
    return () => {
      globalThis.shown = { session: session.value, snapshot: snapshot.value, error: error.value };
      const companies = legalEntities.value?.map(({ id }) => id).join();
      return h("p", `${session.value ? "open" : "closed"} ${snapshot.value?.kind} ${snapshot.value?.legalEntityId} ${companies}${error.value?.code ?? ""} ${snapshot.value?.busy ?? "idle"}`);
    };
  },
};

const Opener = {
  props: ["source"],
  setup(props) {
    useSession(props.source);
    return () => h(Visitor);
  },
};

/** A page that is left and comes back, kept alive meanwhile. */
export const pages = (source) => {
  const isShown = shallowRef(true);
  const it = createApp({ setup: () => () => h(KeepAlive, null, { default: () => (isShown.value ? h(Opener, { source }) : h("p", "elsewhere")) }) });
  return { app: it, isShown };
};

export const app = (source, serverSnapshot) =>
  createSSRApp({
    setup() {
      useSession(source, serverSnapshot);
      return () => h(Visitor);
    },
  });
