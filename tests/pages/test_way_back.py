"""Who signs in comes to the address asked for: one of this server, whatever a cookie says."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pages._ui import doors
from pages._ui.way_back import WayBack, own_address

HERE = "http://rungs.test"
PAGE = {"accept": "text/html,*/*;q=0.8"}


async def _ended(_: Request) -> Response:
    return RedirectResponse("/", 302)


async def _page(_: Request) -> Response:
    return HTMLResponse("a page")


def opened(*paths: str, cookies: dict[str, str] | None = None) -> list[httpx.Response]:
    """The answers to one browser that opens the paths one after the other."""
    routes = [Route("/oauth2callback", _ended), Route("/{page:path}", _page)]
    app = Starlette(routes=routes, middleware=[Middleware(WayBack)])

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url=HERE, headers=PAGE, cookies=cookies
        ) as browser:
            return [await browser.get(path) for path in paths]

    with ThreadPoolExecutor(
        1
    ) as apart:  # where a browser's tests ran before, this thread has a loop
        return apart.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server where one must sign in."""
    monkeypatch.setattr(doors, "asked", lambda: True)


@pytest.mark.usefixtures("asked")
def test_a_sign_in_ends_where_it_began_and_once() -> None:
    address = "/explore?study=1f&scenario=a%20b"
    page, back, again = opened(address, "/oauth2callback?code=1", "/oauth2callback?code=2")
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(
        page.headers["set-cookie"].split("; ")
    )
    assert back.headers["location"] == address
    assert again.headers["location"] == "/"


@pytest.mark.usefixtures("asked")
def test_who_is_signed_in_leaves_no_trace() -> None:
    (page,) = opened("/graph?study=1", cookies={"_streamlit_user": "signed"})
    assert "set-cookie" not in page.headers


def test_where_nobody_signs_in_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "asked", lambda: False)
    (page,) = opened("/graph?study=1")
    assert "set-cookie" not in page.headers


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "planted",
    [
        "https://evil.test/graph",
        "//evil.test/graph",
        "/\\evil.test",
        "/\t/evil.test",
        "///evil.test",
        "/graph\r\nset-cookie: a=b",
        "javascript:alert(1)",
        "graph?study=1",
        "/graph?" + "a" * 2000,
        "",
    ],
)
def test_no_other_address_is_led_to(planted: str) -> None:
    assert own_address(planted) is None
    (back,) = opened("/oauth2callback", cookies={"rungs_asked": quote(planted, safe="")})
    assert back.headers["location"] == "/"
    assert "set-cookie" not in back.headers
