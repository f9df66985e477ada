#!/usr/bin/env bash
# requests-oauthlib 2.0.0 with oauthlib 4.0.1 and requests 2.34.2 (PyPI), OAuth2Session with auto_refresh_url and
# token_updater as its documentation shows them, against a local shop and its token endpoint.
# Expected: a renewal sends what a renewal needs: the grant, the refresh token and what auto_refresh_kwargs adds.
# Seen: whatever keyword the call has that meets the end of the token is a field of the renewal as well: json= with the
# whole order, params= with what is searched for, and, with each get(), allow_redirects=True. Only data=, headers=, and
# what is of the connection, are left out. The order is then sent to the shop, as it should be.
# Why it matters: once an hour an order, with address and all, is in the log of the authorization server, which may be
# another company's; one that refuses fields it does not know refuses the renewal, and the next call by data= works.
# Renew by refresh_token() before the call.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check requests-oauthlib==2.0.0 oauthlib==4.0.1 requests==2.34.2

cat >probe.py <<'PY'
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
from requests_oauthlib import OAuth2Session

seen = {}


class Shop(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        seen[self.path.split("?")[0]] = body
        self.send_response(200)
        self.end_headers()
        answer = {"access_token": "new", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r2"}
        self.wfile.write(json.dumps(answer).encode())

    do_GET = do_POST

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Shop)
threading.Thread(target=server.serve_forever, daemon=True).start()
shop = f"http://127.0.0.1:{server.server_port}"
ended = {"access_token": "old", "token_type": "Bearer", "refresh_token": "r1", "expires_in": -10, "expires_at": time.time() - 10}
order = {"article": "lamp", "street": "High Street 1"}
calls = {
    "post(data=order)": lambda session: session.post(f"{shop}/orders", data=order),
    "post(json=order)": lambda session: session.post(f"{shop}/orders", json=order),
    "get(params=search)": lambda session: session.get(f"{shop}/products", params={"q": "lamp"}),
}
for name, call in calls.items():
    session = OAuth2Session("shop", token=dict(ended), auto_refresh_url=f"{shop}/token", auto_refresh_kwargs={"client_id": "shop"}, token_updater=lambda token: None)
    call(session)
    sent = dict(parse_qsl(seen["/token"]))
    for expected in ("grant_type", "refresh_token", "client_id"):
        sent.pop(expected)
    print(f"{name}: the renewal sends besides {sent or 'nothing'}")
PY

cat >expected <<'TEXT'
post(data=order): the renewal sends besides nothing
post(json=order): the renewal sends besides {'json': "{'article': 'lamp', 'street': 'High Street 1'}"}
get(params=search): the renewal sends besides {'params': "{'q': 'lamp'}", 'allow_redirects': 'True'}
TEXT

timeout 60 python/bin/python probe.py >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: requests-oauthlib-sends-the-order-with-the-renewal no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
