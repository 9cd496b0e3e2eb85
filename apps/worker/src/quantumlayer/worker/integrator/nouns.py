"""What the integrator's workflow and activities hand to each other: addresses and decisions."""

from pydantic import BaseModel, ConfigDict

from quantumlayer.qlayer import SourceTree
from quantumlayer.worker.nouns import Scope, Verified


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Loop(_Value):
    """Where a loop stands. `tree` and `transcript` are addresses.

    `unverified`: the tree was changed since it was verified. `signatures` are those of all
    verifications so far, `last` is the latest of them and `best` the best, in round `best_round`.
    """

    tree: str
    transcript: str
    steps: int = 0
    verifications: int = 0
    unverified: bool = False
    signatures: tuple[str, ...] = ()
    last: Verified
    best: Verified
    best_round: int = 0


class IntegratorTask(_Value):
    """A verified tree that does not hold, to be made to hold by the moment `ends`.

    `ends` is in seconds of the epoch. `loop` is where it stands already, where a history was cut.
    `notes` are addresses of what writers said must change in files that were not theirs. `review`
    is the address of what a reader remarked of a tree that holds: a tree that was changed for it
    and holds is the better one. `name` names this loop among those of the run, and `round_number`
    is how often the run verified a tree before it.
    """

    scope: Scope
    requirements: str
    blueprint: str
    before: Verified
    ends: float
    loop: Loop | None = None
    notes: tuple[str, ...] = ()
    review: str | None = None
    name: str = ""
    round_number: int = 0


class Opened(_Value):
    """The tree and the conversation's beginning, by their addresses."""

    tree: str
    transcript: str


class TurnTask(_Value):
    """The model's next turn in a conversation."""

    scope: Scope
    transcript: str


class TurnTaken(_Value):
    """The transcript with the model's turn."""

    transcript: str


class ToolsTask(_Value):
    """The calls of the last turn, to be made on a tree with so many steps left."""

    scope: Scope
    requirements: str
    blueprint: str
    transcript: str
    tree: str
    steps_left: int


class ToolsUsed(_Value):
    """What came of a turn's calls, by address.

    `finishes`: the model wants to end. `stopped` says why the loop ends by itself. `whole` is the
    tree where it may have to be verified now.
    """

    transcript: str
    tree: str
    steps: int
    changed: bool
    finishes: bool = False
    stopped: str = ""
    whole: SourceTree | None = None


class AnswerTask(_Value):
    """A wish to finish that was not granted, and what the platform found out."""

    scope: Scope
    transcript: str
    tree: str
    verified: Verified
    verifications_left: int


class Closing(_Value):
    """How a loop ended: the tree that is kept, what it took, and why it went no further."""

    scope: Scope
    name: str = ""
    tree: SourceTree
    steps: int
    verifications: int
    granted: bool
    reason: str


class Integrated(_Value):
    """The best tree of a loop, with what was found out of it.

    `trouble` and `trouble_kind` are an error's message and type that ended the loop, and is to end
    the run.
    """

    best: Verified
    verifications: int
    granted: bool
    trouble: str = ""
    trouble_kind: str = ""
