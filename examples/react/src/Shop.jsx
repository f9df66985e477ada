import { useEffect, useState } from "react";
import { useLegalEntities, useSession } from "storefront-session/react";

import { countOf, messageOf, nameOf, productsOf, put, waits } from "./shop.js";

export function Shop() {
  const { session, snapshot, error } = useSession();
  const { kind, identity, cartId, legalEntityId = "", busy } = snapshot ?? {};
  const [products, setProducts] = useState([]);
  const [count, setCount] = useState(0);
  const [message, setMessage] = useState("");

  // Prices and carts are those of the visitor and his company.
  useEffect(() => {
    if (!session) return;
    let isOver = false;
    Promise.all([productsOf(session), countOf(session)]).then(
      ([products, count]) => {
        if (isOver) return;
        setProducts(products);
        setCount(count);
      },
      (error) => isOver || setMessage(messageOf(error)),
    );
    return () => void (isOver = true);
  }, [session, identity, cartId]);

  async function act(work) {
    setMessage("");
    try {
      await work();
    } catch (error) {
      setMessage(messageOf(error));
    }
  }

  const isCustomer = kind === "customer";
  return (
    <main aria-busy={busy !== undefined}>
      <h1>Shop</h1>
      <p role="status">{waits[busy]}</p>
      <p role="alert">{error ? "This browser cannot show the shop." : message}</p>
      <p>
        You are <strong data-testid="who">{isCustomer ? "signed in" : "a guest"}</strong>, with{" "}
        <strong data-testid="count">{count}</strong> in the cart.
      </p>
      {isCustomer ? <Customer {...{ session, legalEntityId, busy, act }} /> : <Guest {...{ session, busy, act }} />}
      <h2>Products</h2>
      <ul>
        {products.map((product) => (
          <li key={product.id}>
            <span id={product.id}>{nameOf(product)}</span>
            <button
              disabled={busy !== undefined}
              aria-describedby={product.id}
              onClick={() => act(async () => (await put(session, product), setCount(await countOf(session))))}
            >
              Put into the cart
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Guest({ session, busy, act }) {
  const signIn = (event) => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    act(() => session.login({ email, password }));
  };
  return (
    <form onSubmit={signIn}>
      <label>
        E-mail <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button disabled={!session || busy !== undefined}>Sign in</button>
    </form>
  );
}

function Customer({ session, legalEntityId, busy, act }) {
  const { legalEntities = [] } = useLegalEntities();
  return (
    <form onSubmit={(event) => (event.preventDefault(), act(session.logout))}>
      <label>
        Buy for{" "}
        <select
          value={legalEntityId}
          disabled={busy !== undefined}
          onChange={({ target }) => act(() => session.switchLegalEntity(target.value || null))}
        >
          <option value="">yourself</option>
          {legalEntities.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? id}
            </option>
          ))}
        </select>
      </label>
      <button disabled={busy !== undefined}>Sign out</button>
    </form>
  );
}
