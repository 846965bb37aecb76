"""A fit outlives the page and its worker: reload, cancel, and a worker killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from causal_core.studies import jobs, roster
from causal_core.studies.store import Store
from tests.browser import steps
from tests.browser.conftest import Server


@pytest.fixture
def fitting(page: Page, server: Server) -> Iterator[Page]:
    """The confounded dose example with its fit under way, which keeps no later test waiting."""
    steps.open_start(page)
    steps.open_example(page, "dose")
    steps.go_on(page, "fit")
    expect(page.get_by_text("6 equations from 4,000 rows")).to_be_visible()
    page.locator(".st-key-fit").get_by_role("button").click()
    under_way(page)
    job = the_job(server, page)
    yield page
    jobs.cancel(Store.open(server.home), job.id)


def under_way(page: Page) -> None:
    """Wait until the fit has told of its first epochs."""
    expect(page.locator(".st-key-job figure img")).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-job")).to_contain_text("left")


def the_job(server: Server, page: Page) -> jobs.Job:
    study = page.url.split("study=")[1][:32]
    store = Store.open(server.home)
    return jobs.get(store, store.get(study).fit or "")


def test_cancel_reload_and_go_on(fitting: Page, server: Server) -> None:
    page = fitting
    expect(page.get_by_text("You may close this tab")).to_be_visible()
    started = the_job(server, page)
    page.reload()
    under_way(page)
    assert the_job(server, page).worker == started.worker

    asked = time.monotonic()
    page.locator(".st-key-cancel").get_by_role("button").click()
    expect(page.get_by_text("The fit was cancelled")).to_be_visible()
    job = the_job(server, page)
    assert job.state is jobs.State.CANCELLED
    assert job.ended is not None
    assert time.monotonic() - asked < 3.5  # the page's own look included
    page.reload()
    expect(page.get_by_text("The fit was cancelled")).to_be_visible()
    page.locator(".st-key-resume").get_by_role("button").click()
    under_way(page)


def test_a_killed_worker_is_said_and_what_was_learned_is_kept(
    fitting: Page, server: Server
) -> None:
    page = fitting
    worker = the_job(server, page).worker
    (held,) = [w for w in roster.everyone(Store.open(server.home)) if w.id == worker]
    os.kill(held.process.pid, signal.SIGKILL)
    expect(page.get_by_role("alert")).to_contain_text("has died", timeout=10_000)
    assert the_job(server, page).state is jobs.State.INTERRUPTED
    reached = the_job(server, page).progress["fraction"]
    page.locator(".st-key-resume").get_by_role("button").click()
    under_way(page)
    while "fraction" not in the_job(server, page).progress:  # the page may still be the old one
        page.wait_for_timeout(100)
    assert the_job(server, page).progress["fraction"] >= reached
