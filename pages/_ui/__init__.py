"""What the pages share: the session, guards, errors and widgets."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

# On a server's very first run Streamlit takes the folder `pages` for its older kind of app
# and would run a deep link's page without app.py: say that it is not one, and run again.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()
