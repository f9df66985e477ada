// What a server makes of the pages.

import { createElement, version } from "react";
import { renderToString } from "react-dom/server";
import { useSession } from "storefront-session/react";

import { app } from "./react-app.js";
import { halves, late } from "./react-waiting.js";

export { version };
export const render = (props) => renderToString(app(props));
export const renderWithoutProvider = () => renderToString(createElement(() => useSession()));

/** The script is there when the second attempt is made. */
export async function renderHalves(props) {
  const Late = late(Promise.resolve());
  renderToString(halves(props, Late));
  await new Promise((resolve) => setImmediate(resolve));
  return renderToString(halves(props, Late));
}
