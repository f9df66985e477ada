import { visit } from "../visit.js";

export const load = async () => ({ text: await visit(process.env.API_URL) });
