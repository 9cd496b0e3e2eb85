"""A planned file of a JavaScript service, and the template that its content comes from."""

from dataclasses import dataclass, replace

from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.qlayer import FileRole, PlannedFile


@dataclass(frozen=True)
class Piece:
    """A planned file and the template that its content comes from."""

    file: PlannedFile
    template: str
    entity: EntityView | None = None

    def from_template(self, template: str) -> "Piece":
        """The same file, from a template that has another name."""
        return replace(self, template=template)

    def of(self, entity: EntityView, template: str) -> "Piece":
        """The same file, from a template that is filled in for one entity."""
        return replace(self, template=template, entity=entity)


def piece(
    role: FileRole,
    path: str,
    purpose: str,
    *,
    interface: str = "",
    leans_on: tuple[str, ...] = (),
    requirements: tuple[str, ...] = (),
) -> Piece:
    """A file whose template has its path."""
    file = PlannedFile(
        path=path,
        role=role,
        purpose=purpose,
        interface=interface,
        depends_on=leans_on,
        requirements=requirements,
    )
    return Piece(file, f"{path}.jinja")


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Names, each once."""
    return tuple(dict.fromkeys(names))
