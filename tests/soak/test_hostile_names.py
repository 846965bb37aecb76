"""All sixty hostile names in every place, on every page: each stands there as the text it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from causal_core.studies.store import Store
from tests.browser.conftest import Server, browser, context, page, server
from tests.browser.hostile_steps import PAGES, drawn_nodes, hostile_study, look_at, visited
from tests.hostile import NAMES

__all__ = ["browser", "context", "page", "server"]  # fixtures
_COLUMNS = 12


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(0, len(NAMES), _COLUMNS))
def test_no_page_obeys_a_name(page: Page, server: Server, first: int) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    store = Store.open(server.home)
    turned = NAMES[first + _COLUMNS :] + NAMES[: first + _COLUMNS]
    hostile = hostile_study(store, NAMES[first : first + _COLUMNS], turned[:_COLUMNS])
    study = hostile.study
    for name in ("", *PAGES):
        visited(page, f"/{name}?study={study.id}", study.name, *drawn_nodes(name, hostile))
    visited(page, f"/explore?share={hostile.token}", study.name, *hostile.names[:2])
    for place in range(_COLUMNS - 1):
        look_at(store, hostile, place)
        visited(page, f"/explore?study={study.id}", *hostile.names[place : place + 2])
    for name in hostile.names:  # each as the name of the study
        visited(page, f"/graph?study={store.update(store.get(study.id), name=name).id}", name)
    assert not dialogs
