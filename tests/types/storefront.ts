// A storefront in TypeScript. It uses every member of the API by the package's name, as a project that has installed it
// does; it is compiled and never run. The lines under `@ts-expect-error` must not compile.

import {
  type AdoptedTokens,
  type CheckoutHeaders,
  type LegalEntity,
  SessionError,
  type SessionContext,
  type SessionErrorCode,
  type SessionEvent,
  type SessionEventReason,
  type SessionEventType,
  SessionManager,
  type SessionOptions,
  type SessionSnapshot,
  type StorageAdapter,
  type TokenInfo,
} from "storefront-session";

// Opening

const context: SessionContext = { currency: "EUR", siteCode: "main", language: "en", targetLocation: "DE" };

const cookies = new Map<string, string>();
const direct: StorageAdapter = {
  getItem: (key) => cookies.get(key),
  setItem: (key, value) => cookies.set(key, value),
  removeItem: (key) => cookies.delete(key),
};
const promised: StorageAdapter = {
  getItem: async (key) => cookies.get(key) ?? null,
  setItem: async (key, value) => void cookies.set(key, value),
  removeItem: async (key) => void cookies.delete(key),
};
const webStorage: StorageAdapter = localStorage;

const options: SessionOptions = {
  tenant: "acme",
  clientId: "storefront",
  apiUrl: new URL("https://api.example.com"),
  context,
  storage: direct,
  timeoutMs: 10_000,
  now: Date.now,
  fetch: (input, init) => fetch(input, init),
  wasm: new URL("https://cdn.example.com/storefront_session_bg.wasm"),
};

export const sessions: Promise<SessionManager>[] = [
  SessionManager.open({ tenant: "acme", clientId: "storefront" }),
  SessionManager.open({ ...options, apiUrl: "https://api.example.com" }),
  ...(["local", "session", "memory", promised, webStorage] as const).map((storage) =>
    SessionManager.open({ ...options, storage }),
  ),
  ...["/x.wasm", new Request("/x.wasm"), new Response(), new Uint8Array(), new ArrayBuffer(8)].map((wasm) =>
    SessionManager.open({ ...options, wasm }),
  ),
  WebAssembly.compileStreaming(fetch("/x.wasm")).then((wasm) => SessionManager.open({ ...options, wasm })),
];

// @ts-expect-error: a tenant is needed
SessionManager.open({ clientId: "storefront" });
// @ts-expect-error: no such storage
SessionManager.open({ ...options, storage: "cookie" });
// @ts-expect-error: only `open` makes a session
new SessionManager();

// What is known without asking

export function describe(snapshot: SessionSnapshot): string {
  const who: "anonymous" | "customer" = snapshot.kind;
  const key: string = snapshot.identity;
  const session: string | undefined = snapshot.sessionId;
  const company: string | undefined = snapshot.legalEntityId;
  const ends: (number | undefined)[] = [snapshot.expiresAt, snapshot.saasExpiresAt];
  const busy: "login" | "switching" | "logout" | undefined = snapshot.busy;
  const flags: boolean[] = [snapshot.renewable, snapshot.durable, snapshot.needsLegalEntity, snapshot.needsPasswordChange];
  // @ts-expect-error: a snapshot is not for writing
  snapshot.kind = "customer";
  // @ts-expect-error: a snapshot has no secrets
  snapshot.accessToken;
  return [who, key, session, company, busy, ...ends, ...flags].join();
}

/** The two halves of React's `useSyncExternalStore`. */
export function store(session: SessionManager): [(changed: () => void) => () => void, () => SessionSnapshot] {
  return [session.subscribe, session.getSnapshot];
}

// What happens

const headlines: Record<SessionEventType, string> = {
  started: "A guest has come",
  renewed: "New tokens",
  login: "Signed in",
  switched: "Another company",
  logout: "Signed out",
  expired: "The session has ended",
  cart: "the cart is another",
  company: "a company is to be chosen",
  revocation: "The platform was told",
  storage: "Storage has changed",
  saas: "Checkout wants another login",
  busy: "Somebody waits",
  initial: "As it is",
};

const reasons: Record<SessionEventReason, string> = {
  requested: "you asked for it",
  needed: "a token was needed",
  due: "it was time",
  refused: "the platform refused the token",
  merged: "the guest's cart is in the customer's",
  merge_failed: "the guest's cart is still to be merged",
  found: "there is one",
  corrupt: "the record could not be read",
  newer_schema: "the record is of a later version",
  foreign_api: "the record is of another platform",
  unavailable: "storage cannot be used",
  full: "storage is full",
  cleared: "storage was cleared",
  restored: "storage works again",
  expired: "its time is over",
};

export function log(event: SessionEvent): string {
  const where: "local" | "remote" = event.origin;
  const answer: "done" | "unknown" | undefined = event.remote;
  const change: SessionSnapshot[] = [event.previous, event.snapshot];
  return [headlines[event.type], reasons[event.reason], where, answer, ...change.map(describe)].join();
}

// What goes wrong

const advice: Record<SessionErrorCode, string> = {
  invalid_argument: "correct the field",
  invalid_state: "not now",
  login_required: "sign in first",
  invalid_credentials: "wrong e-mail or password",
  network: "try again",
  timeout: "try again",
  rate_limited: "try again later",
  server: "try again",
  session_expired: "sign in again",
  legal_entity_refused: "choose another company",
  forbidden: "not for you",
  not_renewable: "lasts until its token ends",
  configuration: "correct tenant, client id and origin",
  conflict: "look again",
  storage: "mend the adapter",
  protocol: "call the platform's support",
  aborted: "start over",
  closed: "open another",
  internal: "try again",
};

export function explain(error: unknown): string {
  if (!(error instanceof SessionError)) throw error;
  const name: "SessionError" = error.name;
  const cause: unknown = error.cause;
  const field: string | undefined = error.field;
  const numbers: (number | undefined)[] = [error.status, error.retryAfterMs];
  const again: boolean = error.retryable;
  return [name, advice[error.code], error.message, cause, field, ...numbers, again].join();
}

// @ts-expect-error: only the module makes its errors
new SessionError("oops");

// What a storefront does

export async function visit(email: string, password: string): Promise<void> {
  using session = await SessionManager.open(options);
  const unsubscribe: () => void = session.subscribe((event) => console.log(log(event)));

  const ends: (() => void)[] = [
    session.subscribe((event) => console.log(log(event)), { initial: true }),
    session.on("switched", ({ type, snapshot }) => console.log(type satisfies "switched", snapshot.legalEntityId)),
    session.on("busy" as SessionEventType, ({ type }) => console.log(type satisfies SessionEventType)),
  ];
  ends.forEach((end) => end());
  // @ts-expect-error: there is no such event
  session.on("signed-in", () => {});
  // @ts-expect-error: it is an event of that type
  session.on("login", ({ type }) => console.log(type === "logout"));

  // Every method is bound.
  const { accessToken, adopt, adoptFromUrl, fetch, hasScope, legalEntities, login, logout, refresh, saasToken, checkoutHeaders, switchLegalEntity, validate } =
    session;

  const token: string = await accessToken();
  const other: string = await accessToken({ signal: AbortSignal.timeout(1000) });
  const products: Response = await fetch("/product/acme/products", { signal: session.signal });
  await fetch(new URL("https://api.example.com/cart/acme/carts"), { method: "POST", body: "{}" });
  await fetch(new Request("https://api.example.com/cart/acme/carts"));

  const customer: SessionSnapshot = await login({ email, password });
  const companies: LegalEntity[] = await legalEntities();
  const page: LegalEntity[] = await legalEntities({ page: 2, pageSize: 10 });
  const shapes: (string | readonly string[] | undefined)[] = [page[0]?.type, page[0]?.roles];
  await switchLegalEntity("le-north", { verify: true });
  void [shapes, customer.cartId satisfies string | undefined];
  // @ts-expect-error: pages are numbers.
  await legalEntities({ page: "2" });
  // @ts-expect-error: it is no choice of these.
  await SessionManager.open({ tenant: "acme", clientId: "storefront", company: "last" });
  await SessionManager.open({ tenant: "acme", clientId: "storefront", company: "restore", mergeCart: true });
  const names: (string | undefined)[] = companies.map((company) => company.name);
  const company: SessionSnapshot = await switchLegalEntity(companies[0]?.id ?? null);
  const renewed: SessionSnapshot = await refresh();

  const info: TokenInfo = await validate();
  const scopes: readonly string[] = info.scopes;
  const details: (string | undefined)[] = [info.sessionId, info.email, info.legalEntityId];
  const until: number | undefined = info.expiresAt;
  const allowed: boolean | undefined = hasScope("order.history_view");
  const saas: string | undefined = saasToken();
  const handed: AdoptedTokens = { accessToken: "a", refreshToken: "r", saasToken: "s", expiresIn: 60, refreshExpiresIn: 60 };
  const adopted: SessionSnapshot = await adopt({ ...handed, legalEntityId: "le", sessionId: "id", validate: false });
  const address: string = await adoptFromUrl(location.href);
  console.log(describe(adopted), address);
  const headers: CheckoutHeaders = await checkoutHeaders({ customer: true });
  const ordered: Response = await globalThis.fetch("https://api.example.com", { headers });
  await fetch("/checkout/acme/checkouts/order", { method: "POST", saas: true });

  console.log(token, other, products.ok, names, scopes, details, until, allowed, saas, ordered.ok, headers.Authorization);
  console.log(...[customer, company, renewed].map(describe));

  await logout();
  unsubscribe();
  session.close();
  session[Symbol.dispose]();

  // @ts-expect-error: both are needed
  await login({ email });
  // @ts-expect-error: `null`, not undefined, returns to B2C
  await switchLegalEntity(undefined);
}
