"""After signing in, back to the address that was asked for.

Streamlit ends every sign-in on the first page. So the address of a page that asks to sign in
is kept in a cookie of this server for as long as a sign-in takes, and the answer that ends
the sign-in leads there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from pages._ui import doors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COOKIE, _SIGNED_IN = "rungs_asked", "_streamlit_user"  # ours, and Streamlit's of who is there
_SECONDS, _LONGEST = 600, 2000  # how long an address is kept, and of how many characters
_BACK = "/oauth2callback"  # where a provider sends people back to
# Each “/” of the path stands before a name: no “//host” and no “/\host” that leads elsewhere.
_ADDRESS = re.compile(r"(?=/)(/[\w-]+)*/?(\?[!-~]*)?", re.ASCII)


class WayBack:
    """ASGI middleware that keeps the address asked for and leads back to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; an answer that asks to sign in, or ends that, is added to."""
        if scope["type"] != "http" or not _concerns(Request(scope)):
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(Request(scope), message["status"], MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_on)


def own_address(text: str) -> str | None:
    """`text` if it is the path and query of a page here, else None.

    >>> own_address("/graph?study=1"), own_address("//elsewhere.example/graph")
    ('/graph?study=1', None)
    """
    return text if len(text) <= _LONGEST and _ADDRESS.fullmatch(text) else None


def _concerns(request: Request) -> bool:
    """Whether a person opens a page, or comes from the provider, where one must sign in."""
    opens = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return opens and doors.asked()


def _add(request: Request, status: int, headers: MutableHeaders) -> None:
    """The way back to where the sign-in began, or what remembers it."""
    path = request.url.path
    if path.endswith(_BACK):
        asked = own_address(unquote(request.cookies.get(_COOKIE, "")))
        if status == 302 and asked:
            headers["location"] = asked
            _set_cookie(headers, "", 0, request)
    elif status in (200, 304) and _SIGNED_IN not in request.cookies:
        asked = own_address(f"{path}?{request.url.query}" if request.url.query else path)
        if asked:
            _set_cookie(headers, quote(asked, safe=""), _SECONDS, request)


def _set_cookie(headers: MutableHeaders, value: str, seconds: int, request: Request) -> None:
    carrier, secure = Response(), request.url.scheme == "https"
    carrier.set_cookie(_COOKIE, value, seconds, secure=secure, httponly=True, samesite="lax")
    headers.append("set-cookie", carrier.headers["set-cookie"])
