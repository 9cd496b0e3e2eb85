"""What packaging needs to know of a project that is made with a stack: what the stack promises."""

from dataclasses import dataclass

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.packaging.plan import (
    Variable,
    planned_variables,
    settings_of,
    tag_of,
)
from quantumlayer.qlayer.packaging.quoting import one_line
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import Delivery, Stack

NOBODY = "65534"
README = "README.md"
# What a job of CI is set up with for each tool, and how that names its version.
_SETUPS = {
    "python": ("actions/setup-python@v5", "python-version", ()),
    "node": ("actions/setup-node@v4", "node-version", ()),
    "golang": ("actions/setup-go@v5", "go-version", ()),
    "java": ("actions/setup-java@v4", "java-version", (("distribution", "temurin"),)),
    "rust": ("dtolnay/rust-toolchain@master", "toolchain", (("components", "clippy, rustfmt"),)),
}
_CHECKS = ("install", "lint", "type_check", "build", "test")
_BROWSER = (
    ("npx", "playwright", "install", "--with-deps", "chromium"),
    ("npx", "playwright", "test"),
)


@dataclass(frozen=True)
class Step:
    """One step of CI: an action with what it is given, or a command."""

    uses: str = ""
    given: tuple[tuple[str, str], ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class StackPlan:
    """Everything that the templates of a project with a stack read.

    The image and compose file are the stack's own. `shape` is what is delivered: a `service`
    listens, a `tool` is run; of a `library` there is no image. `instructions` say how it is tried.
    """

    name: str
    title: str
    summary: str
    shape: str
    instructions: str
    steps: tuple[Step, ...]
    variables: tuple[Variable, ...]
    settings: tuple[tuple[str, str, str], ...]
    port: int
    live: str
    ready: str
    user: int
    group: int
    data_folder: str
    writable: tuple[str, ...]
    read_only: bool
    instances: int
    kept: str = "lies on one volume"

    @property
    def stateful(self) -> bool:
        """Whether something of it outlives a start."""
        return bool(self.data_folder)

    @property
    def tag(self) -> str:
        """What the image is called."""
        return tag_of(self.name)


def plan_with_stack(requirements: Requirements, blueprint: Blueprint, stack: Stack) -> StackPlan:
    """The plan of the delivery files of one project; `stack` is named like the project."""
    promised = stack.delivery or Delivery(images=(), user=NOBODY)
    user, _, group = promised.user.partition(":")
    name = blueprint.name.strip("-")
    return StackPlan(
        name=name,
        title=one_line(requirements.title),
        summary=one_line(requirements.summary or blueprint.summary or requirements.title),
        shape=shape_of(stack),
        instructions=instructions_of(stack),
        steps=steps_of(stack),
        variables=variables_of(blueprint, promised),
        settings=settings_of(blueprint),
        port=promised.port or 0,
        live=promised.live or "/",
        ready=promised.ready or promised.live or "/",
        user=int(user),
        group=int(group or user),
        data_folder=promised.data or "",
        writable=promised.writable,
        read_only=promised.read_only,
        instances=promised.instances,
    )


def shape_of(stack: Stack) -> str:
    """What is delivered."""
    if stack.delivery is None:
        return "library"
    return "service" if stack.delivery.port else "tool"


def variables_of(blueprint: Blueprint, promised: Delivery) -> tuple[Variable, ...]:
    """The settings of a container: those of the image, which the stack knows, and the project's."""
    given = planned_variables(blueprint)
    for name, value in promised.environment.items():
        given[name] = Variable(name, value, "", secret=False)
    return tuple(given[name] for name in sorted(given))


def instructions_of(stack: Stack) -> str:
    """How the software is tried, as the starter tells it, without its heading."""
    told = next((file.text for file in stack.starter if file.path == README), "")
    return told.partition("\n")[2].strip()


def steps_of(stack: Stack) -> tuple[Step, ...]:
    """What CI does: the toolchain, then the stack's own commands, tests in a browser last."""
    setups = []
    for tool, version in stack.toolchain.items():
        if tool in _SETUPS:
            action, named, more = _SETUPS[tool]
            setups.append(Step(uses=action, given=((named, version), *more)))
    commands = [command for check in _CHECKS for command in getattr(stack.commands, check)]
    if stack.tests.browser:
        commands += _BROWSER
    return (*setups, *(Step(command=command) for command in commands))
