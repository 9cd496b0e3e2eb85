"""Which files make a service: the rows of a language's table, filled in for one service."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.tracing import requirements_of
from quantumlayer.qlayer import FileRole, PlannedFile

Condition = Callable[[ServiceView, EntityView | None], bool]


@dataclass(frozen=True)
class Row:
    """A file of a language's table, or one for each entity.

    `path`, `purpose`, `interface` and `needs` may hold `{package}`, and where there is a file for
    each entity `{entity}` (its folder), `{tests}` (the name of its tests), `{name}`, `{one}`,
    `{many}` and `{path}`. `needs` are the files that it leans on, with `*` for the folder of every
    entity; those that are not planned do not count. `shows` names whose requirements it carries
    (see `tracing.requirements_of`), `only` the condition under which there is such a file. Its
    template lies at its path, `{package}` being `package` and `{entity}` `entity`.
    """

    path: str
    purpose: str
    interface: str = ""
    needs: str = ""
    shows: str = ""
    only: str = ""
    template: str = ""


def rows_of(table: Path) -> tuple[Row, ...]:
    """The rows of a table in TOML: a key, which is the path, for each file."""
    found = tomllib.loads(table.read_text(encoding="utf-8"))
    return tuple(Row(path, **members) for path, members in found.items())


@dataclass(frozen=True)
class Piece:
    """A planned file, the template that its content comes from, and the entity that it is of."""

    file: PlannedFile
    template: str
    entity: EntityView | None = None


@dataclass(frozen=True, eq=False)
class Layout:
    """The table of a language, how it calls the folder and the tests of an entity, and when."""

    rows: tuple[Row, ...]
    folder: Callable[[ServiceView, EntityView], str]
    tests: Callable[[EntityView], str]
    conditions: Mapping[str, Condition]

    def pieces(self, view: ServiceView) -> tuple[Piece, ...]:
        """All files in an order in which what a file leans on stands before it."""
        found = [piece for row in self.rows for piece in self._expanded(view, row)]
        planned = {piece.file.path for piece in found}
        return tuple(_leaning(piece, planned) for piece in found)

    def _expanded(self, view: ServiceView, row: Row) -> Iterator[Piece]:
        entities = view.entities if "{entity}" in row.path or "{tests}" in row.path else (None,)
        for entity in entities:
            if not row.only or self.conditions[row.only](view, entity):
                yield self._piece(view, row, entity)

    def _piece(self, view: ServiceView, row: Row, entity: EntityView | None) -> Piece:
        names = {"package": view.package}
        if entity is not None:
            names |= {"entity": self.folder(view, entity), "tests": self.tests(entity)}
            names |= {"name": entity.class_name, "path": entity.path}
            names |= {"one": entity.one, "many": entity.many}
        needs = [need.format(**names) for need in row.needs.split()]
        folders = [self.folder(view, each) for each in view.entities]
        file = PlannedFile(
            path=row.path.format(**names),
            role=_role(row.path),
            purpose=_begun(row.purpose.format(**names)),
            interface=row.interface.format(**names),
            depends_on=tuple(
                each
                for need in needs
                for each in ([need.replace("*", f) for f in folders] if "*" in need else [need])
            ),
            requirements=requirements_of(view, entity, row.shows),
        )
        return Piece(file, row.template or _template(row.path), entity)


def _leaning(piece: Piece, planned: set[str]) -> Piece:
    needs = tuple(path for path in piece.file.depends_on if path in planned)
    return Piece(piece.file.model_copy(update={"depends_on": needs}), piece.template, piece.entity)


def _role(path: str) -> FileRole:
    if path.startswith("tests/"):
        return FileRole.TEST
    if "/" in path:
        return FileRole.SOURCE
    return FileRole.DOCUMENTATION if path.endswith(".md") else FileRole.CONFIGURATION


def _template(path: str) -> str:
    return path.format(package="package", entity="entity", tests="").removeprefix(".") + ".jinja"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
