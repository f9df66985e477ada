// The page, as text.

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const plain = (text) => `${text ?? ""}`.replace(/[&<>"]/g, (it) => escapes[it]);
const nameOf = ({ name }) => plain(typeof name === "string" ? name : (name?.en ?? Object.values(name ?? {})[0]));

export const page = ({ products, items, kind, companies, legalEntityId, message }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Shop</title>
<h1>Shop</h1>
${message ? `<p role="alert">${plain(message)}</p>` : ""}
<p>You are <strong data-testid="who">${kind === "customer" ? "signed in" : "a guest"}</strong>,
with <strong data-testid="count">${items.reduce((sum, { quantity }) => sum + quantity, 0)}</strong> in the cart.</p>
${kind === "customer" ? account(companies, legalEntityId) : login}
<ul>${products.map(product).join("")}</ul>
</html>`;

const product = (it) => `
<li>${nameOf(it)}
  <form method="post" action="/cart"><button name="product" value="${plain(it.id)}">Put into the cart</button></form>
</li>`;

const login = `
<form method="post" action="/login">
  <label>E-mail <input name="email" type="email" required></label>
  <label>Password <input name="password" type="password" required></label>
  <button>Sign in</button>
</form>`;

const account = (companies, chosen) => `
<form method="post" action="/company">
  <label>Buy for <select name="company">
    <option value="">yourself</option>
    ${companies.map(({ id, name }) => `<option value="${plain(id)}"${id === chosen ? " selected" : ""}>${plain(name ?? id)}</option>`).join("")}
  </select></label>
  <button>Choose</button>
</form>
<form method="post" action="/logout"><button>Sign out</button></form>`;
