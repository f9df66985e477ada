import { StrictMode, createElement as h, useEffect, useState } from "react";
import { SessionProvider, useLegalEntities, useSession } from "storefront-session/react";

let signingIn;

function Visit() {
  const { session, snapshot } = useSession();
  const { legalEntities } = useLegalEntities();
  const [failure, show] = useState("");
  useEffect(() => {
    if (session) (signingIn ??= session.login({ email: "buyer@example.com", password: "sandbox-pass" })).catch((error) => show(`failed: ${error}`));
  }, [session]);
  return h("p", null, failure || (legalEntities ? `${snapshot.kind}, ${legalEntities.length} products` : "nothing yet"));
}

export const app = ({ apiUrl }) =>
  h(StrictMode, null, h(SessionProvider, { options: { tenant: "acme", clientId: "storefront", apiUrl } }, h(Visit)));
