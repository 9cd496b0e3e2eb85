"""One Cargo.toml, read: its tables, and where something stands in it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

KINDS = ("dependencies", "dev-dependencies", "build-dependencies",
         "dev_dependencies", "build_dependencies")  # fmt: skip
Table = dict[str, Any]


@dataclass(frozen=True)
class CargoManifest:
    """A Cargo.toml: the folder that it stands in, its text, and what it says."""

    folder: str
    path: str
    text: str
    content: Table

    @property
    def package(self) -> Table | None:
        """The package that it declares; None for a virtual manifest."""
        found = self.content.get("package", self.content.get("project"))
        return found if isinstance(found, dict) else None

    @property
    def workspace(self) -> Table | None:
        """The workspace whose root it is."""
        return _table(self.content, "workspace") if "workspace" in self.content else None

    @cached_property
    def dependencies(self) -> tuple[tuple[str, str | Table], ...]:
        """Every dependency of every kind and target: its name and what is said of it."""
        places = [self.content, *_table(self.content, "target").values()]
        tables = [_table(place, kind) for place in places if isinstance(place, dict)
                  for kind in KINDS]  # fmt: skip
        return tuple((name, said) for table in tables for name, said in table.items())

    @cached_property
    def patches(self) -> tuple[tuple[str, str | Table], ...]:
        """What `[patch]` and `[replace]` put into the place of others."""
        tables = [*_table(self.content, "patch").values(), _table(self.content, "replace")]
        return tuple(
            (name, said) for table in tables if isinstance(table, dict)
            for name, said in table.items()
        )  # fmt: skip

    def line_of(self, *words: str) -> int | None:
        """The first line that holds all of these words, not as a comment."""
        wanted = [re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])") for word in words]
        return next(
            (number for number, line in enumerate(self.text.splitlines(), 1)
             if not line.lstrip().startswith("#") and all(one.search(line) for one in wanted)),
            None,
        )  # fmt: skip

    def refuse(self, reason: str, *words: str) -> NotUnderstood:
        """What to raise of this manifest, at the line that holds these words, or the first."""
        line = self.line_of(*words) or self.line_of(words[0])
        return NotUnderstood(reason, path=self.path, line=line)


def _table(content: Table, name: str) -> Table:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def manifests_in(files: ProjectFiles, paths: list[str]) -> Iterator[CargoManifest]:
    """The manifests at these paths. Raises NotUnderstood for one that is no TOML."""
    for path in paths:
        content = files.content(path)
        if content is None:
            continue
        text = content.decode("utf-8-sig", errors="replace")
        try:
            said = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found[1]) if found else None
            raise NotUnderstood(f"it is no TOML: {error}", path=path, line=line) from None
        yield CargoManifest(path.rpartition("/")[0] or ".", path, text, said)
