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
    imports and did not plan is looked up, and declared where it may be. `repairs`: shown what is
    wrong, it may write something better. `remembers`: earlier runs are looked up as examples, and
    it is kept where it passes. All are false of runs that were in flight when they were new, which
    go on as they began.

    Of a run that changes what exists `base` is where that stands, `change` what of its requirements
    is different, and `before` what was found out of it before; all by address. `imported`: somebody
    else began it, so nothing is tidied, declared or measured beyond what a check of it would.
    """

    run_id: UUID
    organisation_id: UUID
    model: str
    limits: RunLimits
    untidy: bool = False
    chooses_packages: bool = False
    base: str | None = None
    imported: bool = False
    change: str | None = None
    before: str | None = None
    repairs: bool = False
    remembers: bool = False


class Begun(_Value):
    """What the run's row says that the workflow needs, and what is known of its model."""

    model: str
    untidy: bool = False
    chooses_packages: bool = False
    base: str | None = None
    imported: bool = False
    repairs: bool = False
    remembers: bool = False


class UnservedWish(_Value):
    """What was asked for and no stack serves, and how long to wait for what is decided of it."""

    words: tuple[str, ...]
    nearest: str
    title: str
    wait_seconds: int


class Understood(_Value):
    """The requirements, by their address in the object store; `wish`: what is to be asked.

    `change` is the address of what is different of those before; None where there were none.
    """

    requirements: str
    title: str
    wish: UnservedWish | None = None
    change: str | None = None


class WishTask(_Value):
    """A decision on a wish that no stack serves, and whether somebody took it."""

    scope: Scope
    requirements: str
    decision: WishDecision
    by_somebody: bool


class PlannedItem(_Value):
    """One file of the blueprint, as far as the order of work needs it.

    `agent` is who writes it, empty where the plan names nobody. `whole`: the skeleton holds all of
    it, and nothing is left to write. `characters` is about how long it gets.
    """

    path: str
    role: FileRole
    depends_on: tuple[str, ...]
    agent: str = ""
    whole: bool = False
    characters: int = 4_000


class Designed(_Value):
    """The blueprint, by its address, and the work that it plans.

    With a `stack`, `starter` is what its projects begin with, and `skeleton` the planned files with
    their signatures and without bodies, to be laid over it. `complaints` of the stack's type
    checker were left when the architect had mended what it could. `present` is the address of what
    is there already, as those see it who write tests of a change.
    """

    blueprint: str
    items: tuple[PlannedItem, ...]
    stack: str = ""
    starter: SourceTree | None = None
    skeleton: SourceTree | None = None
    complaints: tuple[str, ...] = ()
    present: str | None = None


class ArchitectTask(_Value):
    """Requirements → blueprint; `examples` is the address of what is shown beside them."""

    scope: Scope
    requirements: str
    examples: str | None = None


class RecallTask(_Value):
    """Requirements of which the nearest runs of the organisation are wanted."""

    scope: Scope
    requirements: str


class Recalled(_Value):
    """The nearest runs by their address; None where there are none, or nobody could look."""

    examples: str | None = None


class SkeletonTask(_Value):
    """Files of the blueprint whose interfaces are to be written, above those that are there."""

    scope: Scope
    requirements: str
    blueprint: str
    paths: tuple[str, ...]
    tree: SourceTree
    batch: int


class MendTask(_Value):
    """A tree of which the type checker complained, in the words that the architect is shown."""

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    complaints: tuple[str, ...]
    round_number: int


class SkeletonFiles(_Value):
    """The files that were written; `unwritten` are the paths of those that lack bodies."""

    files: tuple[SourceFile, ...]
    unwritten: tuple[str, ...] = ()


class TypeCheckTask(_Value):
    """A tree with so many interfaces, whose types are to be checked as its stack does."""

    scope: Scope
    blueprint: str
    tree: SourceTree
    interfaces: int
    round_number: int


class TypesChecked(_Value):
    """What the type checker complained about, each with its place; `unknown`: why nobody knows."""

    complaints: tuple[str, ...] = ()
    unknown: str = ""


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
    `blocking` is how much stands in the way of a pass, `proved` how many requirements are proved.
    """

    validation: str
    verdict: Verdict
    signature: str
    mendable: bool = True
    blocking: int = 0
    proved: int = 0


class Tested(_Value):
    """The test report by its address, with what decides about the next step.

    `mutation` is the address of the mutation report; `weak`: a language model should see it.
    `noticed` counts the changes of the code that the tests notice, None where nobody counted.
    `delivery` is the address of what was found out as delivered, None where nothing was started.
    `blueprint` is that of the plan that the tree was tested with, None where it cannot change.
    """

    report: str
    delivery: str | None = None
    mutation: str | None = None
    weak: bool = False
    noticed: int | None = None
    verdict: Verdict
    signature: str
    tree: SourceTree
    blueprint: str | None = None


class Verified(_Value):
    """A tree, as the tester left it, and what the platform found out of it."""

    tested: Tested
    validated: Validated

    @property
    def tree(self) -> SourceTree:
        """The tree that was verified."""
        return self.tested.tree


class RepairTask(_Value):
    """Changes that no test noticed → better tests; of runs older than the integrator, failures.

    `blueprint` and `skeleton` (path → sha256) are what the drafts were asked for with. No blueprint
    is named by runs that were in flight when tests were not made better by edits yet.
    """

    scope: Scope
    requirements: str
    tree: SourceTree
    validation: str
    report: str
    mutation: str | None = None
    blueprint: str | None = None
    skeleton: dict[str, str] = {}
    round_number: int
    again: bool


class Repaired(_Value):
    """The tree after the repair; equal to the one before when nothing could be done."""

    tree: SourceTree
    changed: int


class ReviewTask(_Value):
    """A tree that holds, to be read by somebody who wrote none of it; `number` counts readings."""

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    number: int


class Reviewed(_Value):
    """The remarks, by their address, and how many say that something is wrong."""

    review: str
    wrong: int


class Reading(_Value):
    """What became of a reading: its remarks' address, and whether the code was changed for them.

    `unknown` says why there are none.
    """

    review: str | None = None
    heeded: bool = False
    unknown: str = ""


class PackageTask(_Value):
    """Everything that goes into the capsule, by address.

    `tests_stay` says why stronger tests that were written are not in it, empty where there is none.
    """

    scope: Scope
    requirements: str
    blueprint: str
    tree: SourceTree
    validation: str | None
    report: str | None
    mutation: str | None = None
    readings: tuple[Reading, ...] = ()
    tests_stay: str = ""
    repair_rounds: int
    trouble: str | None = Field(default=None, description="why the run ended before its end")
    trouble_verdict: Verdict | None = None


class Packaged(_Value):
    """The capsule's address and the verdict on its face."""

    capsule: str
    verdict: Verdict
    reason: str


class Memorable(_Value):
    """What a run that passed may be remembered by; `stubs` are path → sha256."""

    requirements: str
    blueprint: str
    stubs: dict[str, str] = {}


class Ending(_Value):
    """How a run ended; `verdict` is None when it was cancelled.

    `memorable` is to be kept, where the run passed and there is a memory.
    """

    scope: Scope
    verdict: Verdict | None
    reason: str
    memorable: Memorable | None = None
