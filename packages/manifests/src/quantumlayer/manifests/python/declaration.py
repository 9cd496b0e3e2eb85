"""What the readers of single Python manifests give to those who put it together."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quantumlayer.manifests.python.needs import CompiledModule, PythonVersion, Shortfall

WORKSPACE = "workspace"
"""What stands for the folder of a distribution that is a part of a workspace, wherever that is."""


@dataclass(frozen=True)
class Wanted:
    """One requirement as it is written in a requirements file, and where."""

    text: str
    path: str
    line: int | None = None


@dataclass(frozen=True)
class Declaration:
    """What one manifest says of a project. Paths are relative to the whole that is read.

    `extras` are installed when asked for, `groups` are for those who work on the project. `chosen`:
    extras and groups that a tool for running tests asks for by name. `sources`: folders from which
    distributions come that are required by name. `roots`: folders that hold its modules; None when
    nothing is said.
    """

    path: str
    name: str = ""
    version: str = ""
    python: PythonVersion = field(default_factory=PythonVersion)
    runtime: tuple[Wanted, ...] = ()
    extras: dict[str, tuple[Wanted, ...]] = field(default_factory=dict)
    groups: dict[str, tuple[Wanted, ...]] = field(default_factory=dict)
    testing: tuple[Wanted, ...] = ()
    chosen: frozenset[str] = frozenset()
    sources: dict[str, Wanted] = field(default_factory=dict)
    roots: tuple[str, ...] | None = None
    entry_points: tuple[tuple[str, str, str], ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    runtime_known: bool = True
    compiled: tuple[CompiledModule, ...] = ()


def together(path: str, declarations: Iterable[Declaration]) -> Declaration:
    """One declaration of a project's many: the first that says something has the word on it."""
    found = Declaration(path=path)
    for one in declarations:
        found = replace(
            found,
            name=found.name or one.name,
            version=found.version or one.version,
            python=found.python if found.python.specifier else one.python,
            runtime=(*found.runtime, *one.runtime),
            extras=_merged(found.extras, one.extras),
            groups=_merged(found.groups, one.groups),
            testing=(*found.testing, *one.testing),
            chosen=found.chosen | one.chosen,
            sources={**one.sources, **found.sources},
            roots=found.roots if found.roots is not None else one.roots,
            entry_points=tuple(dict.fromkeys((*found.entry_points, *one.entry_points))),
            shortfalls=(*found.shortfalls, *one.shortfalls),
            compiled=(*found.compiled, *one.compiled),
        )
    return found


def _merged(
    first: dict[str, tuple[Wanted, ...]], second: dict[str, tuple[Wanted, ...]]
) -> dict[str, tuple[Wanted, ...]]:
    names = dict.fromkeys((*first, *second))
    return {name: (*first.get(name, ()), *second.get(name, ())) for name in names}
