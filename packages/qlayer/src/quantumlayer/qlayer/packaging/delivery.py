"""The files that carry a project to where it runs: image, compose, Kubernetes, CI, README."""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from quantumlayer.qlayer.blueprint import Blueprint, FileRole
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.packaging import quoting
from quantumlayer.qlayer.packaging.plan import (
    DATA_FOLDER,
    IMAGES,
    NOBODY,
    Plan,
    is_packaged,
    plan_delivery,
)
from quantumlayer.qlayer.packaging.stack_plan import StackPlan, plan_with_stack
from quantumlayer.qlayer.requirements import Language, Requirements
from quantumlayer.qlayer.stacks import named, stack

_WITH_STACK = (".github/workflows/ci.yml", "README.md")
_COMMON = ("Dockerfile", ".dockerignore", "compose.yaml", ".github/workflows/ci.yml", "README.md")
_BY_SHAPE = {
    "service": (
        "k8s/deployment.yaml",
        "k8s/service.yaml",
        "k8s/service-account.yaml",
        "k8s/network-policy.yaml",
    ),
    "tool": ("k8s/cron-job.yaml", "k8s/service-account.yaml", "k8s/network-policy.yaml"),
    "library": (),
}


class DeliveryFile(Noun):
    """One file made from the blueprint; its author is the packager."""

    path: str
    role: FileRole
    content: str


def delivery_files(requirements: Requirements, blueprint: Blueprint) -> tuple[DeliveryFile, ...]:
    """Every delivery file that the blueprint does not plan itself, sorted by path.

    Pure: the same inputs give the same text. A project without a run command is delivered as a
    library: its image and its CI run the tests, and it gets no Kubernetes manifests. What a stack
    brings of its own, such as its image, is not among them; nor is anything for a language that
    has neither a stack here nor an image.
    """
    if blueprint.stack:
        own = named(stack(blueprint.stack), blueprint.name)
        return _made(plan_with_stack(requirements, blueprint, own), _WITH_STACK, blueprint)
    if not is_packaged(blueprint):
        return ()
    return _made(plan_delivery(requirements, blueprint), _COMMON, blueprint)


def _made(
    plan: Plan | StackPlan, common: Iterable[str], blueprint: Blueprint
) -> tuple[DeliveryFile, ...]:
    paths = [*common, *_BY_SHAPE[plan.shape]]
    if plan.shape == "service" and plan.stateful:
        paths.append("k8s/persistent-volume-claim.yaml")
    planned = {file.path.lower() for file in blueprint.files}
    return tuple(
        DeliveryFile(
            path=path,
            role=FileRole.DOCUMENTATION if path == "README.md" else FileRole.CONFIGURATION,
            content=_environment()
            .get_template(_template(path, plan))
            .render(plan=plan, nobody=NOBODY, data_folder=DATA_FOLDER),
        )
        for path in sorted(paths)
        if path.lower() not in planned
    )


def locked_dependencies() -> str:
    """The Dockerfile of what every image of Python with a lock begins with: its packages.

    It is built of a folder with the lock, requirements.txt.
    """
    plan = {"image": IMAGES[Language.PYTHON], "has_lock": True}
    return _environment().get_template("_dependencies.python.j2").render(plan=plan)


def _template(path: str, plan: Plan | StackPlan) -> str:
    name = path.removeprefix(".github/workflows/").removeprefix(".")
    if isinstance(plan, StackPlan) and path in _WITH_STACK:
        stem, _, ending = name.rpartition(".")
        return f"{stem}.stack.{ending}.j2"
    if isinstance(plan, Plan) and name == "Dockerfile":
        return f"{name}.{plan.language}.j2"
    return f"{name}.j2"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("quantumlayer.qlayer.packaging", "templates"),
        autoescape=False,  # noqa: S701 - none of these is HTML; each value names its own quoting
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "json": quoting.json_text,
        "docker": quoting.dockerfile_text,
        "compose": quoting.compose_text,
        "kubernetes": quoting.kubernetes_text,
        "actions": quoting.actions_command,
        "shell": quoting.shell_command,
        "volume": quoting.volume_name,
    }
    return environment
