"""The real app in a real browser: a server with its own data, and pages that must stay clean.

A test fails when the page writes an error to its console, asks any other origin for
anything, or shows a traceback.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests import services

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / ".artifacts"
_CHROMIUM = "/usr/bin/chromium"
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # Each window would load the pages that its own address bar pops up, which nobody sees: more
    # than a third of all the work. The other features are those that Playwright switches off and
    # this option would bring back.
    "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxFullPopup,"
    "WebUIOmniboxAimPopup,AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
]
_START_SECONDS = 60
SCREEN: ViewportSize = {"width": 1440, "height": 900}
Scheme = Literal["light", "dark"]
# Streamlit's page finds out where it is mounted by asking there first.
_PROBES = ("/_stcore/health", "/_stcore/host-config")


# These fit equations: begun first, they leave two workers no long wait at the end.
_LONG = ("journey", "screenshots", "explore", "fit", "estimate", "knowledge", "orders")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; the order within a file stays."""
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in _LONG)


@dataclass(frozen=True)
class Server:
    """A running app: its address and its data folder."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]


expect.set_options(timeout=15_000)  # of a page: two cores may be busy


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a free port, its studies in a folder of its own."""
    with serving(tmp_path_factory.mktemp("rungs-home")) as running:
        yield running


@contextmanager
def serving(home: Path, *options: str, **environment: str) -> Iterator[Server]:
    """The app on a free port, with further options of Streamlit and a further environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ARTIFACTS.mkdir(exist_ok=True)
    command = services.command("app", {"8501": str(port), "0.0.0.0": "127.0.0.1"})
    with (ARTIFACTS / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=os.environ | {"RUNGS_HOME": str(home), "OMP_NUM_THREADS": "1"} | environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(url, process)
            yield Server(url, home, process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _stop_workers(home)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended; see .artifacts/server-*.log"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer; see .artifacts/server-*.log")


def _stop_workers(home: Path) -> None:
    from causal_core.studies.pool import stop_workers
    from causal_core.studies.store import Store

    stop_workers(Store.open(home))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS)
        yield chromium
        chromium.close()


class Watch:
    """What a page did that it must not do."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self._noted = {
            "console": self._console, "pageerror": self._error, "request": self._request
        }  # fmt: skip

    def attach(self, page: Page) -> None:
        """Note console errors, uncaught exceptions and requests to other origins."""
        for event, noted in self._noted.items():
            page.on(event, noted)  # type: ignore[call-overload]

    @contextmanager
    def watching(self, page: Page) -> Iterator[None]:
        """As `attach`, until the block ends."""
        self.attach(page)
        try:
            yield
        finally:
            for event, noted in self._noted.items():
                page.remove_listener(event, noted)

    def _error(self, error: Any) -> None:
        self.faults.append(f"uncaught: {error}")

    def _console(self, message: Any) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not url.endswith(_PROBES):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(url := request.url)
        inside = parts.scheme in ("data", "blob", "about") or parts.netloc == self.origin
        if not inside:
            self.faults.append(f"request to another origin: {url}")


@pytest.fixture(scope="module")
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A profile for each file of tests, whose pages open the app at "/"."""
    made = browser.new_context(base_url=server.url, viewport=SCREEN, reduced_motion="reduce")
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, server: Server, request: Any) -> Iterator[Page]:
    """A page of the app that fails its test for anything unclean; a failed one is pictured.

    The tests of a file share one page while they pass: a new one would compile all scripts
    anew, half of what a page load costs. Nothing that one stored is left for the next.
    """
    watch, failed = Watch(urlsplit(server.url).netloc), request.session.testsfailed
    opened = context.pages[0] if context.pages else context.new_page()
    passed = False
    try:
        with watch.watching(opened):
            yield opened
            if opened.is_closed():
                opened = context.pages[-1] if context.pages else context.new_page()
            tracebacks = opened.get_by_text("Traceback (most recent call last)").count()
            assert not tracebacks, "a traceback is shown"
            assert opened.get_by_test_id("stException").count() == 0, "an exception is shown"
            assert not watch.faults, "\n".join(watch.faults)
        passed = request.session.testsfailed == failed
    finally:
        if not (passed or opened.is_closed()):
            opened.screenshot(path=ARTIFACTS / f"last-{request.node.name}.png")
        _forget(context, server.url, opened if passed else None)


def _forget(context: BrowserContext, origin: str, kept: Page | None) -> None:
    """Leave the profile as a new one would be, and the page `kept` alone in it."""
    for page in context.pages:
        if page is not kept:
            page.close()
    context.set_offline(False)
    context.clear_permissions()
    context.clear_cookies()
    page = kept or context.new_page()
    page.set_viewport_size(SCREEN)
    page.emulate_media(color_scheme="light")
    session = context.new_cdp_session(page)
    stored = {"origin": origin, "storageTypes": "local_storage"}
    session.send("Storage.clearDataForOrigin", stored)
    session.detach()
