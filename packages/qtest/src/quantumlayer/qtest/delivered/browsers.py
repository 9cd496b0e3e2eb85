"""The browser of this machine as a sandbox finds it, with the fonts that it draws with."""

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, same_place

# The program itself, as distributions put it: what is on the PATH is often a script around it.
PROGRAMS = (
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/usr/lib64/chromium-browser/chromium-browser",
    "/usr/lib64/chromium/chromium",
    "/opt/google/chrome/chrome",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
FONTS = ("/usr/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/usr/local/share/fonts")
ADVICE = "Install it with `apt-get install chromium`, then run `quantumlayer doctor`."


@dataclass(frozen=True)
class Browser:
    """Its program, and what a sandbox has to see for it."""

    program: PurePosixPath
    mounts: tuple[Mount, ...]


def installed_browser() -> Browser:
    """The Chromium of this machine. Raises CannotTell where there is none."""
    named = [Path(path) for path in PROGRAMS]
    named += [Path(found).resolve() for name in NAMES if (found := shutil.which(name))]
    program = next((path for path in named if path.is_file() and not is_script(path)), None)
    if program is None:
        raise CannotTell(f"No Chromium is installed here, so no page was looked at. {ADVICE}")
    own = () if covered(program) else (same_place(program.parent),)
    fonts = tuple(same_place(Path(path)) for path in FONTS if Path(path).is_dir())
    return Browser(PurePosixPath(program), (*own, *fonts))


def is_script(path: Path) -> bool:
    """Whether a file is a script, which starts what a sandbox may not see."""
    with path.open("rb") as stream:
        return stream.read(2) == b"#!"
