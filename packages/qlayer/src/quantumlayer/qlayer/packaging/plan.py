"""What packaging needs to know of a project, worked out from its blueprint."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from quantumlayer.qlayer.blueprint import Blueprint, FileRole
from quantumlayer.qlayer.packaging.quoting import one_line
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

IMAGES = {Language.PYTHON: "python:3.12-slim", Language.JAVASCRIPT: "node:24.11-slim"}
_TEST_COMMANDS = {
    Language.PYTHON: ("python", "-m", "pytest"),
    Language.JAVASCRIPT: ("node", "--test"),
}
_SECRET_WORDS = ("SECRET", "TOKEN", "PASSWORD", "API_KEY", "PRIVATE_KEY")
SHAPES: dict[ApplicationKind, Literal["service", "tool", "library"]] = {
    ApplicationKind.SERVICE: "service",
    ApplicationKind.PAGE: "service",
    ApplicationKind.FULL_STACK: "service",
    ApplicationKind.COMMAND_LINE_TOOL: "tool",
    ApplicationKind.LIBRARY: "library",
}
_SERVING = frozenset(kind for kind, shape in SHAPES.items() if shape == "service")
_DEVELOPMENT_FILES = frozenset({"requirements-dev.txt", "eslint.config.js", "ruff.toml"})
DATA_FOLDER = "/data"
VERSION = "1.0.0"
NOBODY = 65534


@dataclass(frozen=True)
class Variable:
    """A setting inside the container; a secret's value is never written down."""

    name: str
    value: str
    description: str
    secret: bool


@dataclass(frozen=True)
class Plan:
    """Everything that the templates of a project without a stack read.

    `sources` are the folders and files at the top that the application needs to run. `shape` is
    what is delivered: a `service` and a `tool` run; of a `library` only the tests do.
    """

    name: str
    title: str
    summary: str
    shape: Literal["service", "tool", "library"]
    language: Literal["python", "javascript"]
    image: str
    run_command: tuple[str, ...]
    test_command: tuple[str, ...]
    folders: tuple[str, ...]
    files: tuple[str, ...]
    has_lock: bool
    has_development_lock: bool
    has_package_lock: bool
    installs: bool
    import_path: str
    stateful: bool
    port: int
    variables: tuple[Variable, ...]
    settings: tuple[tuple[str, str, str], ...]
    live: str = "/healthz"
    ready: str = "/readyz"
    user: int = NOBODY
    group: int = NOBODY
    data_folder: str = DATA_FOLDER
    writable: tuple[str, ...] = ("/tmp",)  # noqa: S108 - inside of a container
    read_only: bool = True
    instances: int = 2
    kept: str = "is one SQLite file on one volume"

    @property
    def tag(self) -> str:
        """What the image is called; a fixed version, so that a cluster runs what was built."""
        return tag_of(self.name)


def tag_of(name: str) -> str:
    """What the image of a project is called."""
    return f"{name}:{VERSION}"


def plan_delivery(requirements: Requirements, blueprint: Blueprint) -> Plan:
    """The plan of the delivery files of one project."""
    paths = {file.path for file in blueprint.files}
    runtime = [one for one in blueprint.dependencies if not one.development]
    development = [one for one in blueprint.dependencies if one.development]
    python = blueprint.language is Language.PYTHON
    folders, files = _sources(blueprint)
    has_lock = python and ("requirements.txt" in paths or bool(runtime))
    has_sources_folder = any(path.startswith("src/") for path in paths)
    stateful = _is_stateful(blueprint)
    port = blueprint.port or 8000
    return Plan(
        name=blueprint.name.strip("-"),
        title=one_line(requirements.title),
        summary=one_line(requirements.summary or blueprint.summary or requirements.title),
        shape=_shape(blueprint),
        language="python" if python else "javascript",
        image=IMAGES[blueprint.language],
        run_command=blueprint.run_command,
        test_command=blueprint.test_command or _TEST_COMMANDS[blueprint.language],
        folders=folders,
        files=tuple(sorted({*files, *(("requirements.txt",) if has_lock else ())})),
        has_lock=has_lock,
        has_development_lock=python and ("requirements-dev.txt" in paths or bool(development)),
        has_package_lock="package-lock.json" in paths,
        installs=not python and bool(runtime),
        import_path="/app:/app/src" if has_sources_folder else "/app",
        stateful=stateful,
        port=port,
        variables=_variables(blueprint, port=port, stateful=stateful),
        settings=settings_of(blueprint),
    )


def is_packaged(blueprint: Blueprint) -> bool:
    """Whether there is an image for its language: of what is planned without a stack."""
    return blueprint.language in IMAGES


def settings_of(blueprint: Blueprint) -> tuple[tuple[str, str, str], ...]:
    """Name, default and meaning of each setting, for people; a secret has no default."""
    return tuple(
        (
            one.name,
            "" if _is_secret(one.name) else one_line(one.default),
            one_line(one.description),
        )
        for one in blueprint.environment
    )


def _shape(blueprint: Blueprint) -> Literal["service", "tool", "library"]:
    if not blueprint.run_command:
        return "library"
    return SHAPES[blueprint.kind]


def _sources(blueprint: Blueprint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Folders and files at the top that hold sources or configuration."""
    needed = [
        file.path
        for file in blueprint.files
        if file.role in {FileRole.SOURCE, FileRole.CONFIGURATION}
        and not file.path.startswith(".")
        and file.path not in _DEVELOPMENT_FILES
    ]
    folders = {path.split("/", 1)[0] for path in needed if "/" in path}
    files = {path for path in needed if "/" not in path}
    return tuple(sorted(folders)), tuple(sorted(files))


def _is_stateful(blueprint: Blueprint) -> bool:
    """Services keep a SQLite file at DATABASE_PATH unless their settings say otherwise."""
    names = {one.name for one in blueprint.environment}
    return blueprint.kind is ApplicationKind.SERVICE and (not names or "DATABASE_PATH" in names)


def _is_secret(name: str) -> bool:
    return any(word in name for word in _SECRET_WORDS)


def planned_variables(blueprint: Blueprint) -> dict[str, Variable]:
    """Name → setting, as the blueprint names them."""
    return {
        one.name: Variable(
            name=one.name,
            value=one.default,
            description=one_line(one.description),
            secret=_is_secret(one.name),
        )
        for one in blueprint.environment
    }


def _variables(blueprint: Blueprint, *, port: int, stateful: bool) -> tuple[Variable, ...]:
    given = planned_variables(blueprint)
    if blueprint.kind in _SERVING:
        # A container listens on all of its addresses; what reaches it is the platform's matter.
        given["HOST"] = Variable("HOST", "0.0.0.0", "", secret=False)  # noqa: S104 - inside of a container
        given["PORT"] = Variable("PORT", str(port), "", secret=False)
    if stateful:
        default = given["DATABASE_PATH"].value if "DATABASE_PATH" in given else ""
        suffix = PurePosixPath(default).suffix or ".db"
        database = f"{DATA_FOLDER}/{blueprint.name.strip('-')}{suffix}"
        given["DATABASE_PATH"] = Variable("DATABASE_PATH", database, "", secret=False)
    return tuple(given[name] for name in sorted(given))
