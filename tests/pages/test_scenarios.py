"""Scenarios on Explore without a browser: kept, shown again, linked to, compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from causal_core.studies import scenarios, shares
from causal_core.studies.store import Store, Study

EXPLORE = Path(__file__).resolve().parents[2] / "pages" / "explore.py"
LOOKED: dict[str, Any] = {"cause": "x", "outcome": "y", "level": None, "row": 3, "do": {}}
LOOKED |= {"rho": 0.0, "orders": {}}
OTHER = LOOKED | {"cause": "z", "outcome": "c", "level": "no", "row": 7, "do": {"x": 0.25}}


@pytest.fixture
def study(fitted_study: Callable[..., Study]) -> Study:
    return fitted_study(explore=LOOKED | {"position": 0.5})


def shown(study: Study, **address: str) -> AppTest:
    page = AppTest.from_file(str(EXPLORE), default_timeout=60)
    page.session_state["study"] = study.id
    for name, value in address.items():
        page.query_params[name] = value
    return ran(page.run())


def ran(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    texts = (*page.markdown, *page.caption, *page.warning, *page.error)
    return "\n".join(item.value for item in texts).replace("\\", "")


def looked(store: Store, study: Study) -> dict[str, Any]:
    return dict(store.get(study.id).choices["explore"])


def test_a_setting_is_kept_as_it_is_looked_at(store: Store, study: Study) -> None:
    page = shown(study)
    page.text_input("scenario-name").input("half a unit").run()
    ran(page.button("scenario-keep").click().run())
    (kept,) = scenarios.listed(store, study.id)
    assert (kept.name, kept.looked) == ("half a unit", LOOKED | {"position": 0.5})
    assert "**1 · half a unit**" in said(page)
    assert "x = 0.500" in said(page)


def test_show_brings_every_part_back(store: Store, study: Study) -> None:
    scenarios.keep(store, study.id, "", OTHER | {"position": -1.25})
    page = shown(study)
    page.number_input(f"row-{study.id}").set_value(11).run()
    ran(page.button("scenario-show-1").click().run())
    assert looked(store, study) == OTHER | {"position": -1.25}
    assert page.selectbox(f"cause-{study.id}").value == "z"
    assert page.number_input(f"row-{study.id}").value == 8
    page.number_input(f"row-{study.id}").set_value(2).run()  # and it can be moved on from
    assert looked(store, study)["row"] == 1


def test_a_link_opens_its_scenario_once(store: Store, study: Study) -> None:
    scenarios.keep(store, study.id, "", OTHER | {"position": -1.25})
    page = shown(study, scenario="1")
    assert looked(store, study) == OTHER | {"position": -1.25}
    assert "scenario" not in page.query_params
    page.number_input(f"row-{study.id}").set_value(2).run()
    assert looked(store, study)["row"] == 1


@pytest.mark.parametrize("number", ["7", "x", "9" * 40])
def test_a_link_to_nothing_says_so_and_changes_nothing(
    store: Store, study: Study, number: str
) -> None:
    page = shown(study, scenario=number)
    assert "This scenario was deleted" in said(page)
    assert looked(store, study) == LOOKED | {"position": 0.5}


def test_scenarios_are_renamed_and_deleted(store: Store, study: Study) -> None:
    for name in ("one", "two"):
        scenarios.keep(store, study.id, name, LOOKED | {"position": 0.0})
    page = shown(study)
    page.text_input("scenario-name-1").input("first").run()
    ran(page.button("scenario-renamed-1").click().run())
    ran(page.button("scenario-deleted-2").click().run())
    assert [one.title for one in scenarios.listed(store, study.id)] == ["1 · first"]


def test_two_are_compared_and_another_outcome_has_its_own_picture(
    store: Store, study: Study
) -> None:
    settings = {"low": -1.0, "high": 1.0}
    for name, position in settings.items():
        scenarios.keep(store, study.id, name, LOOKED | {"position": position})
    scenarios.keep(store, study.id, "other", OTHER | {"position": 0.0})
    page = shown(study)
    ran(page.multiselect("scenario-compared").set_value([1, 2, 3]).run())
    compared = [table.value for table in page.dataframe if "Scenario" in table.value]
    assert [list(table["Scenario"]) for table in compared] == [
        ["1 · low", "2 · high"],
        ["3 · other"],
    ]
    low, high = (float(cell.split()[0].replace("−", "-")) for cell in compared[0]["Doing (kg)"])
    # y = x − z: doing moves y by as much as x, seeing by half of it, as Var z = Var x / 2.
    assert high - low == pytest.approx(2.0, abs=0.2)
    assert "Doing (%)" in compared[1]


def test_what_the_fit_cannot_be_asked_says_why_and_stops_nothing(
    store: Store, study: Study
) -> None:
    kept: list[dict[str, Any]] = [{"outcome": "gone"}, {"row": 10_000}, {"position": None}, {}]
    for change in kept:
        scenarios.keep(store, study.id, "", LOOKED | {"position": 0.0} | change)
    page = shown(study)
    ran(page.multiselect("scenario-compared").set_value([1, 2, 3, 4]).run())
    assert "no column “gone”" in said(page)
    assert "no row 10001" in said(page)
    assert [page.button(f"scenario-show-{n}").disabled for n in (1, 2, 3, 4)] == [True] * 3 + [
        False
    ]
    assert any("Scenario" in table.value for table in page.dataframe)


# ── a link that only shows ───────────────────────────────────────────────────────────


def read(token: str, **secrets: Any) -> AppTest:
    page = AppTest.from_file(str(EXPLORE), default_timeout=60)
    page.secrets = secrets
    page.query_params["share"] = token
    return ran(page.run())


def sent(page: AppTest) -> str:
    """All that the page sends to the browser."""
    return "\n".join(str(node.proto) for node in (*page.main, *page.sidebar) if node.proto)


@pytest.mark.parametrize("secrets", [{}, {"auth": {}}], ids=["no doors", "others must sign in"])
def test_a_reader_looks_around_and_changes_nothing(
    store: Store, study: Study, secrets: dict[str, Any]
) -> None:
    scenarios.keep(store, study.id, "other", OTHER | {"position": -1.25})
    before = store.get(study.id)
    page = read(shares.share(store, study.id).token, **secrets)
    assert page.selectbox("cause-shared").value == "x"
    page.number_input("row-shared").set_value(11).run()
    assert page.number_input("row-shared").value == 11
    ran(page.button("scenario-show-1").click().run())
    assert page.selectbox("cause-shared").value == "z"
    assert page.number_input("row-shared").value == 8
    keys = {str(widget.key) for widget in (*page.button, *page.text_input)}
    assert not keys & {"scenario-keep", "scenario-deleted-1", "share-make", "explore-refit"}
    assert store.get(study.id) == before


def test_a_readers_page_never_says_which_study_it_is(store: Store, study: Study) -> None:
    scenarios.keep(store, study.id, "other", OTHER | {"position": -1.25})
    link = shares.share(store, study.id)
    page = read(link.token)
    assert "cause-shared" in sent(page)
    assert study.id not in sent(page)
    assert set(page.query_params) == {"share"}
    assert any(f"share={link.token}&scenario=1" in code.value for code in page.code)
    owners = shown(study)
    assert study.id in sent(owners)


def test_a_withdrawn_link_opens_nothing(store: Store, study: Study) -> None:
    link = shares.share(store, study.id)
    owners, readers = shown(study), read(link.token)
    assert any(link.token in code.value for code in owners.code)
    ran(owners.button("share-withdraw-0").click().run())
    assert shares.listed(store, study.id) == ()
    readers.number_input("row-shared").set_value(11).run()
    assert "This link was withdrawn" in said(readers)
    assert not readers.selectbox


def test_the_owner_makes_a_link(store: Store, study: Study) -> None:
    page = shown(study)
    ran(page.button("share-make").click().run())
    (made,) = shares.listed(store, study.id)
    assert any(f"share={made.token}" in code.value for code in page.code)


def test_no_other_page_opens_by_the_link(store: Store, study: Study) -> None:
    token = shares.share(store, study.id).token
    for name in ("data", "graph", "fit", "estimate", "identify", "discover"):
        page = AppTest.from_file(str(EXPLORE.with_name(f"{name}.py")), default_timeout=60)
        page.query_params["share"] = token
        assert "No study is open yet" in said(ran(page.run())), name
