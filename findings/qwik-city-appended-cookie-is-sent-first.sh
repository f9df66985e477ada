#!/usr/bin/env bash
# @builder.io/qwik-city 1.20.1, its request handler, which all its adapters call, with a route that sets cookies, and what a jar (tough-cookie 6.1.0) keeps of
# the answer, as a browser does: of two cookies of one name, domain and path the later header counts (RFC 6265, 5.3).
# Expected: "set() will overwrite the existing value with the new one, whereas append() will append the new value onto the
# end of the set of values" (its types and documentation); send(response) sends the headers of that response.
# Seen: what is appended is sent before all that is set or deleted, whenever that was, because its keys are numbers, which an object
# lists first. delete() and then append() at a login sends the new cookie and then its deletion; a guest's that is set and the
# customer's that is appended leave the guest's. In the same request cookie.get() gives the new value. A response that is
# handed to send() loses all cookies of a name but the last: the deletion under a former path, and what a plugin had set before.
# Why it matters: the login succeeds, its page is the customer's, and the next request is a guest's again. Use set() for a cookie
# of the same path, and write the headers yourself (`headers.append("Set-Cookie", …)`) where a name is needed twice.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --legacy-peer-deps --loglevel=error @builder.io/qwik-city@1.20.1 @builder.io/qwik@1.20.1 tough-cookie@6.1.0 >/dev/null

cat >probe.mjs <<'JS'
import { mergeHeadersCookies, requestHandler } from "@builder.io/qwik-city/middleware/request-handler";
import { CookieJar } from "tough-cookie";

const options = { path: "/", httpOnly: true };
let inRequest;
const logins = {
  "set() alone": ({ cookie, redirect }) => {
    cookie.delete("session", { path: "/" });
    cookie.set("session", "customer", options);
    inRequest = cookie.get("session").value;
    throw redirect(302, "/account/");
  },
  "delete(), append()": ({ cookie, redirect }) => {
    cookie.delete("session", { path: "/" });
    cookie.append("session", "customer", options);
    inRequest = cookie.get("session").value;
    throw redirect(302, "/account/");
  },
  "set() the guest's, append() the customer's": ({ cookie, redirect }) => {
    cookie.set("session", "guest", options);
    cookie.append("session", "customer", options);
    inRequest = cookie.get("session").value;
    throw redirect(302, "/account/");
  },
  "headers.append() twice": ({ headers, redirect }) => {
    headers.append("Set-Cookie", "session=; Max-Age=0; Path=/login");
    headers.append("Set-Cookie", "session=customer; Path=/; HttpOnly");
    throw redirect(302, "/account/");
  },
  "send() a response with two": ({ send }) => {
    const headers = new Headers();
    headers.append("Set-Cookie", "session=; Max-Age=0; Path=/login");
    headers.append("Set-Cookie", "session=customer; Path=/; HttpOnly");
    throw send(new Response("welcome", { headers }));
  },
};
const page = "https://shop.example/login/";
const ask = async (onGet) => {
  const plan = { routes: [["/login/", [() => ({ onGet })], [], "/login/"]], serverPlugins: [], menus: [], trailingSlash: true, basePathname: "/", cacheModules: false };
  let answer;
  const event = {
    mode: "server", url: new URL(page), env: { get() {} }, platform: {}, request: new Request(page, { headers: { cookie: "session=guest" } }), getClientConn: () => ({}),
    getWritableStream: (status, headers, cookies) => {
      answer = { status, lines: mergeHeadersCookies(headers, cookies).getSetCookie() };
      return new WritableStream();
    },
  };
  await (await requestHandler(event, { render() {}, qwikCityPlan: plan })).completion;
  return answer;
};

for (const [name, login] of Object.entries(logins)) {
  const jar = new CookieJar();
  await jar.setCookie("session=guest-of-before; Path=/", page);
  await jar.setCookie("session=of-a-former-version; Path=/login", page);
  inRequest = "-";
  const { status, lines } = await ask(login);
  for (const line of lines) await jar.setCookie(line, page);
  const kept = (await jar.getCookies(page)).map(({ path, value }) => `${path} ${value}`).sort();
  console.log(`${name}: status ${status}; in the request ${inRequest}; sent ${lines.map((line) => line.replace(/; HttpOnly/, "")).join(" | ")}; kept ${kept.join(", ")}`);
}
process.exit();
JS

cat >expected <<'TEXT'
set() alone: status 302; in the request customer; sent session=customer; Path=/; kept / customer, /login of-a-former-version
delete(), append(): status 302; in the request customer; sent session=customer; Path=/ | session=deleted; Max-Age=0; Path=/; kept /login of-a-former-version
set() the guest's, append() the customer's: status 302; in the request customer; sent session=customer; Path=/ | session=guest; Path=/; kept / guest, /login of-a-former-version
headers.append() twice: status 302; in the request -; sent session=; Max-Age=0; Path=/login | session=customer; Path=/; kept / customer
send() a response with two: status 200; in the request -; sent session=customer; Path=/; kept / customer, /login of-a-former-version
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: qwik-city-appended-cookie-is-sent-first no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
