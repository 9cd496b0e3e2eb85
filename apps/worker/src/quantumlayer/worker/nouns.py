"""What workflows and activities hand to each other: references and decisions, never contents."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.core.runs import RunLimits, WishDecision
from quantumlayer.qlayer import FileRole, SourceFile, SourceTree
from quantumlayer.qtest import Verdict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(_Value):
    """Whose run a step belongs to, by what model, within what limits.

    `untidy`: what the model writes is tidied before it is judged. `chooses_packages`: what it
    imports and did not plan is looked up, and declared where it may be. Both are false of runs
    that were in flight when this was new, which go on as they began.
    """

    run_id: UUID
    organisation_id: UUID
    model: str
    limits: RunLimits
    untidy: bool = False
    chooses_packages: bool = False


class Begun(_Value):
    """What the run's row says that the workflow needs, and what is known of its model."""

    model: str
    untidy: bool = False
    chooses_packages: bool = False


class UnservedWish(_Value):
    """What was asked for and no stack serves, and how long to wait for what is decided of it."""

    words: tuple[str, ...]
    nearest: str
    title: str
    wait_seconds: int


class Understood(_Value):
    """The requirements, by their address in the object store; `wish`: what is to be asked."""

    requirements: str
    title: str
    wish: UnservedWish | None = None


class WishTask(_Value):
    """A decision on a wish that no stack serves, and whether somebody took it."""

    scope: Scope
    requirements: str
    decision: WishDecision
    by_somebody: bool


class PlannedItem(_Value):
    """One file of the blueprint, as far as the order of work needs it."""

    path: str
    role: FileRole
    depends_on: tuple[str, ...]


class Designed(_Value):
    """The blueprint, by its address, and the work that it plans."""

    blueprint: str
    items: tuple[PlannedItem, ...]


class ArchitectTask(_Value):
    """Requirements → blueprint."""

    scope: Scope
    requirements: str


class DeliveryTask(_Value):
    """Blueprint → the files that deliver the project: locks, Dockerfile, manifests, CI."""

    scope: Scope
    requirements: str
    blueprint: str


class Delivered(_Value):
    """The delivery files; never one that the blueprint plans itself."""

    files: tuple[SourceFile, ...]


class FileTask(_Value):
    """One planned file to write; `written` is what it leans on: path → sha256."""

    scope: Scope
    requirements: str
    blueprint: str
    path: str
    written: dict[str, str]


class TestsToWrite(_Value):
    """Test files to write, in waves of the dependency order, and then to run with all others."""

    scope: Scope
    requirements: str
    blueprint: str
    waves: tuple[tuple[PlannedItem, ...], ...]
    tree: SourceTree
    round_number: int


class TreeTask(_Value):
    """The source tree as it stands in a round of repair; round 0 is the first writing."""

    scope: Scope
    tree: SourceTree
    round_number: int


class TidyTask(_Value):
    """A tree as it was written in a round, to be fixed and formatted with what its plan is for."""

    scope: Scope
    blueprint: str
    tree: SourceTree
    round_number: int


class TidiedTree(_Value):
    """The tree after safe fixes and a formatter."""

    tree: SourceTree


class DeclareTask(_Value):
    """A tree as it was written in a round, to declare what it imports and nobody planned."""

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    round_number: int


class Declared(_Value):
    """The tree and its plan, by its address, after packages were added to both."""

    blueprint: str
    tree: SourceTree


class ClimbTask(_Value):
    """A whole tree, to be built and started as it is delivered.

    `requirements` is None in runs that were in flight when nobody asked for them.
    """

    scope: Scope
    blueprint: str
    tree: SourceTree
    round_number: int
    requirements: str | None = None


class Climbed(_Value):
    """What was found out as delivered, by its address; None where nothing is to be started."""

    delivery: str | None = None


class ValidatorTask(_Value):
    """A tree and the report of its tests, to be weighed against requirements and blueprint.

    `delivery` is the address of what was found out as delivered, `mutation` of what the tests
    notice, None where that was not tried.
    """

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    report: str
    delivery: str | None = None
    mutation: str | None = None
    round_number: int


class Validated(_Value):
    """The validation by its address; any verdict but `passed` is to be repaired, if it can be.

    `mendable` is false where no model could bring what is missing, so that nobody pays for trying.
    """

    validation: str
    verdict: Verdict
    signature: str
    mendable: bool = True


class Tested(_Value):
    """The test report by its address, with what decides about the next step.

    `mutation` is the address of the mutation report; `weak`: a language model should see it.
    `delivery` is the address of what was found out as delivered, None where nothing was started.
    `blueprint` is that of the plan that the tree was tested with, None where it cannot change.
    """

    report: str
    delivery: str | None = None
    mutation: str | None = None
    weak: bool = False
    verdict: Verdict
    signature: str
    tree: SourceTree
    blueprint: str | None = None


class RepairTask(_Value):
    """Failures with their evidence, or changes that no test noticed → changed files."""

    scope: Scope
    requirements: str
    tree: SourceTree
    validation: str
    report: str
    mutation: str | None = None
    round_number: int
    again: bool


class Repaired(_Value):
    """The tree after the repair; equal to the one before when nothing could be done."""

    tree: SourceTree
    changed: int


class PackageTask(_Value):
    """Everything that goes into the capsule, by address."""

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    validation: str | None
    report: str | None
    mutation: str | None = None
    repair_rounds: int
    trouble: str | None = Field(default=None, description="why the run ended before its end")
    trouble_verdict: Verdict | None = None


class Packaged(_Value):
    """The capsule's address and the verdict on its face."""

    capsule: str
    verdict: Verdict
    reason: str


class Ending(_Value):
    """How a run ended; `verdict` is None when it was cancelled."""

    scope: Scope
    verdict: Verdict | None
    reason: str
