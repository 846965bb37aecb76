"""A messy file is read, said and corrected; a hopeless one is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps

MESSY = "\n".join(
    [
        "id;dose;score;answer;![x](http://evil.example/a.png)",
        *(
            f"{1000 + i};{i % 7},5;{i % 9 or -999};{'yes' if i % 3 else 'no'};{i % 4}"
            for i in range(200)
        ),
    ]
)
HOSTILE = "![x](http://evil.example/a.png)"
BROKEN = {
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 40,
    "cut-off.xlsx": b"PK\x03\x04 and then nothing",
    "unclosed.csv": b'a,b\n1,"2\n3,4\n5,6,7\n',
}


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    path.write_text(MESSY)
    return path


def glance(page: Page) -> Locator:
    """What Data says about the chosen column."""
    return page.get_by_test_id("stCaptionContainer").filter(has_text="missing:").last


def test_a_messy_file_is_repaired_said_and_corrected(page: Page, messy: Path) -> None:
    steps.open_start(page)
    steps.upload(page, messy)
    steps.at(page, "data")
    expect(page.get_by_text("200 rows × 5 columns")).to_be_visible()
    repair = page.get_by_text("comma", exact=False).first
    expect(repair).to_be_visible()

    steps.choose(page, "Column", "dose")
    expect(page.get_by_role("combobox", name="Kind")).to_have_value("continuous: any number")
    page.get_by_role("textbox", name="Unit").fill("mg")
    page.get_by_role("textbox", name="Unit").press("Enter")
    expect(glance(page)).to_contain_text("0.50 to 6.50 mg, half below 3.50")

    steps.choose(page, "Column", HOSTILE)
    steps.choose(page, "Kind", "categorical: levels without order")
    expect(glance(page)).to_contain_text("0 25 %, 1 25 %, 2 25 %, 3 25 %")

    steps.choose(page, "Column", "score")
    expect(glance(page)).to_contain_text("missing: 23 (11.5 %)")
    page.get_by_text("Repair 2").click()
    expect(glance(page)).to_contain_text("missing: none")
    expect(glance(page)).to_contain_text("−999 to 8")
    page.get_by_text("Repair 2").click()
    expect(glance(page)).to_contain_text("missing: 23 (11.5 %)")

    page.reload()
    expect(page.get_by_text("Correct a column")).to_be_visible()
    steps.choose(page, "Column", HOSTILE)
    expect(page.get_by_role("combobox", name="Kind")).to_have_value(
        "categorical: levels without order"
    )
    assert page.locator("img[src*='evil']").count() == 0


def test_a_kind_the_cells_cannot_have_is_refused(page: Page, messy: Path) -> None:
    steps.open_start(page)
    steps.upload(page, messy)
    steps.at(page, "data")
    steps.choose(page, "Column", "answer")
    steps.choose(page, "Kind", "continuous: any number")
    expect(page.get_by_role("alert")).to_contain_text("answer")
    steps.choose(page, "Column", "dose")
    steps.choose(page, "Column", "answer")
    expect(page.get_by_role("combobox", name="Kind")).to_have_value("binary: two levels")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_sentence(page: Page, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    steps.open_start(page)
    steps.upload(page, path)
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    text = alert.inner_text()
    assert 20 < len(text) < 300
    expect(page).not_to_have_url("/data")


def test_a_study_is_renamed_saved_removed_brought_back_and_opened_from_its_file(
    page: Page, messy: Path, tmp_path: Path
) -> None:
    steps.open_start(page)
    steps.upload(page, messy)
    steps.at(page, "data")
    address = page.url
    steps.visit(page, "Start")
    entry = page.locator(".st-key-recent").get_by_role("button", name="messy").first
    expect(entry).to_be_visible()
    page.locator(".st-key-recent").get_by_role("button", name="Manage").first.click()
    page.get_by_role("textbox", name="Name").fill("Tidy")
    page.get_by_role("textbox", name="Name").press("Enter")
    expect(page.locator(".st-key-recent").get_by_text("Tidy", exact=False).first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Save as one file").click()
    started.value.save_as(tmp_path / "study.zip")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".st-key-recent").get_by_text("Tidy", exact=False)).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("does not exist any more", exact=False)).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="What would happen if?")).to_be_visible()
    page.locator(".st-key-removed").get_by_text("removed").first.click()
    page.get_by_role("button", name="Bring back").first.click()
    expect(page.locator(".st-key-recent").get_by_text("Tidy", exact=False).first).to_be_visible()
    steps.upload(page, tmp_path / "study.zip")
    steps.at(page, "data")
    assert page.url != address
    expect(page.get_by_text("Tidy", exact=False).first).to_be_visible()
