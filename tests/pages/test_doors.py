"""Who comes in: everyone where nobody is asked, and otherwise each to their own studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from causal_core.studies import logs, ownership, shares, uploads
from causal_core.studies.logs import Event
from causal_core.studies.store import Store

ROOT = Path(__file__).resolve().parents[2]
AUTH = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x" * 32}
ADA = {"is_logged_in": True, "iss": "https://issuer", "sub": "ada", "name": "Ada *L*"}
ADA |= {"email": "ada@example.org", "email_verified": True}
ISSUED = "https://issuer ada"


def opened(user: dict[str, Any] | None, path: str = "app.py", *, asked: bool = True) -> AppTest:
    """The page after one run, where one must sign in if `asked`."""
    page = AppTest.from_file(str(ROOT / path), default_timeout=30)
    page.secrets = {"auth": AUTH} if asked else {}
    page.user = user or {}
    return page


def texts(page: AppTest) -> str:
    """All that is written on the page."""
    assert not page.exception
    parts = (page.title, page.markdown, page.caption, page.warning, page.info, page.error)
    return "\n".join(str(one.value) for kind in parts for one in kind)


def test_where_nobody_is_asked_all_studies_are_there(store: Store) -> None:
    study = store.create("Visits")
    page = opened(None, asked=False).run()
    assert page.button(key=f"go-{study.id}")
    assert not [b for b in page.button if b.key in ("sign-out", "sign-in-default")]


@pytest.mark.parametrize("user", [None, {"is_logged_in": False}, {**ADA, "sub": ""}])
def test_who_is_not_signed_in_sees_the_way_in_and_nothing_else(
    store: Store, user: dict[str, Any] | None
) -> None:
    store.create("Visits")
    page = opened(user).run()
    assert [button.label for button in page.button] == ["Sign in"]
    assert "Visits" not in texts(page)


def test_each_sees_their_own_and_the_way_out(store: Store) -> None:
    hers = store.seen_by(ISSUED).create("Hers")
    other = store.seen_by("https://issuer ben").create("His")
    page = opened(ADA).run()
    assert page.button(key=f"go-{hers.id}")
    assert f"go-{other.id}" not in {button.key for button in page.button}
    assert page.button(key="sign-out")
    assert r"Ada \*L\*" in texts(page)


def test_anothers_address_says_what_one_that_never_was_says(store: Store) -> None:
    other = store.seen_by("https://issuer ben").create("His secret")
    said = []
    for study in (other.id, "0" * 32):
        page = opened(ADA, "pages/data.py")
        page.session_state["study"] = study
        said.append(texts(page.run()))
    assert said[0] == said[1]
    assert "does not exist any more" in said[0]


def test_a_shared_study_needs_no_one_to_sign_in(store: Store) -> None:
    hers = store.seen_by(ISSUED).create("Hers")
    page = opened(None, "pages/explore.py")
    page.query_params["share"] = shares.share(store, hers.id).token
    assert "This study has no table yet" in texts(page.run())
    start = opened(None)  # any other page asks
    start.query_params["share"] = page.query_params["share"]
    assert [button.label for button in start.run().button] == ["Sign in"]


def test_damaged_secrets_let_no_one_in(store: Store) -> None:
    damaged = store.folder / "secrets.toml"
    damaged.write_text("[auth")
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(damaged)])
    try:
        study = store.create("Visits")
        page = opened(None, asked=False).run()
        assert "cannot be read" in texts(page)
        assert f"go-{study.id}" not in {button.key for button in page.button}
    finally:
        config.set_option("secrets.files", before)


@pytest.mark.parametrize(
    ("user", "admins", "is_one"),
    [
        (ADA, "", False),
        (ADA, "someone@else.org, ada@example.org", True),
        (ADA, ISSUED, True),
        ({**ADA, "email_verified": False}, "ada@example.org", False),
        ({**ADA, "sub": ""}, "ada@example.org,", False),
        (None, ",", False),
    ],
)
def test_admins_are_those_who_are_named(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    user: dict[str, Any] | None,
    admins: str,
    is_one: bool,
) -> None:
    monkeypatch.setenv("RUNGS_ADMINS", admins)
    monkeypatch.setenv("RUNGS_ADMIN", "1")  # counts only where nobody signs in
    page = AppTest.from_string(
        "import streamlit as st\nfrom pages._ui import doors\nst.text(doors.admin())"
    )
    page.secrets, page.user = {"auth": AUTH}, user or {}
    assert page.run().text[0].value == str(is_one)


def test_without_sign_in_the_operator_opens_the_admin_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = opened(None, "pages/admin.py", asked=False).run()
    assert "is for those who run the server" in texts(closed)
    assert not closed.dataframe
    monkeypatch.setenv("RUNGS_ADMIN", "1")
    job = "f" * 32
    logs.record(store.folder, Event.JOB_FAILED, job=job, kind="fit", cause="memory", seconds=2.0)
    store.create("Zebediah")
    page = opened(None, "pages/admin.py", asked=False).run()
    tables = {frame.value.columns[0]: frame.value for frame in page.dataframe}
    (failure,) = tables["time"].to_dict("records")
    assert (failure["cause"], failure["job"]) == ("memory", job)
    assert {"RUNGS_JOBS_PER_USER", "RUNGS_UPLOADS_PER_HOUR"} <= set(tables["limit"]["limit"])
    assert [m.value for m in page.metric if m.label == "Studies"] == ["1"]
    assert "Zebediah" not in texts(page)


def test_an_admin_takes_over_what_is_nobodys(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_ADMINS", ISSUED)
    old = store.create("Old")
    opened(ADA, "pages/admin.py").run().button(key="claim").click().run()
    assert ownership.unowned(store) == 0
    assert store.seen_by(ISSUED).list() == (old,)


def test_a_table_too_many_is_refused_with_when_it_will_do(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_UPLOADS_PER_HOUR", "1")
    uploads.admit(store.seen_by(ISSUED))
    page = opened(ADA, "pages/start.py").run()
    page.file_uploader(key="upload").set_value(("t.csv", b"a,b\n1,2\n", "text/csv")).run()
    assert "in 60 minutes" in texts(page)
    assert store.list() == ()


def test_a_table_of_the_server_counts_as_one_brought(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [box for box in opened(ADA, "pages/start.py").run().selectbox if box.key == "offer"]
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "t.csv").write_text("a,b\n1,2\n")
    monkeypatch.setenv("RUNGS_DATABASES", str(folder))
    monkeypatch.setenv("RUNGS_UPLOADS_PER_HOUR", "1")
    uploads.admit(store.seen_by(ISSUED))
    page = opened(ADA, "pages/start.py").run()
    page.selectbox(key="offer").select("Folder “exports”").run()
    page.selectbox(key="offered-Folder “exports”").select("t.csv").run()
    assert "in 60 minutes" in texts(page.button(key="open-offered").click().run())
    assert store.list() == ()


def test_what_is_not_clearly_offered_is_one_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_DATABASES", "postgresql://ann:hid/den77@host/base")
    said = texts(opened(None, "pages/start.py", asked=False).run())
    assert "Entry 1 of RUNGS" in said.replace("\\", "")
    assert "den77" not in said
