"""The writer of JavaScript services: `node:http`, without dependencies."""

from pathlib import Path

from quantumlayer.builtin.writing.javascript.field_code import KINDS, field_code
from quantumlayer.builtin.writing.javascript.finishing import finished
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.printing import quoted
from quantumlayer.builtin.writing.javascript.report_code import report_table
from quantumlayer.builtin.writing.javascript.rule_code import rule_module
from quantumlayer.builtin.writing.javascript.testing import test_context
from quantumlayer.builtin.writing.naming import kebab
from quantumlayer.builtin.writing.service.files import Layout, rows_of
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.writer import Context, ServiceWriter
from quantumlayer.qlayer.requirements import Language

_JOURNAL = "The journal file in which all records are kept; its folder is created."


def _context(view: ServiceView, entity: EntityView | None) -> Context:
    """What templates are given."""
    names = names_of(view)
    return {
        "names": names,
        "own": entity and names[entity.name],
        "js": quoted,
        "reports": report_table(view),
        "rules_of": lambda entity: rule_module(view, entity),
        "field_code": lambda entity, field: field_code(view, entity, field),
        "kinds": {KINDS[field.type] for field in entity.fields} if entity else set(),
        "first": view.entities[0],
        "sorted_entities": sorted(view.entities, key=lambda each: names[each.name].folder),
    }


def _is_adding(view: ServiceView, _: EntityView | None) -> bool:
    code = [report_table(view), *(rule_module(view, entity) for entity in view.entities)]
    return any("sumUnits(" in each or "average(" in each for each in code)


WRITER = ServiceWriter(
    language=Language.JAVASCRIPT,
    framework="node:http",
    layout=Layout(
        rows_of(Path(__file__).with_name("files.toml")),
        folder=lambda view, entity: names_of(view)[entity.name].folder,
        tests=kebab,
        conditions={
            "checked": lambda view, entity: bool(entity and rule_module(view, entity)),
            "sums": _is_adding,
        },
    ),
    templates=Path(__file__).with_name("templates"),
    context=_context,
    tests=test_context,
    finished=lambda _, texts: {path: finished(text, path) for path, text in texts.items()},
    settings=lambda view: {"DATABASE_PATH": (f"{view.requirements.name}.jsonl", _JOURNAL)},
    run_command=lambda _: ("node", "src/server.js"),
    test_command=("node", "--test"),
)
