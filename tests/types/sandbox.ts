// A storefront's test in TypeScript. It uses every member of the sandbox; it is compiled and never run. The lines under
// `@ts-expect-error` must not compile.

import {
  type Sandbox,
  type SandboxFault,
  type SandboxIdentity,
  type SandboxOptions,
  type SandboxProfile,
  type SandboxRequest,
  type SandboxState,
  startSandbox,
} from "storefront-session/sandbox";
import { SessionManager } from "storefront-session";

const options: SandboxOptions = { port: 8787 };
const sandbox: Sandbox = await startSandbox(options);
await using other = await startSandbox();

const { url, fetch, reset, profile, clock, faults, release, revoke, requests, forgetRequests, state, stop } = sandbox;
const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: url, fetch });
const answer: Response = await other.fetch(new URL("/product/acme/products", url), { signal: session.signal });

const readings: SandboxProfile = await profile();
const replaced: SandboxProfile = await profile({ rotation: "lenient", customerExpiresIn: "soon", saasExpiresIn: null });
const { now }: { now: number } = await clock(3600);
const orders: SandboxFault[] = [
  { path: "/customer/*", kind: "status", status: 429, retryAfter: 1 },
  { path: "/*", method: "GET", bearer: "anonymous", times: 2, kind: "delay", delayMs: 10 },
  { path: "/*", kind: "garbage", body: "<p>" },
];
const left: SandboxFault[] = await faults([...orders, ...(await faults())]);
const { released } = await release();
const { revoked } = await revoke({ kind: "refresh", identity: "customer", sessionId: "s" });
const rows: SandboxRequest[] = await requests();
const truth: SandboxState = await state();
const guest: SandboxIdentity | null | undefined = truth.sessions[0]?.guest;
await forgetRequests();
await reset();
await stop();

console.log(answer, readings, replaced, now, left, released, revoked, rows, truth, guest);

// @ts-expect-error: a number
await startSandbox({ port: "8787" });
// @ts-expect-error: no reading
await profile({ nothing: 1 });
// @ts-expect-error: no such value
await profile({ rotation: "never" });
// @ts-expect-error: no such kind
await faults([{ path: "/x", kind: "burn" }]);
// @ts-expect-error: whose?
await revoke({ kind: "access" });
