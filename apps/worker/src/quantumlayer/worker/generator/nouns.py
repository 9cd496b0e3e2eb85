"""What drafting hands from step to step: references and decisions, never contents."""

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.agents import RefusedDraft
from quantumlayer.qlayer import SourceFile
from quantumlayer.router import FileNote
from quantumlayer.worker.nouns import Scope


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftTask(_Value):
    """Planned files that one agent writes in one answer, behind the interfaces of `skeleton`.

    `skeleton` is path → sha256, empty where the plan's own words are all there is. `refusals` are
    the addresses of what came of these files before. `attempts` are the numbers of the tries that
    are left, and what the `last` of them leaves wrong is kept as it is. `present` is the address of
    what is there already of a project that is changed, `examples` that of what a tester is shown
    beside.
    """

    scope: Scope
    requirements: str
    blueprint: str
    paths: tuple[str, ...] = Field(min_length=1)
    skeleton: dict[str, str] = {}
    refusals: tuple[str, ...] = ()
    attempts: tuple[int, ...] = (1,)
    last: bool = False
    present: str | None = None
    examples: str | None = None


class Drafted(_Value):
    """The files that were written, and the paths of those that were `refused`.

    `refusals` and `notes` are addresses: of what was refused and why, and of what must change in
    files that were not asked for.
    """

    files: tuple[SourceFile, ...]
    refused: tuple[str, ...] = ()
    refusals: str | None = None
    notes: str | None = None


class Refusals(_Value):
    """Path → what came of a planned file and may not pass."""

    files: dict[str, RefusedDraft]


class DraftNotes(_Value):
    """What who wrote `paths` said must change in other files."""

    paths: tuple[str, ...]
    notes: tuple[FileNote, ...]
