import { sellsInThePage } from "./lib/page-shop.mjs";

sellsInThePage("react");
