// node tools/check-openapi.mjs FOLDER: drives the sandbox through every endpoint that it shares with the official OpenAPI
// files in that folder, and checks status and body of each answer against them.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { script } from "./lib/run.mjs";
import { startSandbox } from "./lib/sandbox.mjs";

const customerService = "customer-service.yml";
const legalEntities = "customer-management.yml";
const sessionContext = "session-context.yml";
const cartService = "cart.yml";
const oauth = "oauth.yml";
const productService = "product.yml";
const priceService = "price.yml";
const siteService = "site.yml";
const checkoutService = "checkout.yml";
const orderService = "order-v2.yml";
const iam = "iam.yml";
const files = [
  oauth,
  customerService,
  legalEntities,
  sessionContext,
  cartService,
  productService,
  priceService,
  siteService,
  checkoutService,
  orderService,
  iam,
];

const methods = ["get", "post", "put", "patch", "delete"];
const nobody = "nonsense";

script(async () => {
  const folder = process.argv[2];
  const missing = folder && files.filter((file) => !existsSync(join(folder, file)));
  if (!folder || missing.length) {
    const why = !folder ? "no folder with the official OpenAPI files was given" : `${missing.join(", ")} not in the folder`;
    console.log(`OpenAPI check skipped: ${why}.`);
    return;
  }
  const specs = await readSpecs(folder);
  const sandbox = await startSandbox();
  try {
    const check = new Check(specs, sandbox.url);
    await drive(check);
    await check.otherOperations();
    check.report();
  } finally {
    await sandbox.stop();
  }
});

async function readSpecs(folder) {
  // Only now: who has no folder needs no packages either.
  const [{ parse }, { default: Ajv }, { default: addFormats }] = await Promise.all([
    import("yaml"),
    import("ajv"),
    import("ajv-formats"),
  ]);
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, logger: false });
  addFormats(ajv);
  return Object.fromEntries(
    files.map((file) => [file, new Spec(file, parse(readFileSync(join(folder, file), "utf8")), ajv)]),
  );
}

/** One official file. */
class Spec {
  #ajv;
  #validators = new Map();
  #contradicted = new Map();
  /** Where an example contradicts its schema, in words. */
  contradictions = new Set();

  constructor(file, document, ajv) {
    this.file = file;
    this.document = document;
    this.#ajv = ajv;
    this.#findContradictions(document, []);
  }

  /** All `method path` pairs. */
  operations() {
    const { paths } = this.document;
    return Object.keys(paths).flatMap((path) =>
      methods.filter((method) => paths[path][method]).map((method) => ({ method: method.toUpperCase(), path })),
    );
  }

  /** What an operation may answer with a status; nothing when the file does not say. */
  response(method, path, status) {
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${this.file} has no ${method} ${path}`);
    return this.#resolve(operation.responses[status]);
  }

  /** What is wrong with a value, the places apart that the file itself contradicts. */
  errors(schema, value) {
    return this.#validate(schema, value).filter((error) => !this.#contradicted.get(error.parentSchema)?.has(rule(error)));
  }

  #resolve(node) {
    if (!node?.$ref) return node;
    return node.$ref
      .slice(2)
      .split("/")
      .reduce((parent, key) => parent[key], this.document);
  }

  #validate(schema, value) {
    if (!this.#validators.has(schema)) {
      const { components } = this.document;
      this.#validators.set(schema, this.#ajv.compile({ ...schema, components }));
    }
    const validate = this.#validators.get(schema);
    return validate(value) ? [] : validate.errors;
  }

  /** Every schema of an answer is held against the examples that stand beside or in it. */
  #findContradictions(node, path) {
    if (!node || typeof node !== "object") return;
    const { schema, example, examples = {} } = node;
    const compare = (judge, value) => value !== undefined && this.#compare(judge, value, path);
    if (schema) for (const { value } of [...Object.values(examples), { value: example }]) compare(schema, value);
    else if (node.type || node.properties || node.allOf) compare(node, example);
    for (const [key, child] of Object.entries(node)) {
      if (!["example", "examples", "requestBody", "requestBodies"].includes(key)) this.#findContradictions(child, [...path, key]);
    }
  }

  #compare(schema, example, path) {
    for (const error of this.#validate(schema, example)) {
      const { parentSchema, instancePath, message } = error;
      this.#contradicted.set(parentSchema, (this.#contradicted.get(parentSchema) ?? new Set()).add(rule(error)));
      this.contradictions.add(`${path.slice(0, 5).join(" > ")}: ${instancePath || "the example"} ${message}`);
    }
  }
}

/** Which rule of a schema an error is about. */
function rule({ keyword, params }) {
  return `${keyword} ${params.missingProperty ?? ""}`;
}

/** The calls, and what came of them. */
class Check {
  #specs;
  #url;
  #driven = new Map();
  #failures = [];
  #tolerated = new Map();
  #absent = [];

  constructor(specs, url) {
    this.#specs = specs;
    this.#url = url;
  }

  /** Makes a call that belongs to no check. */
  async send(method, target, { bearer, body, form, headers } = {}) {
    const response = await fetch(`${this.#url}${target}`, {
      method,
      redirect: "manual",
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: form ? new URLSearchParams(form) : body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** Makes a call and holds the answer against the spec. `otherwise` says why the body may differ. */
  async call(file, method, path, status, { params, query, otherwise, ...options } = {}) {
    const target = fill(path, { tenant: "acme", ...params });
    const search = query ? `?${new URLSearchParams(query)}` : "";
    const answer = await this.send(method, target + search, options);
    const operation = `${method} ${path}`;
    const where = `${file}: ${operation} ${status}`;
    const response = this.#specs[file].response(method, path, status);
    if (answer.status !== status) this.#fail(where, `answered ${answer.status} ${answer.text}`);
    else if (!response) this.#fail(where, "is not in the spec");
    else if (otherwise) this.#tolerate(where, otherwise);
    else this.#checkBody(where, file, response, answer);
    const key = `${file} ${operation}`;
    this.#driven.set(key, (this.#driven.get(key) ?? new Set()).add(status));
    return answer;
  }

  /** The refusals that most operations document: another tenant, no valid bearer, a bearer of the wrong kind. */
  async refusals(file, method, path, { right, wrong, params, ...options }) {
    for (const [status, bearer, more] of [
      [400, right, { tenant: "other" }],
      [401, nobody, {}],
      [403, wrong, {}],
    ]) {
      if (bearer && this.#specs[file].response(method, path, status)) {
        await this.call(file, method, path, status, { ...options, bearer, params: { ...params, ...more } });
      }
    }
  }

  /** What was not driven must not be there: nothing may stay unchecked. */
  async otherOperations() {
    for (const spec of Object.values(this.#specs)) {
      for (const { method, path } of spec.operations()) {
        if (this.#driven.has(`${spec.file} ${method} ${path}`)) continue;
        const answer = await this.send(method, fill(path, { tenant: "acme" }));
        const absent = answer.status === 501;
        if (absent) this.#absent.push(`${spec.file}: ${method} ${path}`);
        else this.#fail(`${spec.file}: ${method} ${path}`, "is there but was not checked");
      }
    }
  }

  report() {
    let answers = 0;
    console.log("Checked against the official OpenAPI files:");
    for (const [operation, statuses] of this.#driven) {
      answers += statuses.size;
      console.log(`  ${operation}  ${[...statuses].sort().join(" ")}`);
    }
    print("Tolerated:", [...this.#tolerated].map(([where, why]) => `${where}: ${why}`));
    for (const { file, contradictions } of Object.values(this.#specs)) {
      print(`Examples in ${file} contradict its schemas, which are not obeyed there:`, [...contradictions]);
    }
    print("Not in the sandbox:", this.#absent);
    if (this.#failures.length) throw new Error(["The sandbox differs from the specs:", ...this.#failures].join("\n  "));
    console.log(`\nOpenAPI check passed: ${this.#driven.size} operations, ${answers} kinds of answer.`);
  }

  #checkBody(where, file, response, { status, text, json }) {
    const schema = response.content?.["application/json"]?.schema;
    if (!schema) {
      // A refusal may say more than the spec does; a success that promises no body has none.
      if (status < 400 && text) this.#fail(where, `has a body: ${text}`);
      return;
    }
    if (json === undefined) {
      this.#fail(where, `is no JSON: ${text}`);
      return;
    }
    for (const error of this.#specs[file].errors(schema, json)) {
      this.#fail(where, `${error.instancePath || "the body"} ${error.message}: ${text}`);
    }
  }

  #fail(where, why) {
    this.#failures.push(`${where} ${why}`);
  }

  #tolerate(where, why) {
    this.#tolerated.set(where, why);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fill(path, params) {
  return path.replace(/\{([\w-]+)\}/g, (_, name) => encodeURIComponent(params[name] ?? "none"));
}

function print(title, lines) {
  if (lines.length) console.log(["", title, ...lines].join("\n  ").trimEnd());
}

async function drive(check) {
  const shop = new Shop(check);
  await tokens(check, shop);
  await singleSignOn(check, shop);
  await signUp(check, shop);
  await credentials(check, shop);
  await profile(check, shop);
  await addresses(check, shop);
  await companies(check, shop);
  await contexts(check, shop);
  await carts(check, shop);
  await catalogue(check, shop);
  await checkout(check, shop);
}

/** What the cases begin with. */
class Shop {
  #check;

  constructor(check) {
    this.#check = check;
  }

  async guest() {
    const query = "tenant=acme&client_id=storefront";
    return (await this.#check.send("GET", `/customerlogin/auth/anonymous/login?${query}`)).json;
  }

  async customer(guest, email = "buyer@example.com", password = "sandbox-pass") {
    const options = { bearer: guest.access_token, body: { email, password } };
    return (await this.#check.send("POST", "/customer/acme/login", options)).json;
  }

  async backend() {
    const form = { grant_type: "client_credentials", client_id: "backend", client_secret: "backend-secret" };
    return (await this.#check.send("POST", "/oauth/token", { form })).json.access_token;
  }

  async mailed(to) {
    const { mails } = (await this.#check.send("GET", "/_sandbox/state")).json;
    return mails.findLast((mail) => mail.to === to).token;
  }

  /** A code of the OpenID provider. */
  async code(email, more = {}) {
    const query = { response_type: "code", client_id: "shop", redirect_uri: back, login_hint: email, ...more };
    const { headers } = await this.#check.send("GET", `/_oidc/authorize?${new URLSearchParams(query)}`);
    return new URL(headers.get("location")).searchParams.get("code");
  }

  set(readings) {
    return this.#check.send("PATCH", "/_sandbox/profile", { body: readings });
  }
}

const back = "http://shop.test/callback";

async function tokens(check, shop) {
  const form = { grant_type: "client_credentials", client_id: "backend", client_secret: "backend-secret" };
  await check.call(oauth, "POST", "/oauth/token", 200, { form });

  const key = { tenant: "acme", client_id: "storefront" };
  const file = customerService;
  const guest = (await check.call(file, "GET", "/customerlogin/auth/anonymous/login", 200, { query: key })).json;
  const query = { ...key, refresh_token: guest.refresh_token };
  const again = (await check.call(file, "GET", "/customerlogin/auth/anonymous/refresh", 200, { query })).json;
  const anonymous = again.access_token;

  const login = "/customer/{tenant}/login";
  const body = { email: "buyer@example.com", password: "sandbox-pass" };
  let customer;
  for (const fieldStyle of ["camel", "both", "snake"]) {
    await shop.set({ fieldStyle });
    customer = (await check.call(file, "POST", login, 200, { bearer: anonymous, body })).json;
  }
  await check.call(file, "POST", login, 400, { bearer: anonymous, body: { email: "x" } });
  await check.call(file, "POST", login, 401, { bearer: anonymous, body: { ...body, password: "another" } });
  await check.refusals(file, "POST", login, { right: anonymous, body });

  const refresh = "/customer/{tenant}/refreshauthtoken";
  const next = { refreshToken: customer.refresh_token, legalEntityId: "le-south" };
  customer = (await check.call(file, "GET", refresh, 200, { bearer: anonymous, query: next })).json;
  const unassigned = { refreshToken: customer.refresh_token, legalEntityId: "le-west" };
  await check.call(file, "GET", refresh, 400, { bearer: anonymous, query: unassigned });
  await check.call(file, "GET", refresh, 401, { bearer: anonymous, query: { refreshToken: "spent" } });
  await check.refusals(file, "GET", refresh, { right: anonymous, query: unassigned });

  const bearer = customer.access_token;
  const validate = "/customer/{tenant}/validateauthtoken";
  await check.call(file, "GET", validate, 200, { bearer });
  await check.call(file, "GET", validate, 401, { bearer: nobody });

  const logout = "/customer/{tenant}/logout";
  const named = { accessToken: bearer };
  await check.call(file, "GET", logout, 400, { bearer });
  await check.refusals(file, "GET", logout, { right: bearer, query: named });
  await check.call(file, "GET", logout, 204, { bearer, query: named });
}

async function singleSignOn(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = guest.access_token;
  const social = "/customer/{tenant}/socialLogin";
  const verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const code = await shop.code("buyer@example.com", pkce);
  const query = { code, redirect_uri: back, code_verifier: verifier };
  const headers = { "session-id": guest.sessionId };
  await check.call(file, "POST", social, 200, { bearer, query, headers });
  await check.call(file, "POST", social, 400, { bearer, query: { code } });
  await check.call(file, "POST", social, 401, { bearer, query });
  await check.refusals(file, "POST", social, { right: bearer, query });

  const form = {
    grant_type: "authorization_code",
    client_id: "shop",
    redirect_uri: back,
    code: await shop.code("new@example.com"),
  };
  const { json } = await check.send("POST", "/_oidc/token", { form });
  const exchange = "/customer/{tenant}/exchangeauthtoken";
  const subject = { subjectAccessToken: json.access_token };
  const customer = (await check.call(file, "POST", exchange, 200, { bearer, query: subject })).json;
  await check.call(file, "POST", exchange, 400, { bearer, query: { ...subject, config: "site_PL" } });
  await check.call(file, "POST", exchange, 401, { bearer, query: { subjectAccessToken: "expired" } });
  await check.refusals(file, "POST", exchange, { right: bearer, wrong: customer.access_token, query: subject });
}

async function signUp(check, shop) {
  const file = customerService;
  const right = (await shop.guest()).access_token;
  const wrong = (await shop.customer(await shop.guest())).access_token;
  const signup = "/customer/{tenant}/signup";
  const email = "nora@example.com";
  const body = {
    email,
    password: "secret-1",
    customerDetails: { firstName: "Nora", lastName: "New", contactEmail: email },
    customerAddress: { contactName: "Nora New", country: "DE", tags: ["SHIPPING"] },
  };
  await check.call(file, "POST", signup, 201, { bearer: right, body });
  await check.call(file, "POST", signup, 400, { bearer: right, body: { email } });
  await check.call(file, "POST", signup, 409, { bearer: right, body });
  await check.refusals(file, "POST", signup, { right, wrong, body });

  const resend = "/customer/{tenant}/signup/optin/refresh_token";
  await check.call(file, "POST", resend, 202, { bearer: right, body: { email } });
  await check.call(file, "POST", resend, 400, { bearer: right, body: {} });
  await check.refusals(file, "POST", resend, { right, body: { email } });

  const optIn = "/customer/{tenant}/signup/optin/{token}";
  const params = { token: await shop.mailed(email) };
  await check.call(file, "GET", optIn, 200, { bearer: right, params });
  await check.call(file, "GET", optIn, 400, { bearer: right, params });
  await check.refusals(file, "GET", optIn, { right, params });
}

async function credentials(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const anonymous = guest.access_token;
  const solo = (await shop.customer(guest, "solo@example.com")).access_token;
  const email = "solo@example.com";
  const guests = { right: anonymous, wrong: solo };
  const customers = { right: solo, wrong: anonymous };

  const reset = "/customer/{tenant}/password/reset";
  await check.call(file, "POST", reset, 204, { bearer: anonymous, body: { email, site: "main" } });
  await check.call(file, "POST", reset, 400, { bearer: anonymous, body: {} });
  await check.refusals(file, "POST", reset, { ...guests, body: { email } });

  const update = "/customer/{tenant}/password/reset/update";
  const body = { token: await shop.mailed(email), password: "secret-2" };
  await check.call(file, "POST", update, 204, { bearer: anonymous, body });
  await check.call(file, "POST", update, 400, { bearer: anonymous, body });
  await check.refusals(file, "POST", update, { ...guests, body });

  const change = "/customer/{tenant}/password/change";
  const passwords = { currentPassword: "secret-2", newPassword: "secret-3" };
  await check.call(file, "POST", change, 204, { bearer: solo, body: passwords });
  await check.call(file, "POST", change, 400, { bearer: solo, body: {} });
  await check.refusals(file, "POST", change, { ...customers, body: passwords });
  await check.call(file, "POST", change, 401, {
    bearer: solo,
    body: passwords,
    otherwise: "a wrong current password is a bare JSON string, as measured on the real platform",
  });

  const path = "/customer/{tenant}/me/accounts/internal/email/change";
  const emails = { email, password: "secret-3", newEmail: "sol@example.com", syncContactEmail: true };
  await check.call(file, "POST", path, 204, { bearer: solo, body: emails });
  await check.call(file, "POST", path, 400, { bearer: solo, body: { ...emails, newEmail: "buyer@example.com" } });
  await check.refusals(file, "POST", path, { ...customers, body: emails });

  const confirm = `${path}/confirm`;
  const token = { token: await shop.mailed("sol@example.com") };
  await check.call(file, "POST", confirm, 204, { bearer: anonymous, body: token });
  await check.call(file, "POST", confirm, 400, { bearer: anonymous, body: token });
  await check.refusals(file, "POST", confirm, { ...guests, body: token });
}

async function profile(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const me = "/customer/{tenant}/me";
  const body = { title: "MRS", mixins: { shoe: { size: 40 } }, metadata: { version: 1 } };
  await check.call(file, "PATCH", me, 200, { bearer, body });
  await check.call(file, "PATCH", me, 400, { bearer, body: { contactEmail: null } });
  await check.refusals(file, "PATCH", me, { right: bearer, wrong: guest.access_token, body: {} });
  await check.call(file, "GET", me, 200, { bearer: guest.access_token });
  await check.call(file, "GET", me, 200, { bearer, query: { expand: "addresses,mixin:*" } });
  await check.refusals(file, "GET", me, { right: bearer, wrong: await shop.backend() });
}

async function addresses(check, shop) {
  const file = customerService;
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const bearers = { right: bearer, wrong: guest.access_token };
  const list = "/customer/{tenant}/me/addresses";
  const one = `${list}/{addressId}`;
  const tags = `${one}/tags`;
  const body = { contactName: "Bea Buyer", country: "DE", city: "Kiel", tags: ["SHIPPING"] };
  const { id } = (await check.call(file, "POST", list, 201, { bearer, body })).json;
  const params = { addressId: id };
  await check.call(file, "POST", list, 400, { bearer, body: { city: 5 } });
  await check.refusals(file, "POST", list, { ...bearers, body });
  await check.call(file, "GET", list, 200, { bearer });
  await check.call(file, "GET", "/customer/{tenant}/me", 200, { bearer, query: { expand: "addresses" } });
  await check.refusals(file, "GET", list, bearers);
  const more = {
    GET: [one, 200, {}],
    PATCH: [one, 200, { body: { isDefault: true, metadata: {} } }],
    POST: [tags, 204, { query: { tags: "BILLING" } }],
    DELETE: [tags, 204, { query: { tags: "BILLING" } }],
  };
  for (const [method, [path, status, options]] of [...Object.entries(more), ["DELETE", [one, 204, {}]]]) {
    await check.refusals(file, method, path, { ...bearers, params, ...options });
    await check.call(file, method, path, 404, { bearer, params: { addressId: "none" }, ...options });
    await check.call(file, method, path, status, { bearer, params, ...options });
  }
}

async function companies(check, shop) {
  const guest = await shop.guest();
  const bearer = (await shop.customer(guest)).access_token;
  const path = "/customer-management/{tenant}/legal-entities";
  await check.call(legalEntities, "GET", path, 200, { bearer });
  await check.call(legalEntities, "GET", path, 200, { bearer: await shop.backend() });
  await check.call(legalEntities, "GET", path, 400, { bearer, query: { pageSize: "none" } });
  const bearers = { right: bearer, wrong: guest.access_token };
  await check.refusals(legalEntities, "GET", path, bearers);

  const search = `${path}/search`;
  await check.call(legalEntities, "POST", search, 200, { bearer, body: { q: "type:COMPANY" } });
  await check.call(legalEntities, "POST", search, 400, { bearer, body: { q: "colour:blue" } });
  await check.refusals(legalEntities, "POST", search, { ...bearers, body: {} });

  const one = `${path}/{legalEntityId}`;
  const params = { legalEntityId: "le-north" };
  await check.call(legalEntities, "GET", one, 200, { bearer, params });
  await check.call(legalEntities, "GET", one, 404, { bearer, params: { legalEntityId: "le-west" } });
  await check.refusals(legalEntities, "GET", one, { ...bearers, params });
}

async function contexts(check, shop) {
  const file = sessionContext;
  const context = "/session-context/{tenant}/me/context";
  const attributes = `${context}/attributes`;
  const attribute = `${attributes}/{attributeName}`;
  const params = { attributeName: "gift" };
  const added = { key: "gift", value: "wrapped" };

  await shop.set({ contextDocument: "at-cart" });
  const early = (await shop.guest()).access_token;
  const patch = { metadata: { version: 1 } };
  await check.call(file, "GET", context, 404, { bearer: early });
  await check.call(file, "PATCH", context, 404, { bearer: early, body: patch });
  await check.call(file, "POST", attributes, 404, { bearer: early, body: added });
  await check.call(file, "DELETE", attribute, 404, { bearer: early, params });

  await shop.set({ contextDocument: "at-login" });
  const guest = await shop.guest();
  const customer = await shop.customer(guest);
  const query = new URLSearchParams({ refreshToken: customer.refresh_token, legalEntityId: "le-south" });
  const south = await check.send("GET", `/customer/acme/refreshauthtoken?${query}`, { bearer: guest.access_token });
  const bearer = south.json.access_token;
  const before = (await check.call(file, "GET", context, 200, { bearer: guest.access_token })).json;
  const body = { siteCode: "main", currency: "EUR", context: { gift: {} }, metadata: before.metadata };
  await check.call(file, "PATCH", context, 204, { bearer, body });
  await check.call(file, "POST", attributes, 201, { bearer, body: added });
  await check.call(file, "GET", context, 200, { bearer });
  await check.call(file, "DELETE", attribute, 204, { bearer, params });
  await managedContexts(check, shop, customer);
}

async function managedContexts(check, shop, { session_id: sessionId, saas_token: saasToken }) {
  const file = sessionContext;
  const context = "/session-context/{tenant}/context/{sessionId}";
  const attributes = `${context}/attributes`;
  const attribute = `${attributes}/{attributeName}`;
  const bearer = await shop.backend();
  const known = { sessionId, attributeName: "gift" };
  const unknown = { ...known, sessionId: "none" };
  const { json } = await check.call(file, "GET", context, 200, { bearer, params: known });
  const body = { customerId: json.customerId, siteCode: "main", metadata: json.metadata };
  const headers = { "saas-token": saasToken };
  const added = { key: "gift", value: { wrapped: true } };
  for (const [method, path, status, options] of [
    ["PUT", context, 204, { body, headers }],
    ["POST", attributes, 204, { body: added }],
    ["DELETE", attribute, 204, {}],
  ]) {
    await check.call(file, method, path, status, { bearer, params: known, ...options });
    await check.call(file, method, path, 404, { bearer, params: unknown, ...options });
  }
  await check.call(file, "GET", context, 404, { bearer, params: unknown });
}

async function carts(check, shop) {
  const file = cartService;
  const guest = await shop.guest();
  const anonymous = guest.access_token;
  const bearer = (await shop.customer(guest)).access_token;
  const list = "/cart/{tenant}/carts";
  const one = `${list}/{cartId}`;
  const body = { siteCode: "main", currency: "EUR", channel: { name: "storefront", source: "http://shop.test" } };

  const created = (await check.call(file, "POST", list, 201, { bearer, body })).json;
  await check.call(file, "POST", list, 409, { bearer, body });
  await check.call(file, "POST", list, 400, { bearer, body: { siteCode: "main" } });
  await check.refusals(file, "POST", list, { right: bearer });
  await check.call(file, "POST", list, 403, { bearer: anonymous, body: { ...body, customerId: "13869001" } });

  const site = { siteCode: "main" };
  await check.call(file, "GET", list, 404, { bearer: anonymous, query: site });
  const guests = (await check.call(file, "GET", list, 200, { bearer: anonymous, query: { ...site, create: true } })).json;
  await check.call(file, "GET", list, 200, { bearer, query: site });
  await check.call(file, "GET", list, 400, { bearer });
  await check.refusals(file, "GET", list, { right: bearer, query: site });
  await check.call(file, "GET", list, 403, { bearer: anonymous, query: { ...site, customerId: "13869001" } });

  const cart = { right: bearer, wrong: anonymous, params: { cartId: created.cartId } };
  const drive = async (method, path, status, { params, ...options } = {}) => {
    const all = { ...cart, ...options, params: { ...cart.params, ...params } };
    await check.refusals(file, method, path, all);
    await check.call(file, method, path, 404, { ...options, bearer, params: { ...params, cartId: "none" } });
    return (await check.call(file, method, path, status, { ...options, bearer, params: all.params })).json;
  };

  const items = `${one}/items`;
  const item = `${items}/{itemId}`;
  const mug = {
    itemYrn: "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
    price: { priceId: "price-harbour-mug", originalAmount: 14.9, effectiveAmount: 14.9, currency: "EUR" },
    quantity: 2,
  };
  const { itemId } = await drive("POST", items, 201, { query: site, body: mug });
  await check.call(file, "POST", items, 400, { bearer, params: cart.params, query: site, body: {} });
  await drive("GET", items, 200);
  await drive("GET", item, 200, { params: { itemId } });
  await check.call(file, "GET", item, 404, { bearer, params: { ...cart.params, itemId: "none" } });
  await drive("PUT", item, 204, { params: { itemId }, body: { quantity: 3 } });
  await check.call(file, "PUT", item, 400, { bearer, params: { ...cart.params, itemId }, body: { quantity: -1 } });

  const batch = `${one}/itemsBatch`;
  // The official file asks for no bearer of a kind here.
  const params = cart.params;
  await check.call(file, "POST", batch, 200, { bearer, params, body: [mug, {}] });
  await check.call(file, "POST", batch, 400, { bearer, params, body: {} });
  await check.call(file, "POST", batch, 403, { bearer: anonymous, params, body: [] });
  await check.call(file, "POST", batch, 404, { bearer, params: { cartId: "none" }, body: [] });
  await check.call(file, "PUT", batch, 207, { bearer, params, body: [{ id: itemId, quantity: 1 }, { id: "none", quantity: 1 }] });
  await check.call(file, "PUT", batch, 400, { bearer, params, body: {} });
  await check.call(file, "PUT", batch, 403, { bearer: anonymous, params, body: [] });

  const discounts = `${one}/discounts`;
  const coupon = { code: "WELCOME10" };
  await drive("POST", discounts, 201, { body: coupon });
  await check.call(file, "POST", discounts, 409, { bearer, params, body: coupon });
  await check.call(file, "POST", discounts, 400, { bearer, params, body: {} });
  await drive("GET", discounts, 200);
  await check.call(file, "GET", one, 200, { bearer, params });
  await drive("DELETE", `${discounts}/{discountIndex}`, 204, { params: { discountIndex: "0" } });
  await drive("DELETE", discounts, 204);

  await drive("GET", one, 200);
  const addresses = [{ type: "SHIPPING", city: "Kiel", country: "DE", zipCode: "24103" }];
  await drive("PUT", one, 204, { body: { legalEntityId: "le-south", zipCode: "24103", countryCode: "DE", addresses } });
  await check.call(file, "PUT", one, 400, { bearer, params: cart.params, body: { currency: "CHF" } });
  await check.call(file, "PUT", one, 409, { bearer, params: cart.params, body: { metadata: { version: 1 } } });
  await check.call(file, "GET", one, 200, { bearer, params: cart.params });
  await drive("PUT", `${one}/refresh`, 204);
  await drive("POST", `${one}/changeSite`, 200, { body: { siteCode: "outlet" } });
  await drive("POST", `${one}/changeCurrency`, 200, { body: { currency: "EUR" } });
  await drive("GET", `${one}/validate`, 200);
  await drive("POST", `${one}/merge`, 200, { body: { carts: [guests.id] } });
  await check.call(file, "POST", `${one}/merge`, 400, { bearer, params: cart.params, body: { carts: [] } });

  const search = `${list}/search`;
  await check.call(file, "POST", search, 200, { bearer, body: { q: "status:OPEN" } });
  await check.call(file, "POST", search, 400, { bearer, body: { q: "colour:blue" } });
  await check.refusals(file, "POST", search, { right: bearer, body: {} });

  await drive("DELETE", item, 204, { params: { itemId } });
  await drive("DELETE", items, 204);
  await drive("DELETE", one, 204);
}

async function catalogue(check, shop) {
  const guest = await shop.guest();
  const bearer = guest.access_token;
  const sites = "/site/{tenant}/sites";
  await check.call(siteService, "GET", sites, 200, { bearer });
  await check.refusals(siteService, "GET", sites, { right: bearer });
  const site = `${sites}/{siteCode}`;
  await check.call(siteService, "GET", site, 200, { bearer, params: { siteCode: "main" } });
  await check.call(siteService, "GET", site, 404, { bearer, params: { siteCode: "none" } });
  await check.refusals(siteService, "GET", site, { right: bearer, params: { siteCode: "main" } });

  const file = productService;
  const products = "/product/{tenant}/products";
  const official = { fields: "name,description,code,media,metadata,taxClasses,productType,published" };
  const otherwise = "the product's price stands beside the official fields";
  await check.call(file, "GET", products, 200, { bearer, otherwise });
  await check.call(file, "GET", products, 200, { bearer, query: { ...official, q: "id:(harbour-mug,tea-tin)" } });
  await check.refusals(file, "GET", products, { right: bearer });
  const search = `${products}/search`;
  await check.call(file, "POST", search, 200, { bearer, query: official, body: { q: "code:(harbour-mug OR tea-tin)" } });
  await check.refusals(file, "POST", search, { right: bearer, body: { q: "" } });
  const product = `${products}/{productId}`;
  const headers = { "accept-language": "en" };
  await check.call(file, "GET", product, 200, { bearer, headers, query: official, params: { productId: "harbour-mug" } });
  await check.call(file, "GET", product, 404, { bearer, params: { productId: "none" } });
  await check.refusals(file, "GET", product, { right: bearer, params: { productId: "harbour-mug" } });

  const prices = "/price/{tenant}/match-prices-by-context";
  const customer = (await shop.customer(guest)).access_token;
  const body = { items: [{ itemId: { itemType: "PRODUCT", id: "harbour-mug" }, quantity: { quantity: 1, unitCode: "pc" } }] };
  await check.call(priceService, "POST", prices, 200, {
    bearer: customer,
    body,
    otherwise: "a list with itemId, as the platform and the official example have it; the schema says one object with itemRef",
  });
  await check.call(priceService, "POST", prices, 400, { bearer: customer, body: {} });
  await check.refusals(priceService, "POST", prices, { right: customer, wrong: await shop.backend(), body });

  const scopes = "/iam/{tenant}/users/me/scopes";
  await check.call(iam, "GET", scopes, 200, { bearer: customer });
  await check.refusals(iam, "GET", scopes, { wrong: bearer });
}

async function checkout(check, shop) {
  const guest = await shop.guest();
  const customer = await shop.customer(guest);
  const bearer = customer.access_token;
  const headers = { "saas-token": customer.saas_token };
  const path = "/checkout/{tenant}/checkouts/order";
  const address = (type) => ({ contactName: "Bea", street: "Quay", zipCode: "20457", city: "Hamburg", country: "DE", type });
  const order = async () => {
    const query = new URLSearchParams({ siteCode: "main", create: "true" });
    const cart = (await check.send("GET", `/cart/acme/carts?${query}`, { bearer })).json;
    const mug = {
      itemYrn: "urn:yaas:saasag:caasproduct:product:acme;harbour-mug",
      price: { priceId: "price-harbour-mug", originalAmount: 14.9, effectiveAmount: 14.9, currency: "EUR" },
      quantity: 2,
    };
    await check.send("POST", `/cart/acme/carts/${cart.id}/items`, { bearer, body: mug });
    await check.send("POST", `/cart/acme/carts/${cart.id}/discounts`, { bearer, body: { code: "WELCOME10" } });
    return {
      cartId: cart.id,
      customer: { id: "13869001", email: "buyer@example.com", firstName: "Bea", lastName: "Buyer" },
      shipping: { methodId: "parcel", zoneId: "de", methodName: "Parcel", amount: 5 },
      addresses: [address("SHIPPING"), address("BILLING")],
      paymentMethods: [{ provider: "none", method: "invoice" }],
    };
  };
  const body = await order();
  await check.call(checkoutService, "POST", path, 400, { bearer, headers, body: { ...body, addresses: [] } });
  await check.call(checkoutService, "POST", path, 403, { bearer, headers, body: { ...body, customer: { id: "1" } } });
  await check.refusals(checkoutService, "POST", path, { right: bearer, headers, body });
  const { orderId } = (await check.call(checkoutService, "POST", path, 200, { bearer, headers, body })).json;
  await check.call(checkoutService, "POST", path, 409, { bearer, headers, body });

  const file = orderService;
  const orders = "/order-v2/{tenant}/orders";
  await check.call(file, "GET", orders, 200, { bearer });
  await check.call(file, "GET", orders, 400, { bearer, query: { pageSize: "none" } });
  await check.call(file, "GET", orders, 403, { bearer: guest.access_token });
  const one = `${orders}/{orderId}`;
  await check.call(file, "GET", one, 200, { bearer, params: { orderId } });
  await check.call(file, "GET", one, 404, { bearer, params: { orderId: "none" } });
  await check.call(file, "GET", one, 403, { bearer: guest.access_token, params: { orderId } });
  const companys = "/order-v2/{tenant}/legal-entity-orders/{legalEntityId}";
  const query = new URLSearchParams({ refreshToken: customer.refresh_token, legalEntityId: "le-north" });
  const north = await check.send("GET", `/customer/acme/refreshauthtoken?${query}`, { bearer: guest.access_token });
  const params = { legalEntityId: "le-north" };
  await check.call(file, "GET", companys, 200, { bearer: north.json.access_token, params });
  await check.call(file, "GET", companys, 403, { bearer, params });
}
