"""Which files make a service: the rows of a language's table, filled in for one service."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.tracing import requirements_of
from quantumlayer.qlayer import FileRole, PlannedFile

Condition = Callable[[ServiceView, EntityView | None], bool]
_CONDITIONS: dict[str, Condition] = {
    "reports": lambda view, _: bool(view.reports),
    "ruled": lambda view, _: view.ruled,
}
_TESTED = ("application", "rules", "store")


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
    tests: Callable[[str], str]
    """What the tests of a table are called."""
    conditions: dict[str, Condition]
    """Those of the language; every language has some."""

    def pieces(self, view: ServiceView) -> tuple[Piece, ...]:
        """All files in an order in which what a file leans on stands before it."""
        filled = [
            (row, each, self._filled(view, row, each))
            for row in self.rows
            for each in (
                view.entities if "{entity}" in row.path or "{tests}" in row.path else (None,)
            )
            if not row.only or (_CONDITIONS | self.conditions)[row.only](view, each)
        ]
        paths = [texts.path for _, _, texts in filled]
        return tuple(
            Piece(
                PlannedFile(
                    path=texts.path,
                    role=_role(row.path),
                    purpose=texts.purpose[:1].upper() + texts.purpose[1:],
                    interface=texts.interface,
                    depends_on=tuple(
                        path
                        for need in texts.needs.split()
                        for path in paths
                        if fnmatchcase(path, need)
                    ),
                    requirements=requirements_of(view, entity, row.shows),
                ),
                row.template or _template(row.path),
                entity,
            )
            for row, entity, texts in filled
        )

    def _filled(self, view: ServiceView, row: Row, entity: EntityView | None) -> Row:
        names = {"package": view.package}
        if entity is not None:
            # The tests of an entity are not to be taken for those of all.
            tested = f"{entity.table}_records" if entity.table in _TESTED else entity.table
            names |= {"entity": self.folder(view, entity), "tests": self.tests(tested)}
            names |= {"name": entity.class_name, "path": entity.path}
            names |= {"one": entity.one, "many": entity.many}
        texts = (row.path, row.purpose, row.interface, row.needs)
        return Row(*(text.format(**names) for text in texts))


def _role(path: str) -> FileRole:
    if path.startswith("tests/"):
        return FileRole.TEST
    if "/" in path:
        return FileRole.SOURCE
    return FileRole.DOCUMENTATION if path.endswith(".md") else FileRole.CONFIGURATION


def _template(path: str) -> str:
    return path.format(package="package", entity="entity", tests="").removeprefix(".") + ".jinja"
