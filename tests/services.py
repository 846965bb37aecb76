"""The commands of compose.yaml's services, as this machine starts them without containers."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]


def services() -> dict[str, dict[str, Any]]:
    """Every service of compose.yaml, by its name."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text())["services"])


def command(service: str, here: Mapping[str, str]) -> list[str]:
    """The service's own command, or its image's, run by this Python.

    A word that `here` has is a place among the containers; it stands for one on this machine.
    """
    image = re.search(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert image
    words = services()[service].get("command") or json.loads(image[1])
    assert set(here) <= set(words)
    first = [sys.executable] if words[0] == "python" else [sys.executable, "-m", words[0]]
    return first + [here.get(word, word) for word in words[1:]]
