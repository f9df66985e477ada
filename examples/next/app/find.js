"use client";

import { useState } from "react";
import { SessionProvider, useSession } from "storefront-session/react";

/**
 * Finds products as somebody types. That goes from the browser straight to the platform, as a guest of this page's own: the visitor's
 * tokens stay on the server, and so do his cart and his prices.
 */
export function Find({ tenant, clientId, apiUrl }) {
  return (
    <SessionProvider options={{ tenant, clientId, apiUrl, storage: "memory" }}>
      <Search tenant={tenant} />
    </SessionProvider>
  );
}

function Search({ tenant }) {
  const { session } = useSession();
  const [all, setAll] = useState();
  const [text, setText] = useState("");

  async function find({ target }) {
    setText(target.value);
    // Until somebody types, the page asks for nothing, not even a token.
    if (all) return;
    const answer = await session.fetch(`/product/${tenant}/products`).catch(() => undefined);
    if (answer?.ok) setAll(await answer.json());
  }

  const found = text ? (all ?? []).filter(({ name }) => nameOf(name).toLowerCase().includes(text.toLowerCase())) : [];
  return (
    <search>
      <label>
        Find <input type="search" value={text} onChange={find} disabled={!session} />
      </label>
      <output>{text && all ? `${found.length} found: ${found.map(({ name }) => nameOf(name)).join(", ")}` : ""}</output>
    </search>
  );
}

const nameOf = (name) => (typeof name === "string" ? name : (Object.values(name ?? {})[0] ?? ""));
