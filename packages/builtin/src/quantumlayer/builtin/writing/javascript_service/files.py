"""The files of a service in JavaScript."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.rule_code import rule_module
from quantumlayer.builtin.writing.service.files import Layout, Row
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView

_ROWS = (
    Row("package.json", "The scripts, and the version of Node; no dependencies."),
    Row("jsconfig.json", "Strict types for editors and `tsc -p jsconfig.json`."),
    Row(".gitignore", "What does not belong into version control."),
    Row("src/log.js", "Structured logs.", "createLog(lowest): Log"),
    Row(
        "src/settings.js",
        "Settings from the environment, checked.",
        "readSettings(environment): Settings",
        needs="src/log.js",
    ),
    Row("src/decimals.js", "Exact arithmetic on decimals.", "toUnits, sumUnits", only="decimals"),
    Row(
        "src/moments.js",
        "Days, times and moments as texts that sort.",
        "toDay, toTime, toMoment, momentOf, presentMoment",
    ),
    Row(
        "src/fields.js",
        "The kinds of fields: validation, defaults, JSON schema.",
        "text, integer, decimal, …: Field<T>; optional(field); InvalidValue",
        needs="src/decimals.js src/moments.js",
    ),
    Row(
        "src/errors.js",
        "What can go wrong, in the words of the application.",
        "Invalid, NotFound, InUse, RuleBroken, StoreUnavailable",
        shows="general",
    ),
    Row(
        "src/bodies.js",
        "Bodies of requests against the fields of a record.",
        "readNew, readReplacement, readChange (fields, body)",
        needs="src/fields.js src/errors.js",
    ),
    Row("src/store/lock.js", "One process at a time.", "takeLock(path): release"),
    Row(
        "src/store/journal.js",
        "An append-only file of JSON lines that survives crashes.",
        "class Journal: open, append, rewrite, close",
        needs="src/errors.js",
    ),
    Row(
        "src/store/table.js",
        "Records of one kind, with the indexes of references and uniqueness.",
        "class Table<R>: all, find, get, by",
        needs="src/errors.js",
    ),
    Row(
        "src/store/store.js",
        "Transactions over tables, kept in the journal.",
        "class Store: transaction(work), close()",
        needs="src/store/lock.js src/store/journal.js src/store/table.js src/moments.js",
    ),
    Row(
        "src/http/problems.js",
        "Errors as RFC 9457 problem details.",
        "HttpError, problemReply(error)",
        needs="src/errors.js",
        shows="general",
    ),
    Row(
        "src/http/body.js",
        "The JSON of a request, and the limit on its size.",
        "readJson(request)",
        needs="src/http/problems.js",
        shows="general",
    ),
    Row(
        "src/http/router.js",
        "Which code answers which path.",
        "class Router: find(method, path)",
        needs="src/http/problems.js",
        shows="general",
    ),
    Row(
        "src/http/handler.js",
        "From a request to its response: route, errors, log.",
        "createHandler(router, log), refuseMalformed",
        needs="src/http/router.js src/http/body.js",
        shows="general",
    ),
    Row(
        "src/http/query.js",
        "Filters, order and pages of lists.",
        "selectPage(rows, fields, query)",
        needs="src/fields.js src/errors.js",
    ),
    Row(
        "src/{entity}/schema.js",
        "What {one} looks like on the wire, with every constraint.",
        "…Fields, …Resource",
        needs="src/fields.js src/moments.js",
        shows="entities",
    ),
    Row(
        "src/rules/{entity}.js",
        "The rules about {many}, kept inside the transaction of each change.",
        "…Checks: what is asked on each occasion; unique…",
        needs="src/{entity}/schema.js src/errors.js src/moments.js src/decimals.js",
        shows="rules",
        only="checked",
    ),
    Row(
        "src/store/tables.js",
        "The tables of this service, and how their records hang together.",
        "createTables(): Tables",
        needs="src/store/table.js src/*/schema.js src/rules/*.js",
        shows="entities",
    ),
    Row(
        "src/collection.js",
        "What can be done with records; every change keeps the rules.",
        "class Collection: all, get, create, replace, change, remove",
        needs="src/bodies.js src/store/store.js src/store/tables.js",
        shows="crud",
    ),
    Row(
        "src/http/collection.js",
        "The routes of a collection.",
        "collectionRoutes(collection): Route[]",
        needs="src/collection.js src/http/query.js src/http/router.js",
        shows="crud",
    ),
    Row(
        "src/{entity}/routes.js",
        "{many} over HTTP.",
        "GET, POST {path}; GET, PUT, PATCH, DELETE {path}/{{id}}",
        needs="src/{entity}/schema.js src/http/collection.js src/rules/*.js",
        shows="entities crud",
    ),
    Row(
        "src/health.js",
        "Liveness and readiness.",
        "GET /healthz, GET /readyz",
        needs="src/http/router.js",
    ),
    Row(
        "src/reports.js",
        "Figures over the records.",
        "GET /reports/…",
        needs="src/store/tables.js",
        shows="reports",
        only="reports",
    ),
    Row(
        "src/openapi.js",
        "The API in the words of OpenAPI.",
        "describeApi()",
        needs="src/*/schema.js src/http/query.js src/reports.js",
    ),
    Row(
        "src/documentation.js",
        "The description for programs and for people.",
        "GET /openapi.json, GET /docs",
        needs="src/openapi.js",
    ),
    Row(
        "src/application.js",
        "Puts the parts together.",
        "createApplication({{ databasePath, log, now }}): {{ server, store }}",
        needs="src/*/routes.js src/documentation.js src/health.js src/http/handler.js"
        " src/reports.js",
        shows="general",
    ),
    Row(
        "src/server.js",
        "Serves: `node src/server.js`.",
        needs="src/application.js src/settings.js",
    ),
    Row(
        "README.md",
        "What it is; how to run, test, use and configure it.",
        needs="src/server.js",
    ),
    Row("tests/factories.js", "Valid test data for every entity."),
    Row(
        "tests/support.js",
        "The service with an empty file, at a fixed moment.",
        needs="tests/factories.js src/application.js",
    ),
    Row(
        "tests/application.test.js",
        "Health, errors, limits, logs, documentation.",
        needs="tests/support.js src/server.js",
        shows="general",
    ),
    Row(
        "tests/store.test.js",
        "Durability: restarts, torn lines, compaction.",
        needs="tests/support.js",
        shows="general",
    ),
    Row(
        "tests/{tests}.test.js",
        "Every route and every field of {many}.",
        needs="tests/support.js",
        shows="entities crud",
        template="tests/entity.test.js.jinja",
    ),
    Row(
        "tests/rules.test.js",
        "Every rule from both sides, and under concurrent requests.",
        needs="tests/support.js",
        shows="rules reports",
        only="ruled",
    ),
)


def needs_decimals(view: ServiceView) -> bool:
    """Whether anything is a decimal, or is added up."""
    summed = any("sumUnits(" in rule_module(view, entity).text for entity in view.entities)
    figures = any(report.function in ("sum", "average") for report in view.reports)
    return summed or figures or view.uses(FieldType.DECIMAL)


def _is_checked(view: ServiceView, entity: EntityView | None) -> bool:
    return entity is not None and bool(rule_module(view, entity).text)


def _stem(entity: EntityView) -> str:
    taken = entity.table in ("application", "rules", "store")
    return f"{entity.path[1:]}-records" if taken else entity.path[1:]


LAYOUT = Layout(
    _ROWS,
    folder=lambda view, entity: names_of(view)[entity.name].folder,
    tests=_stem,
    conditions={
        "checked": _is_checked,
        "decimals": lambda view, _: needs_decimals(view),
        "reports": lambda view, _: bool(view.reports),
        "ruled": lambda view, _: view.ruled,
    },
)
