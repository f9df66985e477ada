import { app, pages } from "./vue-app.js";

globalThis.keep = (source) => {
  const it = pages(source);
  it.app.mount("#root");
  return it;
};
globalThis.hydrate = (source, serverSnapshot) => {
  const it = app(source, serverSnapshot);
  it.mount("#root");
  return it;
};
