"""Projects whose tests are run by Django's `manage.py`: which settings they are run with. Pure."""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.sandbox import WORKSPACE
from quantumlayer.qtest.sandbox.inside import NOT_COPIED
from quantumlayer.qtest.untrusted import text_of

LARGEST_FILE, MOST_FILES = 1024 * 1024, 1_000
# See `payload/django_suite.py`, which only a process with pytest can load.
ASKED = "QUANTUMLAYER_DJANGO"
SERVER_AWAY = re.compile(r"Django cannot open a database for its tests: [^\n]*")
SETTINGS = "DJANGO_SETTINGS_MODULE"
NAMED = re.compile(rf"[\"']{SETTINGS}[\"']\s*(?:,|\]\s*=)\s*[\"']([\w.]+)[\"']")
OWN_WAY = re.compile(rf"\b{SETTINGS}\b|django\.setup\(|settings\.configure\(|--ds\b")
SAYING = ("pytest.ini", ".pytest.ini", "pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg",
          "conftest.py")  # fmt: skip


@dataclass(frozen=True)
class Managed:
    """The environment by which `manage.py` runs tests, and the folder that it lies in."""

    variables: dict[str, str]
    folder: str


def managed(project: Path) -> Managed | None:
    """How `manage.py` would run the tests of a project; None where there is none, or several.

    Nor where the project tells pytest, or itself, with which settings it is tested.
    """
    files = [path for path in islice(project.rglob("*.py"), MOST_FILES)
             if NOT_COPIED.isdisjoint(path.relative_to(project).parts)]  # fmt: skip
    programs = [path for path in files if path.name == "manage.py"]
    saying = [path for path in files if path.name == "conftest.py"]
    saying += [project / name for name in SAYING]
    if len(programs) != 1 or any(OWN_WAY.search(content_of(path)) for path in saying):
        return None
    named = NAMED.search(content_of(programs[0]))
    if named is None:
        return None
    folder = PurePosixPath(programs[0].parent.relative_to(project).as_posix())
    return Managed({SETTINGS: named[1], ASKED: "1"}, str(WORKSPACE / folder))


def content_of(path: Path) -> str:
    return text_of(path, largest=LARGEST_FILE) or ""
