// What waits in a page of React: a part of it whose script comes late, and a cart that is read under the key of the visitor's queries.

import * as React from "react";
import { SessionProvider, useSession, useSessionQueryKey } from "storefront-session/react";

const { StrictMode, Suspense, createElement: h, lazy, startTransition, useLayoutEffect, useState } = React;

/** React 18 has the promise thrown. */
const use = React["use"] ?? thrown;

function thrown(promise) {
  if (promise.state === "kept") return promise.value;
  promise.state ??= promise.then((value) => Object.assign(promise, { state: "kept", value })) && "open";
  throw promise;
}

function Visitor() {
  const { session, snapshot } = useSession();
  return h("p", null, `${session ? "open" : "closed"} ${snapshot?.kind}`);
}

/** A part that is there when its script is. */
export const late = (script) => lazy(() => script.then(() => ({ default: Visitor })));

/** One visitor at once, another where `Late` is. */
export const halves = (props, Late) =>
  h(StrictMode, null, h(SessionProvider, props, h(Visitor), h(Suspense, { fallback: "waits" }, h(Late))));

/** The provider itself is where something waits. */
export const inside = (props, Late) => h(StrictMode, null, h(Suspense, { fallback: "waits" }, h(SessionProvider, props, h(Visitor), h(Late))));

const carts = new Map();
/** Who was shown beside whose cart. */
export const seen = [];

function read(session) {
  const { kind } = session.getSnapshot();
  return session.fetch("/product/acme/products").then(() => kind);
}

function Cart() {
  const { session, snapshot } = useSession();
  const key = JSON.stringify(useSessionQueryKey("cart"));
  if (session && !carts.has(key)) carts.set(key, read(session));
  const owner = session && use(carts.get(key));
  useLayoutEffect(() => void (session && seen.push(`${snapshot.kind} ${owner}`)));
  return h("p", null, `cart of ${owner}`);
}

function Shop() {
  const [page, show] = useState("home");
  Object.assign(globalThis, { turnTo: (page) => startTransition(() => show(page)) });
  return h("div", null, page, h(Visitor), page === "cart" && h(Cart));
}

export const shop = (props) => h(StrictMode, null, h(SessionProvider, props, h(Suspense, { fallback: "waits" }, h(Shop))));

/** A part that may be hidden and shown again, with its provider. Only React 19 has that. */
export const hidden = React["Activity"] && ((props, mode) => h(StrictMode, null, h(React["Activity"], { mode }, h(SessionProvider, props, h(Visitor)))));
