"""Two people sign in at a real provider, and each has their own studies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import ARTIFACTS, SCREEN, Server, Watch, serving
from tests.browser.provider import CLIENT, PEOPLE, SECRET, Provider, provider

LOOKS = {"wide-light": (1440, 900), "phone-dark": (390, 844)}


@pytest.fixture
def vouching() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def guarded(vouching: Provider, tmp_path: Path) -> Iterator[Server]:
    """The app where one must sign in; Ada runs it."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        'cookie_secret = "known to this test alone, and long"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{vouching.url}/.well-known/openid-configuration"\n'
    )
    home, options = tmp_path / "home", ("--secrets.files", str(secrets))
    with serving(home, *options, RUNGS_ADMINS="ada@example.org") as running:
        yield running


@pytest.fixture
def people(browser: Browser, guarded: Server, vouching: Provider) -> Iterator[list[Page]]:
    """Two browsers; what they do must be clean, though they may go to the provider."""
    watch, contexts, pages = Watch(urlsplit(guarded.url).netloc), [], []
    for _ in PEOPLE:
        contexts.append(browser.new_context(base_url=guarded.url, reduced_motion="reduce"))
        contexts[-1].set_default_timeout(20_000)
        pages.append(contexts[-1].new_page())
        watch.attach(pages[-1])
    yield pages
    for context in contexts:
        context.close()
    elsewhere = f"request to another origin: {vouching.url}/"
    assert not [fault for fault in watch.faults if not fault.startswith(elsewhere)]


def sign_in(page: Page, person: str) -> None:
    """The whole way: the button, the choice at the provider, and back."""
    page.locator(".st-key-sign-in-default").get_by_role("button").click()
    page.get_by_role("link", name=PEOPLE[person]).click()
    expect(page.locator(".st-key-person")).to_contain_text(PEOPLE[person])
    steps.settled(page)


def test_each_has_their_own_studies(people: list[Page], guarded: Server) -> None:
    ada, ben = people
    ada.goto("/data")  # whatever the address, first of all one signs in
    expect(ada.get_by_role("button", name="Sign in")).to_be_visible()
    assert ada.get_by_test_id("stTopNavLink").count() == 0
    pictures(ada, "sign-in")
    sign_in(ada, "ada")
    expect(ada).to_have_url(f"{guarded.url}/data")
    expect(ada.get_by_text("No study is open yet")).to_be_visible()
    steps.open_start(ada)
    steps.open_example(ada, "kidney")
    hers = ada.url.split("study=")[1]
    ben.goto("/")
    sign_in(ben, "ben")
    expect(ben.get_by_role("heading", name="What would happen if?")).to_be_visible()
    assert ben.locator(".st-key-recent").count() == 0
    ben.goto(f"/graph?study={hers}")
    expect(ben.get_by_text("This study does not exist any more.")).to_be_visible()
    expect(ben.get_by_text("Admin")).to_have_count(0)
    ada.goto("/admin")  # she runs this server
    expect(ada.get_by_role("heading", name="Limits in force")).to_be_visible()
    pictures(ada, "admin")
    ada.goto("/")
    expect(ada.locator(f".st-key-study-{hers}")).to_be_visible()
    ada.get_by_role("button", name="Sign out").click()
    expect(ada.get_by_role("button", name="Sign in")).to_be_visible()
    ada.goto(f"/graph?study={hers}")
    expect(ada.get_by_role("button", name="Sign in")).to_be_visible()
    sign_in(ada, "ada")
    expect(ada).to_have_url(f"{guarded.url}/graph?study={hers}")
    expect(ada.get_by_role("heading", name="Graph")).to_be_visible()


def pictures(page: Page, name: str) -> None:
    """Wide in the light and a phone in the dark; the page fits the screen."""
    steps.settled(page)
    for look, (width, height) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if look.endswith("dark") else "light")
        page.wait_for_timeout(300)
        page.screenshot(path=ARTIFACTS / f"{name}-{look}.png")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    page.set_viewport_size(SCREEN)
    page.emulate_media(color_scheme="light")
