import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SessionProvider } from "storefront-session/react";

import { Shop } from "./Shop.jsx";
import { options } from "./shop.js";
import "./style.css";

createRoot(document.querySelector("#app")).render(
  <StrictMode>
    <SessionProvider options={options}>
      <Shop />
    </SessionProvider>
  </StrictMode>,
);
