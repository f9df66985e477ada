import { keepsTheCart, listening } from "./lib/shop.mjs";

keepsTheCart((port, env) => listening("node", ["examples/express/shop.mjs"], { env }, /^http/));
