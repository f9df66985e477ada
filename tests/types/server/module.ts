// A server's module in TypeScript, without the types of a page.

import { type SessionError, SessionManager, type SessionOptions } from "storefront-session";
import { SessionManager as Inline } from "storefront-session/inline";

export const options: SessionOptions = { tenant: "acme", clientId: "storefront", wasm: new Uint8Array(8) };
export const sessions: Promise<SessionManager>[] = [SessionManager.open(options), Inline.open(options)];
export const codeOf = ({ code }: SessionError): string => code;

// @ts-expect-error: a number is no WebAssembly
SessionManager.open({ ...options, wasm: 5 });
