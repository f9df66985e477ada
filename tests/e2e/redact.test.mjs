// Addresses as an error tracker may record them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SessionManager } from "storefront-session";
import { redactUrl } from "storefront-session/redact";

import { startSandbox } from "../../tools/lib/sandbox.mjs";
import { buyer } from "./lib/storefront.mjs";

let sandbox;

before(async () => (sandbox = await startSandbox()));
after(() => sandbox?.stop());

test("of what the session asks the platform no token is left, and all else is", async () => {
  const asked = [];
  const secrets = new Set([buyer.email, buyer.password]);
  const collect = (value, name = "") => {
    if (typeof value === "object") for (const name in value) collect(value[name], name);
    else if (/token$/i.test(name) && `${value}`.length > 8) secrets.add(`${value}`);
  };
  const watched = async (...call) => {
    asked.push(call[0].url ?? String(call[0]));
    const answer = await fetch(...call);
    await answer.clone().json().then(collect, () => {});
    return answer;
  };
  const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl: sandbox.url, fetch: watched });
  await session.accessToken();
  await session.refresh();
  await session.login(buyer);
  await session.switchLegalEntity("le-north");
  await session.refresh();
  await session.validate();
  await session.logout();
  session.close();
  const holds = (text) => [...secrets].some((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)));
  assert.ok(secrets.size > 6 && asked.filter(holds).length >= 3, "the platform takes refresh tokens in addresses");
  const redacted = asked.map(redactUrl);
  assert.deepEqual(redacted.filter(holds), []);
  const paths = (urls) => urls.map((url) => url.replace(/[?#].*/, ""));
  assert.deepEqual(paths(redacted), paths(asked));
  assert.ok(redacted.some((url) => url.includes("client_id=storefront") && url.includes("refresh_token=REDACTED")), redacted.join("\n"));
});

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
for (const [url, expected] of [
  ["https://api.example/a?refresh_token=x&tenant=acme", "https://api.example/a?refresh_token=REDACTED&tenant=acme"],
  ["/a?refreshToken=x&legalEntityId=le-north#top", "/a?refreshToken=REDACTED&legalEntityId=le-north#top"],
  ["/a?refresh%5Ftoken=x", "/a?refresh%5Ftoken=REDACTED"],
  ["/callback?code=abc&state=def#access_token=ghi&page=2", "/callback?code=REDACTED&state=REDACTED#access_token=REDACTED&page=2"],
  [`/a?q=${jwt}`, "/a?q=REDACTED"],
  [`/a/${jwt}/b`, "/a/REDACTED/b"],
  [`/a#${jwt}`, "/a#REDACTED"],
  ["/a?to=jane%40shop.example", "/a?to=REDACTED"],
  ["/customers/jane@shop.example?q=1", "/customers/REDACTED?q=1"],
  ["https://jane:secret@api.example/a", "https://api.example/a"],
  ["/a?token=x?y=z&b=1", "/a?token=REDACTED&b=1"],
  ["/a?token", "/a?token"],
  ["/product/acme/products?q=name%3Ashoe&pageSize=60&sort=metadata.createdAt%3Adesc", "/product/acme/products?q=name%3Ashoe&pageSize=60&sort=metadata.createdAt%3Adesc"],
  ["/cart/acme/carts/6a1f0d3e-7b2c-4a9d-9e1f-0a2b3c4d5e6f?siteCode=main", "/cart/acme/carts/6a1f0d3e-7b2c-4a9d-9e1f-0a2b3c4d5e6f?siteCode=main"],
  ["/a?%E0%A4%A=1&sessionId=2", "/a?%E0%A4%A=1&sessionId=REDACTED"],
  ["", ""],
]) {
  test(`redactUrl: ${url.slice(0, 60)}`, () => assert.equal(redactUrl(url), expected));
}

test("redactUrl takes a URL, a Request and what is none of them", () => {
  assert.equal(redactUrl(new URL("https://a.example/?token=x")), "https://a.example/?token=REDACTED");
  assert.equal(redactUrl(new Request("https://a.example/?token=x")), "https://a.example/?token=REDACTED");
  assert.deepEqual([undefined, null, 5].map(redactUrl), ["undefined", "null", "5"]);
});
