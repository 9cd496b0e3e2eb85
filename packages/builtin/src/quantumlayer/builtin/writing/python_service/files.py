"""The files of a service in Python."""

from quantumlayer.builtin.writing.service.files import Layout, Row
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of

_ROWS = (
    Row("pyproject.toml", "Settings of the tools: ruff, mypy, pytest, coverage."),
    Row("requirements.txt", "What runs, pinned with hashes."),
    Row("requirements-dev.txt", "What runs and what tests, pinned with hashes."),
    Row(".gitignore", "What does not belong into version control."),
    Row("{package}/__init__.py", "Makes the package."),
    Row(
        "{package}/settings.py",
        "Typed settings from the environment.",
        "class Settings: host, port, database_path, log_level, …",
    ),
    Row("{package}/clock.py", "Tells the time.", "def now() -> datetime, def today() -> date"),
    Row(
        "{package}/values.py",
        "The types of fields: validation, serialisation, storage.",
        "class Body, class Stored, def columns(values) -> dict",
    ),
    Row(
        "{package}/problems.py",
        "Errors as RFC 9457 problem details.",
        "class ProblemError, class NotFoundError, def install(app)",
        shows="general",
    ),
    Row(
        "{package}/migrations/0001_initial.sql",
        "Tables, references, unique indexes.",
        shows="entities kept",
    ),
    Row(
        "{package}/database.py",
        "Connections, transactions and migrations.",
        "class Database: read(), write(), migrate(); DatabaseDependency",
        needs="{package}/migrations/0001_initial.sql",
    ),
    Row(
        "{package}/listing.py",
        "Filters, order and pages of lists.",
        "class ListQuery, class Page, def select_page(…)",
        needs="{package}/values.py",
    ),
    Row(
        "{package}/logs.py",
        "Structured logs, one line a request.",
        "class RequestLog, def configure_logging(level)",
        needs="{package}/problems.py",
    ),
    Row(
        "{package}/rules.py",
        "Keeps rules: asks the database what breaks them.",
        "class Check, class Records, def keep(connection, records, checks)",
        needs="{package}/problems.py {package}/values.py",
        only="checked",
    ),
    Row(
        "{package}/limits.py",
        "The limit on the size of bodies.",
        "class BodyLimit",
        needs="{package}/problems.py",
    ),
    Row(
        "{package}/health.py",
        "Liveness and readiness.",
        "router: GET /healthz, GET /readyz",
        needs="{package}/database.py",
    ),
    Row("{package}/{entity}/__init__.py", "Makes the package of {many}."),
    Row(
        "{package}/{entity}/schema.py",
        "What {one} looks like on the wire, with every constraint.",
        "class {name}Write, class {name}Patch, class {name}, class {name}Query",
        needs="{package}/values.py {package}/listing.py",
        shows="entities",
    ),
    Row(
        "{package}/{entity}/repository.py",
        "The SQL of {many}.",
        "def select, get, insert, update, delete (connection, …)",
        needs="{package}/{entity}/schema.py {package}/problems.py {package}/listing.py",
        shows="entities kept",
    ),
    Row(
        "{package}/{entity}/rules.py",
        "The rules about {many}, kept inside the transaction of each change.",
        "CREATED, CHANGED, DELETED, …: the checks of each occasion",
        needs="{package}/problems.py {package}/rules.py",
        shows="checked",
        only="checked",
    ),
    Row(
        "{package}/{entity}/routes.py",
        "{many} over HTTP.",
        "router: GET, POST {path}; GET, PUT, PATCH, DELETE {path}/{{id}}",
        needs="{package}/{entity}/repository.py {package}/database.py {package}/*/rules.py",
        shows="entities crud",
    ),
    Row(
        "{package}/reports.py",
        "Figures over the records.",
        "router: GET /reports/…",
        needs="{package}/database.py {package}/values.py",
        shows="reports",
        only="reports",
    ),
    Row(
        "{package}/application.py",
        "Puts the parts together.",
        "def create_app(settings: Settings) -> FastAPI",
        needs="{package}/*/routes.py {package}/health.py {package}/limits.py {package}/logs.py"
        " {package}/settings.py {package}/reports.py",
        shows="general",
    ),
    Row("{package}/__main__.py", "Serves: `python -m`.", needs="{package}/application.py"),
    Row("tests/__init__.py", "Makes the package of tests."),
    Row(
        "tests/factories.py",
        "Valid test data for every entity.",
        needs="{package}/application.py",
    ),
    Row(
        "tests/conftest.py",
        "The service with empty tables, at a fixed moment.",
        needs="{package}/application.py tests/factories.py",
    ),
    Row(
        "tests/test_application.py",
        "Health, errors, OpenAPI, limits, lists.",
        needs="tests/factories.py tests/conftest.py",
        shows="general",
    ),
    Row(
        "tests/{tests}.py",
        "Every route and every field of {many}.",
        needs="tests/factories.py tests/conftest.py",
        shows="entities crud",
        template="tests/test_entity.py.jinja",
    ),
    Row(
        "tests/test_rules.py",
        "Every rule from both sides, and under concurrent requests.",
        needs="tests/factories.py tests/conftest.py",
        shows="rules reports",
        only="ruled",
    ),
    Row(
        "README.md",
        "What it is; how to run, test, use and configure it.",
        needs="{package}/application.py",
    ),
)


def _is_checked(view: ServiceView, entity: EntityView | None) -> bool:
    """Whether code, and not an index alone, keeps a rule."""
    return any(checks_of(view, each).checks for each in ((entity,) if entity else view.entities))


LAYOUT = Layout(
    _ROWS,
    folder=lambda _, entity: entity.module,
    tests=lambda entity: entity.test_module,
    conditions={
        "checked": _is_checked,
        "reports": lambda view, _: bool(view.reports),
        "ruled": lambda view, _: view.ruled,
    },
)
