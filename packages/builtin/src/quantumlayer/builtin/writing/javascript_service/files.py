"""Which files make a JavaScript service, what each is for, and on which others it leans."""

from functools import lru_cache

from quantumlayer.builtin.writing.javascript_service.entity_files import entity_files
from quantumlayer.builtin.writing.javascript_service.foundation_files import (
    configuration,
    foundation,
)
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.piece import Piece, piece, unique_names
from quantumlayer.builtin.writing.javascript_service.test_files import test_files
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.tracing import general_requirements
from quantumlayer.qlayer import FileRole


@lru_cache(maxsize=8)
def pieces(view: ServiceView) -> tuple[Piece, ...]:
    """All files in an order in which what a file leans on stands before it."""
    return (
        *configuration(),
        *foundation(view),
        *entity_files(view),
        *_front(view),
        *test_files(view),
    )


def _front(view: ServiceView) -> tuple[Piece, ...]:
    source, names = FileRole.SOURCE, names_of(view)
    schemas = tuple(f"src/{names[entity.name].folder}/schema.js" for entity in view.entities)
    reports = (
        [
            piece(
                source,
                "src/reports.js",
                "Figures over the records.",
                interface=", ".join(
                    f"GET /reports/{r.name.replace('_', '-')}" for r in view.reports
                ),
                leans_on=("src/store/tables.js",),
                requirements=unique_names([report.requirement for report in view.reports]),
            )
        ]
        if view.reports
        else []
    )
    reported = tuple(piece.file.path for piece in reports)
    general = general_requirements(view)
    return (
        piece(
            source,
            "src/health.js",
            "Liveness and readiness.",
            interface="GET /healthz, GET /readyz",
            leans_on=("src/http/router.js",),
        ),
        *reports,
        piece(
            source,
            "src/openapi.js",
            "The API in the words of OpenAPI.",
            interface="describeApi()",
            leans_on=(*schemas, "src/http/query.js", *reported),
        ),
        piece(
            source,
            "src/documentation.js",
            "The description for programs and for people.",
            interface=f"GET /openapi.json, GET {view.docs_path}",
            leans_on=("src/openapi.js",),
        ),
        piece(
            source,
            "src/application.js",
            "Puts the parts together.",
            interface="createApplication({ databasePath, log, now }): { server, store }",
            leans_on=(
                *(f"src/{names[entity.name].folder}/routes.js" for entity in view.entities),
                "src/documentation.js",
                "src/health.js",
                "src/http/handler.js",
                *reported,
            ),
            requirements=general,
        ),
        piece(
            source,
            "src/server.js",
            "Serves: `node src/server.js`.",
            leans_on=("src/application.js", "src/settings.js"),
        ),
        piece(
            FileRole.DOCUMENTATION,
            "README.md",
            "What it is; how to run, test, use and configure it.",
            leans_on=("src/server.js",),
        ),
    )
