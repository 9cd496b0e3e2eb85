"""The files of a service in Python."""

from pathlib import Path

from quantumlayer.builtin.writing.service.files import Layout, rows_of
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of


def _is_checked(view: ServiceView, entity: EntityView | None) -> bool:
    """Whether code, and not an index alone, keeps a rule."""
    return any(checks_of(view, each).checks for each in ((entity,) if entity else view.entities))


def _test_module(entity: EntityView) -> str:
    taken = entity.table in ("application", "rules")
    return f"test_{entity.table}_records" if taken else f"test_{entity.table}"


LAYOUT = Layout(
    rows_of(Path(__file__).with_name("files.toml")),
    folder=lambda _, entity: entity.module,
    tests=_test_module,
    conditions={
        "checked": _is_checked,
        "reports": lambda view, _: bool(view.reports),
        "ruled": lambda view, _: view.ruled,
    },
)
