import { cartOf, clientId, json, tenant, visit } from "../lib/shop.js";
import { choose, login, logout, put } from "./actions.js";
import { Find } from "./find.js";

export default async function Page({ searchParams }) {
  const { session } = await visit();
  const products = await json(await session.fetch(`/product/${tenant}/products`));
  const { kind, sessionId, legalEntityId = "" } = session.getSnapshot();
  const { items = [] } = sessionId ? await cartOf(session) : {};
  const companies = kind === "customer" ? await session.legalEntities() : [];
  const { message } = await searchParams;
  return (
    <main>
      <h1>Shop</h1>
      {message && <p role="alert">{message}</p>}
      <p>
        You are <strong data-testid="who">{kind === "customer" ? "signed in" : "a guest"}</strong>, with{" "}
        <strong data-testid="count">{items.reduce((sum, { quantity }) => sum + quantity, 0)}</strong> in the cart.
      </p>
      {kind === "customer" ? (
        <>
          <form action={choose}>
            <label>
              Buy for{" "}
              <select name="company" key={legalEntityId} defaultValue={legalEntityId}>
                <option value="">yourself</option>
                {companies.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name ?? id}
                  </option>
                ))}
              </select>
            </label>
            <button>Choose</button>
          </form>
          <form action={logout}>
            <button>Sign out</button>
          </form>
        </>
      ) : (
        <form action={login}>
          <label>
            E-mail <input name="email" type="email" required />
          </label>
          <label>
            Password <input name="password" type="password" required />
          </label>
          <button>Sign in</button>
        </form>
      )}
      <Find tenant={tenant} clientId={clientId} apiUrl={process.env.API_URL} />
      <ul>
        {products.map(({ id, name }) => (
          <li key={id}>
            {typeof name === "string" ? name : Object.values(name ?? {})[0]}
            <form action={put}>
              <button name="product" value={id}>
                Put into the cart
              </button>
            </form>
          </li>
        ))}
      </ul>
    </main>
  );
}
