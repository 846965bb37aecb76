"""`python -m causal_core replay study.zip`, `health` and `status`: Rungs without its pages."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from causal_core.errors import RungsError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 where it did what it says, 1 for a mistake or other numbers."""
    parser = argparse.ArgumentParser(prog="python -m causal_core")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("replay", help="compute a saved study's numbers anew")
    command.add_argument("study", type=Path, help="the zip that Rungs saved")
    command.set_defaults(run=lambda asked: replay(asked.study))
    command = commands.add_parser("health", help="whether a server here could do its work")
    command.set_defaults(run=lambda _: health())
    command = commands.add_parser("status", help="how much is kept, waits and runs")
    command.set_defaults(run=lambda _: status())
    asked = parser.parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (RungsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def replay(path: Path) -> int:
    """Print the numbers as CSV; say whether they are those that were saved."""
    import pandas as pd

    from causal_core.studies.replay import replay as replayed
    from causal_core.tables.export import to_csv

    with tempfile.TemporaryDirectory(prefix="rungs-replay-") as folder:
        found = replayed(path.read_bytes(), Path(folder))
    for answered in found.answers:
        sys.stdout.write(f"# {found.name}: {json.dumps(answered['question'])}\n")
        sys.stdout.write(to_csv(pd.DataFrame(answered["numbers"])).decode("utf-8-sig"))
    if found.other:
        sys.stderr.write(f"Other numbers than were saved: {', '.join(found.other)}.\n")
        return 1
    same = "The same numbers as were saved, digit for digit."
    sys.stderr.write(f"{same if found.answers else 'No question was kept with this study.'}\n")
    return 0


def health() -> int:
    """Print the health of the store as JSON, as `/healthz` does; 1 where it is not ready."""
    from causal_core.studies.health import health as found

    now = found()
    _print(now.to_dict())
    return 0 if now.ready else 1


def status() -> int:
    """Print what the store holds and what works on it as JSON."""
    from causal_core.studies.status import status as found
    from causal_core.studies.store import Store

    _print(found(Store.open()))
    return 0


def _print(found: object) -> None:
    sys.stdout.write(f"{json.dumps(found, indent=2)}\n")


if __name__ == "__main__":
    raise SystemExit(main())
