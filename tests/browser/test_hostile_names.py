"""The nastiest names in one study: no page, no report and no kept file obeys one of them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from causal_core.studies.store import Store
from tests.browser.conftest import Server
from tests.browser.hostile_steps import hostile_study, obeyed, visited
from tests.hostile import DIRECTIVES, FORMULAS, MARKUP

NASTIEST = (*MARKUP[:3], *MARKUP[11:14], MARKUP[8], *DIRECTIVES[:2], *DIRECTIVES[3:5], FORMULAS[6])


def test_no_page_and_no_report_obeys_a_name(page: Page, server: Server) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    store = Store.open(server.home)
    hostile = hostile_study(store, NASTIEST, (*MARKUP[3:7], *NASTIEST[::-1][:8]))
    study = hostile.study
    visited(page, f"/?study={study.id}", study.name)  # all pages: tests/soak/test_hostile_names.py
    visited(page, f"/data?study={study.id}", study.name, *NASTIEST)
    visited(page, f"/graph?study={study.id}", study.name, *NASTIEST, hostile.hidden)
    visited(page, f"/explore?share={hostile.token}", study.name, *NASTIEST[:2])
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as a report").click()
    with page.context.new_page() as report:
        report.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        report.set_content(saved.value.path().read_text("utf-8"))
        expect(report.get_by_role("heading", level=1)).to_have_text(study.name)
        assert not obeyed(report)
    assert not dialogs
