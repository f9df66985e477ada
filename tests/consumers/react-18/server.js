// What a server makes of the page: nothing is opened there.

import { renderToString } from "react-dom/server";

import { app } from "./app.js";

console.log(renderToString(app({ apiUrl: process.env.API_URL })));
