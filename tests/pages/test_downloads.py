"""A file that a click has made is still there when the browser comes for it."""

from __future__ import annotations

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from pages._ui import downloads


@pytest.fixture
def storage() -> MemoryMediaFileStorage:
    return MemoryMediaFileStorage("/media")


@pytest.fixture
def manager(storage: MemoryMediaFileStorage, monkeypatch: pytest.MonkeyPatch) -> MediaFileManager:
    original = media_file_manager.MediaFileMetadata
    monkeypatch.setattr(media_file_manager, "MediaFileMetadata", original)  # put back afterwards
    downloads.last()
    return MediaFileManager(storage)


def made(manager: MediaFileManager) -> str:
    """The name of a file that was made when it was asked for."""
    asked = manager.add_deferred(lambda: "told", "text/html", "1.2", "report.html")
    return manager.execute_deferred(asked).removeprefix("/media/")


def test_other_peoples_runs_do_not_take_it_away(
    manager: MediaFileManager, storage: MemoryMediaFileStorage
) -> None:
    name = made(manager)
    for _ in range(5):  # as at the end of every run of every tab
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"told"


def test_it_is_given_up_in_the_end(
    manager: MediaFileManager, storage: MemoryMediaFileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_FETCHED_WITHIN", 0.0)
    name = made(manager)
    for _ in range(2):
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
