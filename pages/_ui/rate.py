"""How many requests one address may make: beyond that it is told when to come again.

A token bucket for each address: full, it holds a burst, and it fills at a steady rate. What
goes over a websocket that is open is not counted.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

_ADDRESSES = 10_000  # remembered; the one not heard of for longest is forgotten first
_UNKNOWN = "unknown"
_FREE = "/healthz"  # whoever watches over the server is always answered


class Buckets:
    """What each address has left of its `burst`; `rate` requests a second come back."""

    def __init__(self, rate: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst = max(rate, 1), max(burst, 1)  # none would lock everyone out
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Take one request; 0, or the seconds after which there is one to take."""
        now = self._clock()
        left, since = self._left.pop(address, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self._rate


class RateGuard:
    """ASGI middleware that answers 429 to an address whose bucket is empty."""

    def __init__(self, app: ASGIApp, buckets: Buckets, *, proxied: bool) -> None:
        self._app, self._buckets, self._proxied = app, buckets, proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or the opening of a websocket, if there is one left to take."""
        counted = scope["type"] in ("http", "websocket") and scope["path"] != _FREE
        wait = self._buckets.take(_address(scope, proxied=self._proxied)) if counted else 0.0
        if not wait:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _refusal(wait)(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).send_denial_response(_refusal(wait))


def _address(scope: Scope, *, proxied: bool) -> str:
    """Who asks: behind a proxy the last address that it names, since a client can write others.

    Where no proxy is known of, all who name one are one: uvicorn may have believed them.
    """
    client = scope.get("client")
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    if named and not proxied:
        return _UNKNOWN
    return named.rpartition(",")[2].strip() or (str(client[0]) if client else _UNKNOWN)


def _refusal(wait: float) -> PlainTextResponse:
    seconds = math.ceil(wait)
    return PlainTextResponse(
        f"Your address asks too often. Come again in {seconds} second{'s' if seconds > 1 else ''}.",
        429,
        headers={"Retry-After": str(seconds)},
    )
