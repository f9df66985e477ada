import { visit } from "../../../visit.js";

export const runtime = "edge";

export const GET = async (request) => new Response(await visit(new URL(request.url).searchParams.get("api")));
