#!/usr/bin/env bash
# @kibocommerce/graphql-client 1.0.2, the shopper's ticket: calls at the same time, and a wrong password.
# Expected: calls that share one renewal all get the new ticket; a refused login is sent once, and rejects.
# Seen: who receives the ticket deletes a property of it that is asked for in the check before: one call gets the
# ticket, all others that shared the request fail with "Invalid auth ticket!", though the ticket is good and stored. And
# a 401 is taken for an end of the shop's own token: the request is sent again, with the same token, because that has not
# ended, and without the shopper's. So a wrong password is sent twice, the second time not as the guest whose cart the
# customer is to keep; and the refusal resolves, as the ticket.
# Why it matters: at the start of a page all reads but one fail; an account is locked after half the attempts.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error @kibocommerce/graphql-client@1.0.2 >/dev/null

cat >probe.cjs <<'JS'
const { createServer } = require("node:http");
const { CreateApolloClient } = require("@kibocommerce/graphql-client");

let sent = [], count = 0;
const ticket = (ends) => ({ accessToken: `access-${++count}`, refreshToken: `refresh-${count}`, jwtAccessToken: `jwt-${count}`, accessTokenExpiration: new Date(Date.now() + ends).toISOString(), refreshTokenExpiration: new Date(Date.now() + 86_400_000).toISOString() });
const shop = createServer((request, answer) => {
  const path = new URL(request.url, "http://shop").pathname.split("/").filter(Boolean).at(-1);
  const send = (status, value) => setTimeout(() => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value)), 50);
  if (path === "token") return send(200, { access_token: "shop-token", expires_in: 3600 });
  sent.push(`${path} as ${request.headers["x-vol-user-claims"] ?? "nobody"}`);
  if (path === "authtickets") return send(401, { message: "wrong password" });
  send(200, ticket(60_000));
}).listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${shop.address().port}`;
  let stored;
  const open = (kept) => CreateApolloClient({ api: { accessTokenUrl: `${url}/token`, clientId: "shop", sharedSecret: "not secret", apiHost: url }, clientAuthHooks: { onTicketRead: () => kept, onTicketChange: (one) => (stored = one), onTicketRemove: () => (stored = undefined) } });
  const end = (promise) => promise.then((one) => one.accessToken ?? `resolved: ${JSON.stringify(one)}`, ({ message }) => `rejected: ${message}`);

  for (const [name, kept] of [["a first page", undefined], ["a ticket that has ended", ticket(-1000)]]) {
    sent = [];
    count = 0;
    const { ticketManager } = open(kept);
    const calls = await Promise.all([1, 2, 3].map(() => end(ticketManager.getTicket())));
    console.log(`${name}, three calls at once: ${calls.join("; ")}`);
    console.log(`  sent: ${sent.join(", ")}; stored ${stored.accessToken}; later ${await end(ticketManager.getTicket())}`);
  }
  sent = [];
  const guest = ticket(60_000);
  const { authClient } = open(guest);
  console.log(`a wrong password, as guest ${guest.accessToken}: ${await end(authClient.customerPasswordAuth({ username: "buyer", password: "wrong" }, guest))}`);
  console.log(`  sent: ${sent.join(", ")}`);
  process.exit();
});
JS

cat >expected <<'TEXT'
a first page, three calls at once: rejected: Invalid auth ticket!; access-1; rejected: Invalid auth ticket!
  sent: anonymousshopper as nobody; stored access-1; later access-1
a ticket that has ended, three calls at once: rejected: Invalid auth ticket!; access-1; rejected: Invalid auth ticket!
  sent: refresh as access-1; stored access-1; later access-1
a wrong password, as guest access-2: resolved: {"message":"wrong password"}
  sent: authtickets as access-2, authtickets as nobody
TEXT

timeout 60 node probe.cjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: kibo-second-call-of-a-renewal-fails no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
