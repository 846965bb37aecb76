"""The server: the app, a door for those who watch over it, and what every answer carries."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # Streamlit adds this folder alone

from causal_core.errors import RungsError  # noqa: E402
from causal_core.limits import limit  # noqa: E402
from causal_core.studies.health import health  # noqa: E402
from pages._ui import apart, downloads, session  # noqa: E402
from pages._ui.rate import Buckets, RateGuard  # noqa: E402
from pages._ui.way_back import WayBack  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The browser itself then refuses to ask any other server for anything.
_POLICY = {
    "default-src": "'self'",
    # Inline: the graph that Explore draws in a frame. blob: how Streamlit loads our components.
    "script-src": "'self' 'unsafe-inline' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address names a study
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every answer over HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; the headers join the start of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def healthz(_request: Request) -> JSONResponse:
    """Whether this server can do its work now: 200 or 503; runs in a thread of its own."""
    found = health()
    status = 200 if found.ready else 503
    return JSONResponse(found.to_dict(), status, headers={"Cache-Control": "no-store"})


# What the pages load when they are first opened, the slowest for whoever comes first.
_LOADED = (
    "causal_core.scm.model",
    "causal_core.association.model",
    "causal_core.queries.sweep_answer",
    "causal_core.views.hero",
    "causal_core.views.report",
)


@asynccontextmanager
async def loading(_app: st.App) -> AsyncIterator[None]:
    """Load it once the server answers, so that neither its start nor the first visit waits."""
    threading.Thread(target=_load, daemon=True).start()
    yield


def _load() -> None:
    apart.start()
    for name in _LOADED:
        import_module(name)


# What an earlier server left in the queue goes on before anyone opens a page.
with suppress(RungsError):  # a folder that cannot be used is told by the pages and by /healthz
    session.opened()
downloads.last()

proxied = os.environ.get("RUNGS_PROXY") == "1"
buckets = Buckets(limit("requests_per_second"), limit("requests_burst"))

# Else the first address that anyone opens runs its page without app.py: no study, no sign-in.
PagesManager.uses_pages_directory = False

app = st.App(
    ROOT / "app.py",
    lifespan=loading,
    routes=[Route("/healthz", healthz)],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(WayBack),
        Middleware(RateGuard, buckets=buckets, proxied=proxied),
    ],
)
