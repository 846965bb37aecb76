"""What holds for the whole house, checked instead of remembered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import causal_core
from causal_core.limits import LIMITS

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path
    for folder in ("causal_core", "pages", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
HEAVY = ("torch", "pytorch_lightning", "pandas", "pyarrow", "scipy", "sklearn", "pyvis")


def loaded_by(statement: str, modules: tuple[str, ...]) -> set[str]:
    """Which of `modules` a fresh interpreter has loaded after `statement`."""
    code = f"import sys\n{statement}\nprint(*[m for m in {modules!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_shell_and_the_public_face_load_nothing_heavy() -> None:
    shell = "from pages._ui import errors, guards, session, widgets\nimport causal_core"
    assert loaded_by(shell, HEAVY) == set()


def test_reading_a_model_needs_no_lightning() -> None:
    answering = (
        "from causal_core.scm.model import StructuralCausalModel\n"
        "from causal_core.association.model import AssociationModel\n"
        "import causal_core.queries.engine, causal_core.queries.sweep"
    )
    assert loaded_by(answering, ("pytorch_lightning", "lightning_fabric")) == set()


@pytest.mark.parametrize("name", causal_core.__all__)
def test_the_public_face_is_there_and_says_what_it_is(name: str) -> None:
    assert (getattr(causal_core, name).__doc__ or "").strip()


def test_files_stay_small() -> None:
    long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := lines(p)) > 400}
    assert not long


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_nothing_of_the_web_is_asked_for_at_run_time() -> None:
    """The app's own code names no host but the person's own machine."""
    host = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org)[\w.-]+")
    served = [
        *(ROOT / "causal_core").rglob("*.py"),
        *(ROOT / "pages").rglob("*.py"),
        *(ROOT / "static").rglob("*.js"),
        ROOT / "app.py",
        ROOT / ".streamlit" / "serve.py",
        ROOT / "Makefile",
        *ROOT.glob("**/requirements.txt"),
    ]
    found = [
        (path.name, match.group())
        for path in served
        if ".venv" not in path.parts
        for match in host.finditer(path.read_text())
    ]
    assert not found


def test_what_runs_is_pinned() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+(\[\w+\])?==[\w.]+", line), (name, line)


def test_the_readme_lists_every_limit() -> None:
    rows = re.findall(
        r"^\| `RUNGS_(\w+)` \| ([\d,]+) \| (\w+) \| (.+) \|$",
        (ROOT / "README.md").read_text(),
        re.MULTILINE,
    )
    listed = [(name.lower(), int(n.replace(",", "")), unit, help) for name, n, unit, help in rows]
    assert listed == [(row.name, row.default, row.unit, row.help) for row in LIMITS.values()]


def test_the_readme_is_no_wider_than_the_code() -> None:
    text = (ROOT / "README.md").read_text().splitlines()
    assert not [line for line in text if len(line) > 100 and not line.startswith("|")]


def test_the_upload_limit_is_the_same_in_the_browser() -> None:
    config = (ROOT / ".streamlit/config.toml").read_text()
    megabytes = re.search(r"^maxUploadSize = (\d+)$", config, re.MULTILINE)
    assert megabytes
    assert int(megabytes.group(1)) * 2**20 == LIMITS["upload_bytes"].default


@pytest.mark.parametrize(
    "word", ["unsafe_allow_html=True", "import pickle", "pickle.load", "df.eval(", "df.query("]
)
def test_what_a_hostile_file_could_use_is_not_there(word: str) -> None:
    assert not [p.name for p in SOURCES if "tests" not in p.parts and word in p.read_text()]
