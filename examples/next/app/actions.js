"use server";

import { redirect } from "next/navigation";

import { cartOf, json, keepName, post, tenant, visit } from "../lib/shop.js";

/** What a form asks for, done with the visitor's session; then the page anew. */
async function act(work) {
  const visitor = await visit();
  let message = "";
  try {
    await work(visitor.session);
  } catch (error) {
    const told = { invalid_credentials: "E-mail or password is wrong.", legal_entity_refused: "You do not buy for this company." };
    message = told[error.code] ?? "That did not work. Please try again.";
  }
  await keepName(visitor);
  redirect(message ? `/?message=${encodeURIComponent(message)}` : "/");
}

export async function put(form) {
  await act(async (session) => {
    const products = await json(await session.fetch(`/product/${tenant}/products`));
    const { yrn, price } = products.find(({ id }) => id === form.get("product"));
    const { id } = await cartOf(session);
    await json(await session.fetch(`/cart/${tenant}/carts/${id}/items?siteCode=main`, post({ itemYrn: yrn, price, quantity: 1 })));
  });
}

export async function login(form) {
  await act(async (session) => {
    const guest = session.getSnapshot().sessionId ? await cartOf(session) : undefined;
    await session.login({ email: form.get("email"), password: form.get("password") });
    const { id } = await cartOf(session);
    if (guest && guest.id !== id) await session.fetch(`/cart/${tenant}/carts/${id}/merge`, post({ carts: [guest.id] }));
  });
}

export async function choose(form) {
  await act((session) => session.switchLegalEntity(form.get("company") || null));
}

export async function logout() {
  await act((session) => session.logout());
}
