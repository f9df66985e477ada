import { createRoot, hydrateRoot } from "react-dom/client";

import { app } from "./react-app.js";
import { halves, hidden, inside, late, seen, shop } from "./react-waiting.js";

const complaints = [];
const onRecoverableError = (error) => complaints.push(String(error));

const root = () => document.querySelector("#root");
const hydrateAs = (page) => hydrateRoot(root(), page, { onRecoverableError });
function show(page) {
  const tree = createRoot(root());
  tree.render(page);
  return tree;
}

Object.assign(globalThis, {
  complaints,
  seen,
  hydrate: (props) => hydrateAs(app(props)),
  render: (props) => show(app(props)),
  rerender: (tree, props) => tree.render(app(props)),
  hydrateHalves: (props, script) => hydrateAs(halves(props, late(script))),
  renderInside: (props, script) => show(inside(props, late(script))),
  renderShop: (props) => show(shop(props)),
  renderHidden: (props, mode, tree = createRoot(root())) => (tree.render(hidden(props, mode)), tree),
});
