"""Python that is newer than the interpreter at hand: ruff knows its syntax, and is asked then.

What this interpreter refuses may be well formed for the version that the project asks for.
"""

import asyncio
import re
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import FilesInMemory, Malformed, python_needs, python_text
from quantumlayer.parser.decoding import as_utf8
from quantumlayer.parser.model import SourceText
from quantumlayer.processes import child_environment, end_process, hold, started

OWN = sys.version_info[:2]
# What ruff knows; a project that asks for later ones is read as if it asked for this.
NEWEST = (3, 15)
TIME_LIMIT_SECONDS = 20.0
MEMORY_BYTES = 2 * 1024**3
# What compilers refuse, too, though it can be parsed: `return` outside of functions and the like.
SYNTACTIC = "E902,F621,F622,F701,F702,F704,F706,F707,PLE0100,PLE0117,PLE0118,PLE0604"
_MANIFESTS = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml"})
_LOWEST = re.compile(r"(?:>=|~=|==|===|>)\s*3\.(?P<minor>\d+)")


def asked_python(files: Sequence[SourceText]) -> tuple[int, int]:
    """The version of Python that sources are read as: the lowest that the project runs on, and at
    least our own; the newest where nothing is said."""
    contents = {
        file.path: file.data for file in files if PurePosixPath(file.path).name in _MANIFESTS
    }
    # The manifest of a project in a repository of several is not at the top.
    folders = sorted({str(PurePosixPath(path).parent) for path in contents}, key=len)
    for folder in folders:
        own = {PurePosixPath(path).name: data for path, data in contents.items()
               if str(PurePosixPath(path).parent) == folder}  # fmt: skip
        try:
            asked = python_needs(FilesInMemory(own)).python.specifier
        except Malformed:
            continue
        found = [int(match["minor"]) for match in _LOWEST.finditer(asked)]
        if found:
            return max(OWN, min((3, max(found)), NEWEST))
    return OWN if folders else NEWEST


async def well_formed(data: bytes, version: tuple[int, int]) -> bool:
    """Whether a source that our own interpreter refuses is Python of that version.

    False, too, where it is not written in the encoding that it declares, and where ruff is missing
    or takes too long.
    """
    program = _executable()
    if version <= OWN or program is None or python_text(data) is None:
        return False
    process = await started(
        asyncio.create_subprocess_exec(
            program,
            *("check", "--isolated", "--no-cache", "--quiet", "--select", SYNTACTIC),
            *("--target-version", f"py{version[0]}{version[1]}", "--stdin-filename", "a.py", "-"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
        )
    )
    hold(process.pid, memory_bytes=MEMORY_BYTES, cpu_seconds=2 * int(TIME_LIMIT_SECONDS))
    try:
        async with asyncio.timeout(TIME_LIMIT_SECONDS):
            # Ruff reads UTF-8 alone, whatever a file declares.
            await process.communicate(as_utf8(data))
    except TimeoutError:
        return False
    finally:
        await end_process(process)
    return process.returncode == 0


def _executable() -> str | None:
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    return str(beside) if beside.is_file() else shutil.which("ruff")
