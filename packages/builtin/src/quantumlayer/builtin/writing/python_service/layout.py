"""Which files make a service, what each is for, and on which others it leans."""

from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.builtin.domain import UniqueTogether
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of, followers
from quantumlayer.builtin.writing.service.tracing import (
    crud_requirements,
    entity_requirements,
    general_requirements,
    known,
    rule_requirements,
)
from quantumlayer.qlayer import EnvironmentVariable, FileRole, PlannedFile


@dataclass(frozen=True)
class Piece:
    """A planned file and where its content comes from: a template, or a file of ours."""

    file: PlannedFile
    template: str = ""
    data: str = ""
    entity: EntityView | None = None


@lru_cache(maxsize=8)
def pieces(view: ServiceView) -> tuple[Piece, ...]:
    """All files in an order in which what a file leans on stands before it."""
    return (
        *_configuration(),
        *_foundation(view),
        *_entities(view),
        *_front(view),
        *_tests(view),
        _readme(view),
    )


def _configuration() -> tuple[Piece, ...]:
    role = FileRole.CONFIGURATION

    def file(path: str, purpose: str, depends_on: tuple[str, ...] = ()) -> PlannedFile:
        return PlannedFile(path=path, role=role, purpose=purpose, depends_on=depends_on)

    return (
        Piece(
            file("pyproject.toml", "Settings of the tools: ruff, mypy, pytest, coverage."),
            "pyproject.toml.jinja",
        ),
        Piece(file("requirements.txt", "What runs, pinned with hashes."), data="requirements.txt"),
        Piece(
            file("requirements-dev.txt", "What runs and what tests, pinned with hashes."),
            data="requirements-dev.txt",
        ),
        Piece(file(".gitignore", "What does not belong into version control."), "gitignore.jinja"),
    )


def _source(
    path: str,
    purpose: str,
    *,
    interface: str = "",
    depends_on: tuple[str, ...] = (),
    requirements: tuple[str, ...] = (),
) -> PlannedFile:
    return PlannedFile(
        path=path,
        role=FileRole.SOURCE,
        purpose=purpose,
        interface=interface,
        depends_on=depends_on,
        requirements=requirements,
    )


def _foundation(view: ServiceView) -> tuple[Piece, ...]:
    at = f"{view.package}/"
    general = general_requirements(view)
    all_requirements = tuple(item.id for item in view.requirements.items)
    schema = f"{at}migrations/0001_initial.sql"
    return (
        Piece(_source(f"{at}__init__.py", "Makes the package."), "package/__init__.py.jinja"),
        Piece(
            _source(
                f"{at}settings.py",
                "Typed settings from the environment.",
                interface="class Settings: host, port, database_path, log_level, …",
            ),
            "package/settings.py.jinja",
        ),
        Piece(
            _source(
                f"{at}clock.py",
                "Tells the time.",
                interface="def now() -> datetime, def today() -> date",
            ),
            "package/clock.py.jinja",
        ),
        Piece(
            _source(
                f"{at}values.py",
                "The types of fields: validation, serialisation, storage.",
                interface="class Body, class Stored, def columns(values) -> dict",
            ),
            "package/values.py.jinja",
        ),
        Piece(
            _source(
                f"{at}problems.py",
                "Errors as RFC 9457 problem details.",
                interface="class ProblemError, class NotFoundError, def install(app)",
                requirements=general,
            ),
            "package/problems.py.jinja",
        ),
        Piece(
            _source(
                schema,
                "Tables, references, unique indexes.",
                requirements=tuple(
                    name for name in all_requirements if name in _index_requirements(view)
                ),
            ),
            "entity/migration.sql.jinja",
        ),
        Piece(
            _source(
                f"{at}database.py",
                "Connections, transactions and migrations.",
                interface="class Database: read(), write(), migrate(); DatabaseDependency",
                depends_on=(schema,),
            ),
            "package/database.py.jinja",
        ),
        Piece(
            _source(
                f"{at}listing.py",
                "Filters, order and pages of lists.",
                interface="class ListQuery, class Page, def select_page(…)",
                depends_on=(f"{at}values.py",),
            ),
            "package/listing.py.jinja",
        ),
        Piece(
            _source(
                f"{at}logs.py",
                "Structured logs, one line a request.",
                interface="class RequestLog, def configure_logging(level)",
                depends_on=(f"{at}problems.py",),
            ),
            "package/logs.py.jinja",
        ),
        *_keeping(view),
        Piece(
            _source(
                f"{at}limits.py",
                "The limit on the size of bodies.",
                interface="class BodyLimit",
                depends_on=(f"{at}problems.py",),
            ),
            "package/limits.py.jinja",
        ),
        Piece(
            _source(
                f"{at}health.py",
                "Liveness and readiness.",
                interface="router: GET /healthz, GET /readyz",
                depends_on=(f"{at}database.py",),
            ),
            "package/health.py.jinja",
        ),
    )


def _keeping(view: ServiceView) -> tuple[Piece, ...]:
    if not any(checks_of(view, entity).checks for entity in view.entities):
        return ()
    file = _source(
        f"{view.package}/rules.py",
        "Keeps rules: asks the database what breaks them.",
        interface="class Check, class Records, def keep(connection, records, checks)",
        depends_on=(f"{view.package}/problems.py", f"{view.package}/values.py"),
    )
    return (Piece(file, "package/rules.py.jinja"),)


def _index_requirements(view: ServiceView) -> frozenset[str]:
    unique = {rule.requirement for rule in view.rules if isinstance(rule, UniqueTogether)}
    entities = {name for entity in view.entities for name in entity_requirements(view, entity)}
    return frozenset(unique | entities)


def _entities(view: ServiceView) -> tuple[Piece, ...]:
    first = [piece for entity in view.entities for piece in _entity_core(view, entity)]
    rules = [
        Piece(_rules_file(view, entity), "entity/rules.py.jinja", entity=entity)
        for entity in view.entities
        if checks_of(view, entity).checks
    ]
    routes = [
        Piece(_routes_file(view, entity), "entity/routes.py.jinja", entity=entity)
        for entity in view.entities
    ]
    return (*first, *rules, *routes)


def _entity_core(view: ServiceView, entity: EntityView) -> tuple[Piece, ...]:
    at, here = f"{view.package}/", f"{view.package}/{entity.module}/"
    name = entity.class_name
    wanted = entity_requirements(view, entity)
    kept = tuple(r.requirement for r in entity.unique_rules)
    return (
        Piece(
            _source(f"{here}__init__.py", f"Makes the package of {entity.many}."),
            "entity/__init__.py.jinja",
            entity=entity,
        ),
        Piece(
            _source(
                f"{here}schema.py",
                f"What {entity.one} looks like on the wire, with every constraint.",
                interface=f"class {name}Write, class {name}Patch, class {name}, class {name}Query",
                depends_on=(f"{at}values.py", f"{at}listing.py"),
                requirements=wanted,
            ),
            "entity/schema.py.jinja",
            entity=entity,
        ),
        Piece(
            _source(
                f"{here}repository.py",
                f"The SQL of {entity.many}.",
                interface="def select, get, insert, update, delete (connection, …)",
                depends_on=(f"{here}schema.py", f"{at}problems.py", f"{at}listing.py"),
                requirements=known(view, [*wanted, *kept]),
            ),
            "entity/repository.py.jinja",
            entity=entity,
        ),
    )


def _rules_file(view: ServiceView, entity: EntityView) -> PlannedFile:
    at = f"{view.package}/"
    checks = checks_of(view, entity).checks
    return _source(
        f"{at}{entity.module}/rules.py",
        f"The rules about {entity.many}, kept inside the transaction of each change.",
        interface="CREATED, CHANGED, DELETED, …: the checks of each occasion",
        depends_on=(f"{at}problems.py", f"{at}rules.py"),
        requirements=known(view, [check.rule.requirement for check in checks]),
    )


def _routes_file(view: ServiceView, entity: EntityView) -> PlannedFile:
    at, here = f"{view.package}/", f"{view.package}/{entity.module}/"
    ruled = [
        *([entity] if checks_of(view, entity).checks else []),
        *dict.fromkeys(c.entity for c, _, _ in followers(view, entity) if c.entity is not entity),
    ]
    return _source(
        f"{here}routes.py",
        f"{entity.many.capitalize()} over HTTP.",
        interface=f"router: GET, POST {entity.path}; GET, PUT, PATCH, DELETE {entity.path}/{{id}}",
        depends_on=(
            f"{here}repository.py",
            f"{at}database.py",
            *(f"{at}{other.module}/rules.py" for other in ruled),
        ),
        requirements=known(view, [*entity_requirements(view, entity), *crud_requirements(view)]),
    )


def _front(view: ServiceView) -> tuple[Piece, ...]:
    at = f"{view.package}/"
    reports = (
        Piece(
            _source(
                f"{at}reports.py",
                "Figures over the records.",
                interface="router: "
                + ", ".join(f"GET /reports/{r.name.replace('_', '-')}" for r in view.reports),
                depends_on=(f"{at}database.py", f"{at}values.py"),
                requirements=known(view, [report.requirement for report in view.reports]),
            ),
            "package/reports.py.jinja",
        ),
    )
    return (
        *(reports if view.reports else ()),
        Piece(
            _source(
                f"{at}application.py",
                "Puts the parts together.",
                interface="def create_app(settings: Settings) -> FastAPI",
                depends_on=(
                    *(f"{at}{entity.module}/routes.py" for entity in view.entities),
                    *(
                        f"{at}{name}.py"
                        for name in ("database", "health", "limits", "logs", "problems", "settings")
                    ),
                    *((f"{at}reports.py",) if view.reports else ()),
                ),
                requirements=general_requirements(view),
            ),
            "package/application.py.jinja",
        ),
        Piece(
            _source(
                f"{at}__main__.py", "Serves: `python -m`.", depends_on=(f"{at}application.py",)
            ),
            "package/__main__.py.jinja",
        ),
    )


def _tests(view: ServiceView) -> tuple[Piece, ...]:
    application = f"{view.package}/application.py"

    def test(
        path: str, purpose: str, needs: tuple[str, ...], wanted: tuple[str, ...] = ()
    ) -> PlannedFile:
        return PlannedFile(
            path=path, role=FileRole.TEST, purpose=purpose, depends_on=needs, requirements=wanted
        )

    support = ("tests/factories.py", "tests/conftest.py")
    rules = [
        (entity, rule_requirements(view, entity))
        for entity in view.entities
        if entity.rules or any(f.field.unique for f in entity.fields)
    ]
    return (
        Piece(
            test("tests/__init__.py", "Makes the package of tests.", ()), "tests/__init__.py.jinja"
        ),
        Piece(
            test("tests/factories.py", "Valid test data for every entity.", (application,)),
            "tests/factories.py.jinja",
        ),
        Piece(
            test(
                "tests/conftest.py",
                "The service with empty tables, at a fixed moment.",
                (application, "tests/factories.py"),
            ),
            "tests/conftest.py.jinja",
        ),
        Piece(
            test(
                "tests/test_application.py",
                "Health, errors, OpenAPI, limits, lists.",
                support,
                general_requirements(view),
            ),
            "tests/test_application.py.jinja",
        ),
        *(
            Piece(
                test(
                    f"tests/{entity.test_module}.py",
                    f"Every route and every field of {entity.many}.",
                    support,
                    known(view, [*entity_requirements(view, entity), *crud_requirements(view)]),
                ),
                "tests/test_entity.py.jinja",
                entity=entity,
            )
            for entity in view.entities
        ),
        *(
            (
                Piece(
                    test(
                        "tests/test_rules.py",
                        "Every rule from both sides, and under concurrent requests.",
                        support,
                        known(
                            view,
                            [
                                *(name for _, names in rules for name in names),
                                *(r.requirement for r in view.reports),
                            ],
                        ),
                    ),
                    "tests/test_rules.py.jinja",
                ),
            )
            if rules or view.reports
            else ()
        ),
    )


def _readme(view: ServiceView) -> Piece:
    return Piece(
        PlannedFile(
            path="README.md",
            role=FileRole.DOCUMENTATION,
            purpose="What it is; how to run, test, use and configure it.",
            depends_on=(f"{view.package}/application.py",),
        ),
        "README.md.jinja",
    )


def environment_of(view: ServiceView) -> tuple[EnvironmentVariable, ...]:
    """The settings that the service reads."""
    return (
        EnvironmentVariable(name="PORT", default="8000", description="The port to listen on."),
        EnvironmentVariable(
            name="HOST",
            default="127.0.0.1",
            description="The address to listen on; 0.0.0.0 inside a container.",
        ),
        EnvironmentVariable(
            name="DATABASE_PATH",
            default=f"{view.package}.db",
            description="The SQLite database file; its folder is created.",
        ),
        EnvironmentVariable(
            name="BUSY_TIMEOUT_SECONDS",
            default="5",
            description="How long a change waits for others before it is answered with 503.",
        ),
        EnvironmentVariable(
            name="LOG_LEVEL", default="INFO", description="DEBUG, INFO, WARNING or ERROR."
        ),
        EnvironmentVariable(
            name="MAX_BODY_BYTES", default="1048576", description="The largest request body."
        ),
    )
