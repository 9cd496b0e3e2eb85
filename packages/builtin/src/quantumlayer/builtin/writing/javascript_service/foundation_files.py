"""The files that all services have in common."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.piece import Piece, piece
from quantumlayer.builtin.writing.javascript_service.rule_code import rule_module
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.tracing import general_requirements
from quantumlayer.qlayer import FileRole


def configuration() -> tuple[Piece, ...]:
    role = FileRole.CONFIGURATION
    """What tools and editors read."""
    return (
        piece(role, "package.json", "The scripts, and the version of Node; no dependencies."),
        piece(role, "jsconfig.json", "Strict types for editors and `tsc -p jsconfig.json`."),
        piece(
            role,
            ".gitignore",
            "What does not belong into version control.",
        ).from_template("gitignore.jinja"),
    )


def foundation(view: ServiceView) -> tuple[Piece, ...]:
    """What knows nothing of the entities: values, store, HTTP."""
    source, general = FileRole.SOURCE, general_requirements(view)
    decimals = (
        [
            piece(
                source,
                "src/decimals.js",
                "Exact arithmetic on decimals.",
                interface="toUnits, sumUnits",
            )
        ]
        if needs_decimals(view)
        else []
    )
    return (
        piece(
            source,
            "src/log.js",
            "Structured logs.",
            interface="createLog(lowest): Log",
        ),
        piece(
            source,
            "src/settings.js",
            "Settings from the environment, checked.",
            interface="readSettings(environment): Settings",
            leans_on=("src/log.js",),
        ),
        *decimals,
        piece(
            source,
            "src/moments.js",
            "Days, times and moments as texts that sort.",
            interface="toDay, toTime, toMoment, momentOf, presentMoment",
        ),
        piece(
            source,
            "src/fields.js",
            "The kinds of fields: validation, defaults, JSON schema.",
            interface="text, integer, decimal, …: Field<T>; optional(field); InvalidValue",
            leans_on=(*(piece.file.path for piece in decimals), "src/moments.js"),
        ),
        piece(
            source,
            "src/errors.js",
            "What can go wrong, in the words of the application.",
            interface="Invalid, NotFound, InUse, RuleBroken, StoreUnavailable",
            requirements=general,
        ),
        piece(
            source,
            "src/bodies.js",
            "Bodies of requests against the fields of a record.",
            interface="readNew, readReplacement, readChange (fields, body)",
            leans_on=("src/fields.js", "src/errors.js"),
        ),
        piece(
            source,
            "src/store/lock.js",
            "One process at a time.",
            interface="takeLock(path): release",
        ),
        piece(
            source,
            "src/store/journal.js",
            "An append-only file of JSON lines that survives crashes.",
            interface="class Journal: open, append, rewrite, close",
            leans_on=("src/errors.js",),
        ),
        piece(
            source,
            "src/store/table.js",
            "Records of one kind, with the indexes of references and uniqueness.",
            interface="class Table<R>: all, find, get, by",
            leans_on=("src/errors.js",),
        ),
        piece(
            source,
            "src/store/store.js",
            "Transactions over tables, kept in the journal.",
            interface="class Store: transaction(work), close()",
            leans_on=(
                "src/store/lock.js",
                "src/store/journal.js",
                "src/store/table.js",
                "src/moments.js",
            ),
        ),
        *_http(general),
    )


def _http(general: tuple[str, ...]) -> tuple[Piece, ...]:
    source = FileRole.SOURCE
    return (
        piece(
            source,
            "src/http/problems.js",
            "Errors as RFC 9457 problem details.",
            interface="HttpError, problemReply(error)",
            leans_on=("src/errors.js",),
            requirements=general,
        ),
        piece(
            source,
            "src/http/body.js",
            "The JSON of a request, and the limit on its size.",
            interface="readJson(request)",
            leans_on=("src/http/problems.js",),
            requirements=general,
        ),
        piece(
            source,
            "src/http/router.js",
            "Which code answers which path.",
            interface="class Router: find(method, path)",
            leans_on=("src/http/problems.js",),
            requirements=general,
        ),
        piece(
            source,
            "src/http/handler.js",
            "From a request to its response: route, errors, log.",
            interface="createHandler(router, log), refuseMalformed",
            leans_on=("src/http/router.js", "src/http/body.js"),
            requirements=general,
        ),
        piece(
            source,
            "src/http/query.js",
            "Filters, order and pages of lists.",
            interface="selectPage(rows, fields, query)",
            leans_on=("src/fields.js", "src/errors.js"),
        ),
    )


def needs_decimals(view: ServiceView) -> bool:
    """Whether anything is a decimal, or is added up."""
    summed = any("sumUnits(" in rule_module(view, e).text for e in view.entities)
    figures = any(report.function in ("sum", "average") for report in view.reports)
    return summed or figures or view.uses(FieldType.DECIMAL)
