"""Reports: figures over records."""

from dataclasses import dataclass

from quantumlayer.builtin.domain import Aggregation
from quantumlayer.builtin.writing.naming import kebab, sentence
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView


@dataclass(frozen=True)
class Report:
    """One report, and the entity that it counts."""

    aggregation: Aggregation
    entity: EntityView

    @property
    def path(self) -> str:
        return f"/{kebab(self.aggregation.name)}"

    @property
    def statement(self) -> str:
        return sentence(self.aggregation.statement)


def reports_of(view: ServiceView) -> tuple[Report, ...]:
    """The reports of a service."""
    return tuple(Report(each, view.entity(each.entity)) for each in view.reports)


def member_name(key: str) -> str:
    """The JSON member of a key: `starts_at.month` is `starts_at_month`."""
    return key.replace(".", "_")
