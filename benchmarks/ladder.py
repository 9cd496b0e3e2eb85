"""The starters of all stacks on the ladder: seconds of each rung, cold and warm.

Cold begins with an empty cache, so that toolchains compile their libraries and packages come from
the registries. Warm comes after it, in a process whose network leads nowhere: what a starter needs
is there, or it fails. Needs the registries for what is cold alone.

QL_BENCH_STACKS (go-service,web-page,…) chooses; QL_BENCH_RECORD=yes writes what was measured beside
the stacks, from where `docs/stacks.md` has its table.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.climbing.alone import alone
from benchmarks.figures import Figure, report
from quantumlayer.processes import Group, child_environment
from quantumlayer.qlayer.stacks import measurements, stacks
from tests.support.starters import ENVIRONMENT

SECONDS = 3600.0
COLD, WARM = "cold", "warm"
LOOPBACK = ["lo"]

Rungs = dict[str, float]


def climbed(name: str, cache: Path, *, offline: bool) -> Rungs:
    """The seconds of every rung. Raises RuntimeError where one does not hold."""
    command = [sys.executable, "-m", "benchmarks.climbing.one_starter", name, str(cache)]
    done = subprocess.run(
        alone(command) if offline else command, capture_output=True, text=True, timeout=SECONDS,
        env=child_environment(*ENVIRONMENT, Group.ACCOUNT, Group.INTERPRETER), check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    if offline and found["networks"] != LOOPBACK:
        raise RuntimeError(f"the network is not closed: {found['networks']}")
    if found["reason"]:
        raise RuntimeError(found["reason"])
    seconds: Rungs = found["seconds"]
    return seconds


def measured(name: str) -> dict[str, Rungs]:
    """A starter with an empty cache, and again without a network."""
    with tempfile.TemporaryDirectory(prefix="ql-ladder-", dir=os.environ.get("TMPDIR")) as cache:
        found: dict[str, Rungs] = {}
        for temperature in (COLD, WARM):
            found[temperature] = climbed(name, Path(cache), offline=temperature == WARM)
            rungs = "  ".join(f"{rung} {spent:.1f}" for rung, spent in found[temperature].items())
            print(f"{name:<20}{temperature:<6}{rungs}", flush=True)
    return found


def recorded(found: dict[str, dict[str, Rungs]]) -> None:
    """Write what was measured over what was known before."""
    place = measurements()
    known = tomllib.loads(place.read_text()) if place.exists() else {}
    names = {one.name for one in stacks()}
    rows = {name: row for name, row in {**known, **found}.items() if name in names}
    today = datetime.now(UTC).date()
    place.write_text(
        f"# Made by `QL_BENCH_RECORD=yes make bench NAME=ladder`, last on {today}: seconds.\n"
        + "".join(section(name, temperature, rungs)
                  for name, row in sorted(rows.items()) for temperature, rungs in row.items())
    )  # fmt: skip


def section(name: str, temperature: str, rungs: Rungs) -> str:
    lines = "".join(f'"{rung}" = {spent}\n' for rung, spent in rungs.items())
    return f"\n[{name}.{temperature}]\n{lines}"


def main() -> int:
    """Climb, print, and write the figures; 1 when an aim is missed."""
    asked = set(filter(None, os.environ.get("QL_BENCH_STACKS", "").split(",")))
    chosen = [one.name for one in stacks() if not asked or one.name in asked]
    found: dict[str, dict[str, Rungs]] = {}
    for name in chosen:
        try:
            found[name] = measured(name)
        except RuntimeError as error:
            print(f"{name}: {error}", file=sys.stderr, flush=True)
            continue
        if os.environ.get("QL_BENCH_RECORD"):
            recorded(found)
    lost = len(chosen) - len(found)
    figures = [
        Figure("starters that do not hold, or not without a network", lost, "", 0),
        *(Figure(f"{name}: {rung}, {temperature}", spent, "s")
          for name, row in found.items() for temperature, rungs in row.items()
          for rung, spent in rungs.items()),
    ]  # fmt: skip
    report("ladder", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
