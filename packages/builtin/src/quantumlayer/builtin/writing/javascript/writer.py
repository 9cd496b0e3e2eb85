"""The writer of JavaScript services: `node:http`, without dependencies."""

from pathlib import Path

from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.rendering import context, finished
from quantumlayer.builtin.writing.javascript.report_code import report_module
from quantumlayer.builtin.writing.javascript.rule_code import rule_module
from quantumlayer.builtin.writing.javascript.testing import test_context
from quantumlayer.builtin.writing.naming import kebab
from quantumlayer.builtin.writing.service.files import Layout, rows_of
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.writer import ServiceWriter
from quantumlayer.qlayer.requirements import Language

_JOURNAL = "The journal file in which all records are kept; its folder is created."


def _is_adding(view: ServiceView, _: EntityView | None) -> bool:
    rules = any("sumUnits(" in rule_module(view, entity).text for entity in view.entities)
    return rules or report_module(view).uses("average", "sumUnits")


WRITER = ServiceWriter(
    language=Language.JAVASCRIPT,
    framework="node:http",
    layout=Layout(
        rows_of(Path(__file__).with_name("files.toml")),
        folder=lambda view, entity: names_of(view)[entity.name].folder,
        tests=kebab,
        conditions={
            "checked": lambda view, entity: bool(entity and rule_module(view, entity).text),
            "sums": _is_adding,
        },
    ),
    templates=Path(__file__).with_name("templates"),
    context=context,
    tests=test_context,
    finished=finished,
    settings=lambda view: {"DATABASE_PATH": (f"{view.requirements.name}.jsonl", _JOURNAL)},
    run_command=lambda _: ("node", "src/server.js"),
    test_command=("node", "--test"),
)
