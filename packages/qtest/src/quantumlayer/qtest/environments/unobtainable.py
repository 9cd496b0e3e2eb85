"""What a project asks for and no registry of this machine has: named, with the line that asks.

Whether a version is gone, private, or was never there, nobody can tell from here: a registry that
does not know it speaks of itself. So nothing was found out, in any ecosystem; only what shows from
the project's own files alone is its own fault.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.manifests import Dependency, Ecosystem, FilesOnDisk, declared
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.model import Diagnostic

LONGEST_REASON = 500


@dataclass(frozen=True)
class Wanted:
    """What a manifest asks for and where; without a name, something that it needs."""

    path: str
    line: int | None = None
    name: str = ""
    version: str = ""

    @property
    def place(self) -> str:
        """The place as messages begin with it."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def title(self) -> str:
        """What cannot be had, as a message calls it."""
        version = f" ({self.version})" if self.version else ""
        return f"`{self.name}`{version}" if self.name else "what the project depends on"


def not_to_be_had(
    reason: str, said: str, *, answered: bool, wanted: Wanted | None
) -> DependencyError:
    """The error about dependencies of which `wanted`, where it is known, cannot be had.

    `answered`: whether a registry spoke of it, instead of being away.
    """
    title = wanted.title if wanted else Wanted("").title
    told = f"{title} cannot be had: {reason[:LONGEST_REASON]}"
    tested = f"{wanted.place}: nothing was tested" if wanted else "Nothing was tested"
    return DependencyError(
        f"{tested}: {told}",
        fault=Fault.INFRASTRUCTURE,
        output=said,
        undetermined=(Diagnostic(path=wanted.path, line=wanted.line, message=told),)
        if wanted and answered
        else (),
    )


def asked_for(said: str, project: Path, ecosystem: Ecosystem) -> Wanted | None:
    """The declared dependency that an installer named first; None where it named none.

    Of what others need no manifest speaks.
    """
    found = [
        (place, one.version not in said, number, one)
        for number, one in enumerate(declared(FilesOnDisk(project)))
        if one.ecosystem is ecosystem and one.from_registry
        if (place := mentioned(said, one)) is not None
    ]
    if not found:
        return None
    # Of several manifests that declare it, the one whose version was spoken of.
    *_, one = min(found)
    return Wanted(one.path, one.line, one.name, one.version)


def mentioned(said: str, wanted: Dependency) -> int | None:
    """Where an installer's words name a dependency; None where they do not."""
    if wanted.ecosystem is Ecosystem.NPM:
        pattern = rf"(?<![\w/.-]){re.escape(wanted.name)}@"
    else:
        # Spelled by the standard's rule, whatever the manifest has.
        spelled = "[-_.]+".join(map(re.escape, re.split(r"[-_.]+", wanted.name)))
        pattern = rf"(?i)(?<![\w.-]){spelled}(?![\w-]|\.\w)"
    found = re.search(pattern, said)
    return found.start() if found else None
