"""Rungs: the pages of the app and what they share."""

from __future__ import annotations

import streamlit as st

from causal_core.studies.store import VISITOR
from pages._ui import doors, errors, session

st.set_page_config(
    page_title="Rungs", page_icon="static/icon.svg", layout="wide", initial_sidebar_state="auto"
)

PAGES = [
    st.Page("pages/start.py", title="Start", icon=":material/home:", default=True),
    st.Page("pages/data.py", title="Data", icon=":material/table_chart:"),
    st.Page("pages/discover.py", title="Discover", icon=":material/travel_explore:"),
    st.Page("pages/graph.py", title="Graph", icon=":material/account_tree:"),
    st.Page("pages/identify.py", title="Identify", icon=":material/help_center:"),
    st.Page("pages/fit.py", title="Fit", icon=":material/function:"),
    st.Page("pages/explore.py", title="Explore", icon=":material/insights:"),
    st.Page("pages/estimate.py", title="Estimate", icon=":material/balance:"),
]

ADMIN = [st.Page("pages/admin.py", title="Admin", icon=":material/monitor_heart:")]

inside = doors.owner() != VISITOR and not session.shared()
pages = [*PAGES, *(ADMIN if doors.admin() else [])]
page = st.navigation(pages, position="top" if inside else "hidden")
session.begin()
with errors.shown():
    if doors.entered(page.url_path, reading=session.shared()):
        page.run()
