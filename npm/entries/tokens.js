import { askOnce } from "./call.js";

/** Takes over the tokens that an endpoint answers. */
export const adopt = async (session, method, path) => session.adopt(await askOnce(session, path, { method, codes }, true));

/** Nobody whom the platform knows, or would register. */
const codes = () => ({ 404: "invalid_credentials" });
