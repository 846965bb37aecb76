"""Who is there: nobody is asked unless the server's secrets say how, and then everyone is.

A person is the issuer and the subject that the provider vouches for: an e-mail address may
be given to another person one day.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError

from causal_core.errors import StudyError
from causal_core.studies.store import VISITOR
from causal_core.views.theme import code_span, plain
from pages._ui import errors

_SHOWN = "explore"  # the page that a share's address shows to anyone


def asked() -> bool:
    """Whether one must sign in; also where the secrets that would say how cannot be read.

    Looked up once a second, not with each of a page's many questions to the store.
    """
    return _asked_at(int(time.monotonic()))


@lru_cache(maxsize=1)
def _asked_at(_second: int) -> bool:
    return "auth" in st.secrets if _readable() else _kept()


def owner() -> str | None:
    """Whose studies are seen and made here; None, for all, where nobody signs in."""
    if not asked():
        return None
    issuer, subject = (str(_user().get(claim) or "") for claim in ("iss", "sub"))
    return f"{issuer} {subject}" if issuer and subject else VISITOR


def admin() -> bool:
    """Whether this person may see how the server is doing.

    Where one signs in, those whom RUNGS_ADMINS names; otherwise everyone if RUNGS_ADMIN is 1.
    """
    who = owner()
    if who is None:
        return os.environ.get("RUNGS_ADMIN") == "1"
    names = {name.strip() for name in os.environ.get("RUNGS_ADMINS", "").split(",")} - {""}
    mine = {who} - {VISITOR}
    if mine and _user().get("email_verified") is True:
        mine.add(str(_user().get("email")))
    return not names.isdisjoint(mine)


def entered(page: str, *, reading: bool) -> bool:
    """Whether `page` may be drawn; where not, the way in is drawn instead.

    `reading`: the address only shows a study, which needs no one to sign in.
    """
    if owner() != VISITOR:
        _signed_in()
        return True
    if reading and page == _SHOWN:
        return True
    _way_in()
    return False


def _way_in() -> None:
    """One button for each provider."""
    st.space("large")
    with st.container(border=True, horizontal_alignment="center", key="sign-in"):
        st.title("Rungs", anchor=False, width="content")
        st.markdown("Your studies are yours alone here: sign in to see them.", width="content")
        for provider in _providers():
            label = f"Sign in with {plain(provider.capitalize())}" if provider else "Sign in"
            key = f"sign-in-{provider or 'default'}"
            if st.button(label, type="primary", icon=":material/login:", key=key):
                with errors.shown():
                    _to(provider)


def _signed_in() -> None:
    """Who is signed in, and the way out."""
    who = owner()
    if who is None:
        return
    name = str(_user().get("name") or _user().get("email") or _user().get("sub"))
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="person"
    ):
        st.caption(plain(name), width="content", help=f"To Rungs you are {code_span(who)}.")
        if st.button("Sign out", type="tertiary", icon=":material/logout:", key="sign-out"):
            st.session_state.clear()  # what this tab looked at is not for the next person
            st.logout()


def _to(provider: str | None) -> None:
    try:
        st.login(provider)
    except (StreamlitAuthError, StreamlitMissingAuthlibError):
        raise StudyError(
            "This server's sign-in is not set up completely.",
            "Whoever runs it finds what it needs in the README, under “Doors”.",
        ) from None


def _providers() -> list[str | None]:
    """The providers to choose from, by name; None is the only one where it has no name."""
    if _unreadable():
        with errors.shown():
            raise StudyError(
                "This server's secrets cannot be read, so nobody can sign in.",
                "Whoever runs it must mend secrets.toml and start it anew.",
            )
        return []
    found = [
        n for n, v in st.secrets["auth"].items() if isinstance(v, Mapping) and "client_id" in v
    ]
    return [*found] or [None]


def _user() -> dict[str, Any]:
    """What the provider says of who is signed in; nothing of anyone else."""
    user = st.user.to_dict()
    return dict(user) if user.get("is_logged_in") else {}


def _readable() -> bool:
    return st.secrets.load_if_toml_exists()


def _unreadable() -> bool:
    """Whether there are secrets, and their file is damaged."""
    return not _readable() and _kept()


def _kept() -> bool:
    return any(Path(file).exists() for file in st.get_option("secrets.files"))
