import { hydrateRoot } from "react-dom/client";

import { app } from "./app.js";

const root = document.querySelector("#root");
root.innerHTML = "<p>nothing yet</p>";
const apiUrl = new URLSearchParams(location.search).get("api");
hydrateRoot(root, app({ apiUrl }), { onRecoverableError: (error) => (document.body.textContent = `failed: ${error}`) });
