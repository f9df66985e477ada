import { visit } from "../../visit.js";

export default defineEventHandler(() => visit(process.env.API_URL));
