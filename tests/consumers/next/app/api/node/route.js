import { visit } from "../../../visit.js";

export const GET = async () => new Response(await visit(process.env.API_URL));
