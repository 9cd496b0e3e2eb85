"""The files that carry a project to where it runs: image, compose, Kubernetes, CI, README."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from quantumlayer.qlayer.blueprint import Blueprint, FileRole
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.packaging import quoting
from quantumlayer.qlayer.packaging.plan import DATA_FOLDER, IMAGES, plan_delivery
from quantumlayer.qlayer.requirements import Language, Requirements

_NOBODY = 65534
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
    library: its image and its CI run the tests, and it gets no Kubernetes manifests.
    """
    plan = plan_delivery(requirements, blueprint)
    paths = [*_COMMON, *_BY_SHAPE[plan.shape]]
    if plan.shape == "service" and plan.stateful:
        paths.append("k8s/persistent-volume-claim.yaml")
    planned = {file.path.lower() for file in blueprint.files}
    return tuple(
        DeliveryFile(
            path=path,
            role=FileRole.DOCUMENTATION if path == "README.md" else FileRole.CONFIGURATION,
            content=_environment()
            .get_template(_template(path, plan.language))
            .render(plan=plan, nobody=_NOBODY, data_folder=DATA_FOLDER),
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


def _template(path: str, language: str) -> str:
    name = path.removeprefix(".github/workflows/").removeprefix(".")
    return f"{name}.{language}.j2" if name == "Dockerfile" else f"{name}.j2"


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
    }
    return environment
