"""Which stacks a project fits that somebody else may have made."""

import re
from fnmatch import fnmatchcase

from quantumlayer.manifests import ProjectFiles
from quantumlayer.qlayer.stacks.model import Sign, Stack
from quantumlayer.qlayer.stacks.reading import stacks


def fitting(files: ProjectFiles) -> tuple[Stack, ...]:
    """The stacks all of whose signs a project shows, the one that tells most of it first."""
    fit = (one for one in stacks() if all(shows(files, sign) for sign in one.fits))
    return tuple(sorted(fit, key=lambda one: (-len(one.fits), one.wishes.rank, one.name)))


def shows(files: ProjectFiles, sign: Sign) -> bool:
    """Whether a file fits a sign."""
    pattern = re.compile(sign.holds.encode(), re.MULTILINE)
    return any(
        not sign.holds or pattern.search(files.content(path) or b"")
        for path in files.paths()
        if any(fnmatchcase(path, each) for each in sign.paths)
    )
