"""What the server says beside the pages: whether it is ready, and what the browser may do."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server


def test_the_health_door_answers_200_and_503(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=20) as answer:
        assert answer.status == 200
        assert json.load(answer) == {
            "ready": True,
            "database": True,
            "blobs": True,
            "workers": True,
        }
    blobs, aside = server.home / "blobs", server.home / "blobs aside"
    if blobs.exists():
        blobs.rename(aside)
    blobs.write_text("a file where the folder should be")
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{server.url}/healthz", timeout=20)
        assert refused.value.code == 503
        assert not json.load(refused.value)["blobs"]
    finally:
        blobs.unlink()
        if aside.exists():
            aside.rename(blobs)


@pytest.mark.parametrize("path", ["/", "/healthz", "/app/static/hero.js", "/_stcore/health"])
def test_every_answer_carries_the_headers(server: Server, path: str) -> None:
    with urllib.request.urlopen(server.url + path, timeout=20) as answer:
        headers = answer.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_browser_itself_refuses_other_servers(browser: Browser, server: Server) -> None:
    page = browser.new_page()  # without the watch that a refusal would set off
    page.goto(server.url)
    refused = page.evaluate(
        """async () => {
          const said = new Promise((done) => document.addEventListener(
            "securitypolicyviolation", (e) => done(e.effectiveDirective), { once: true }))
          fetch("https://elsewhere.invalid/").catch(() => {})
          return await said
        }"""
    )
    page.close()
    assert refused == "connect-src"
