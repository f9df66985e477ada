import { app } from "./vue-app.js";

globalThis.hydrate = (source, serverSnapshot) => {
  const it = app(source, serverSnapshot);
  it.mount("#root");
  return it;
};
