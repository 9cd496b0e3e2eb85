"""The files of tests."""

from quantumlayer.builtin.writing.javascript_service.piece import Piece, piece, unique_names
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.tracing import (
    crud_requirements,
    entity_requirements,
    general_requirements,
    rule_requirements,
)
from quantumlayer.qlayer import FileRole


def test_files(view: ServiceView) -> tuple[Piece, ...]:
    """Tests of the whole, of each entity, and of the rules."""
    test, support, general = FileRole.TEST, ("tests/support.js",), general_requirements(view)
    ruled = view.rules or any(f.field.unique for e in view.entities for f in e.fields)
    rules = [
        *(name for entity in view.entities for name in rule_requirements(view, entity)),
        *(report.requirement for report in view.reports),
    ]
    return (
        piece(test, "tests/factories.js", "Valid test data for every entity."),
        piece(
            test,
            "tests/support.js",
            "The service with an empty file, at a fixed moment.",
            leans_on=("tests/factories.js", "src/application.js"),
        ),
        piece(
            test,
            "tests/application.test.js",
            "Health, errors, limits, logs, documentation.",
            leans_on=(*support, "src/server.js"),
            requirements=general,
        ),
        piece(
            test,
            "tests/store.test.js",
            "Durability: restarts, torn lines, compaction.",
            leans_on=support,
            requirements=general,
        ),
        *(
            piece(
                test,
                f"tests/{_stem(entity)}.test.js",
                f"Every route and every field of {entity.many}.",
                leans_on=support,
                requirements=unique_names(
                    [*entity_requirements(view, entity), *crud_requirements(view)]
                ),
            ).of(entity, "tests/entity.test.js.jinja")
            for entity in view.entities
        ),
        *(
            [
                piece(
                    test,
                    "tests/rules.test.js",
                    "Every rule from both sides, and under concurrent requests.",
                    leans_on=support,
                    requirements=unique_names(rules),
                )
            ]
            if ruled or view.reports
            else []
        ),
    )


def _stem(entity: EntityView) -> str:
    """The name of an entity's tests: `tests/<stem>.test.js`."""
    taken = entity.table in ("application", "rules", "store")
    return f"{entity.path[1:]}-records" if taken else entity.path[1:]
