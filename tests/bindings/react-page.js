import { createRoot, hydrateRoot } from "react-dom/client";

import { app } from "./react-app.js";

const complaints = [];
const onRecoverableError = (error) => complaints.push(String(error));

Object.assign(globalThis, {
  complaints,
  hydrate: (props) => hydrateRoot(document.querySelector("#root"), app(props), { onRecoverableError }),
  render: (props) => {
    const root = createRoot(document.querySelector("#root"));
    root.render(app(props));
    return root;
  },
  rerender: (root, props) => root.render(app(props)),
});
