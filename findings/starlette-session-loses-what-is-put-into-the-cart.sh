#!/usr/bin/env bash
# starlette 1.10.0 with itsdangerous 2.2.0 and httpx 0.28.1 (PyPI), SessionMiddleware as its documentation shows it,
# which FastAPI offers as well.
# Expected: request.session is a dictionary that is kept: what a request has put into it, or into a list or dictionary
# within it, is in the next one. So it was up to version 0, which stored the session with every answer.
# Seen: it is stored only where a key of its own was set or taken out. append() to the cart, or a change of the quantity
# within it, is seen in this request, answered with success, and gone, unless the same request sets another key; then it
# is kept. What a request has set that ends with an error is lost, a renewed token included. And as it is stored only
# then, who looks in every day without a change is a guest two weeks after the last one, where version 0 gave him two
# weeks more each time.
# Why it matters: the first article, which makes the list, is kept, and a test with one article is green. The second
# never is. Set the key again, request.session["cart"] = [*cart, article].
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check starlette==1.10.0 itsdangerous==2.2.0 httpx==0.28.1

cat >probe.py <<'PY'
import asyncio
import time

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route


async def first(request):
    request.session["cart"] = [{"article": "lamp", "quantity": 1}]
    return JSONResponse(request.session)


async def second(request):
    request.session["cart"].append({"article": "chair", "quantity": 1})
    return JSONResponse(request.session)


async def quantity(request):
    request.session["cart"][0]["quantity"] = 2
    return JSONResponse(request.session)


async def second_and_key(request):
    request.session["cart"].append({"article": "chair", "quantity": 1})
    request.session["seen"] = True
    return JSONResponse(request.session)


async def renew(request):
    request.session["token"] = "renewed"
    raise RuntimeError("the shop is busy")


async def show(request):
    return JSONResponse(request.session)


def cart(session):
    return " and ".join(f"{line['quantity']} {line['article']}" for line in session.get("cart", [])) or "nothing"


pages = (first, second, quantity, second_and_key, renew, show)
app = Starlette(routes=[Route(f"/{page.__name__}", page) for page in pages], middleware=[Middleware(SessionMiddleware, secret_key="a secret that is long enough")])


async def main():
    for name in ("second", "quantity", "second_and_key"):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://shop.example") as client:
            await client.get("/first")
            here = (await client.get(f"/{name}")).json()
            then = (await client.get("/show")).json()
            print(f"{name}: in this request {cart(here)}, in the next one {cart(then)}")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="https://shop.example") as client:
        await client.get("/first")
        status = (await client.get("/renew")).status_code
        print(f"renew, {status}: in the next one the token is {(await client.get('/show')).json().get('token', 'not there')}")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://shop.example") as client:
        real, days = time.time, 0
        await client.get("/first")
        for days in range(1, 21):
            time.time = lambda days=days: real() + days * 86400
            seen = cart((await client.get("/show")).json())
            if seen == "nothing":
                break
        time.time = real
        print(f"a look every day for twenty days: {'gone' if seen == 'nothing' else 'there'} on day {days}")


asyncio.run(main())
PY

cat >expected <<'TEXT'
second: in this request 1 lamp and 1 chair, in the next one 1 lamp
quantity: in this request 2 lamp, in the next one 1 lamp
second_and_key: in this request 1 lamp and 1 chair, in the next one 1 lamp and 1 chair
renew, 500: in the next one the token is not there
a look every day for twenty days: gone on day 14
TEXT

timeout 60 python/bin/python probe.py >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: starlette-session-loses-what-is-put-into-the-cart no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
