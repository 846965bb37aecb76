"""Files that are made when they are asked for stay until they are fetched.

Streamlit 1.67 forgets such a file when any two tabs have run since it was made: with thirty
people at work that is a fraction of a second, and the browser finds nothing.
"""

from __future__ import annotations

import time

from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_storage import MediaFileKind

_FETCHED_WITHIN = 60.0  # seconds


class _Lasting(media_file_manager.MediaFileMetadata):
    """As Streamlit's own, but not given up before its time."""

    def __init__(self, kind: MediaFileKind = MediaFileKind.MEDIA) -> None:
        super().__init__(kind)
        self._made = time.monotonic()

    def mark_for_delete(self) -> None:
        """Give it up, if it was there for a while."""
        if time.monotonic() - self._made > _FETCHED_WITHIN:
            super().mark_for_delete()


def last() -> None:
    """Let every file that this server makes from now on stay for a minute."""
    media_file_manager.MediaFileMetadata = _Lasting  # type: ignore[misc]
