import { useEffect, useState } from "react";
import { useLegalEntities, useSession } from "storefront-session/react";

import { visit } from "../visit.js";

export const loader = async () => ({ text: await visit(process.env.API_URL) });

let visiting;

export default function Home({ loaderData }) {
  const { snapshot } = useSession();
  const { legalEntities = [] } = useLegalEntities();
  const [text, show] = useState("");
  useEffect(() => {
    visiting ??= visit(new URLSearchParams(location.search).get("api"));
    visiting.then(show, (error) => show(`failed: ${error}`));
  }, []);
  return (
    <>
      <p id="server">{loaderData.text}</p>
      <p id="client">{text}</p>
      <p id="hooks">{legalEntities.length > 0 && `${snapshot.kind}, ${legalEntities.length} products`}</p>
    </>
  );
}
