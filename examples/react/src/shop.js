// What the shop asks of the platform for whoever visits it.

export const tenant = "acme";
const site = "siteCode=main";

export const options = { tenant, clientId: "storefront", apiUrl: import.meta.env.VITE_API_URL, mergeCart: true, context: { siteCode: "main" } };

async function json(answer) {
  if (!answer.ok) throw new Error(`the platform answers ${answer.status}`);
  return answer.json();
}

export const productsOf = async (session) => json(await session.fetch(`/product/${tenant}/products`));

/** How many things are in the cart. Who has put nothing into one has none. */
export async function countOf(session) {
  const answer = await session.fetch(`/cart/${tenant}/carts?${site}`);
  if (answer.status === 404) return 0;
  const { items = [] } = await json(answer);
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

export async function put(session, { yrn, price }) {
  const { id } = await json(await session.fetch(`/cart/${tenant}/carts?${site}&create=true`));
  const body = JSON.stringify({ itemYrn: yrn, price, quantity: 1 });
  await json(await session.fetch(`/cart/${tenant}/carts/${id}/items?${site}`, { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

export const nameOf = ({ id, name }) => (typeof name === "string" ? name : (Object.values(name ?? {})[0] ?? id));

/** What somebody waits for. */
export const waits = { login: "Signing in …", switching: "Changing the company …", logout: "Signing out …" };

const messages = {
  invalid_credentials: "E-mail or password is wrong.",
  legal_entity_refused: "You cannot buy for this company.",
  network: "The shop cannot be reached. Please try again.",
  // Somebody else has signed in or out meanwhile; the page shows who.
  aborted: "",
};

export const messageOf = ({ code }) => messages[code] ?? "That did not work. Please try again.";
