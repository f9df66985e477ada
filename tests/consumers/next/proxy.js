import { NextResponse } from "next/server";

import { visit } from "./visit.js";

export const config = { matcher: "/api/proxy" };

export const proxy = async () => new NextResponse(await visit(process.env.API_URL));
