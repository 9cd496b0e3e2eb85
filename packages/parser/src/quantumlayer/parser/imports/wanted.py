"""Packages that are imported and not declared, where nothing else can be meant."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict

from quantumlayer.manifests import Ecosystem, normalised, provided, provider
from quantumlayer.parser.certainty import is_sample
from quantumlayer.parser.dependencies import famous
from quantumlayer.parser.dependencies.names import generic
from quantumlayer.parser.imports.unresolved import trees_of
from quantumlayer.parser.model import FileAnalysis, SourceText
from quantumlayer.parser.module_use import ModuleUse

# As alike as `test` and `vitest` are two names; `request` and `requests` may be one.
_ALIKE = 0.81


class WantedPackage(BaseModel):
    """A package by the name of its registry, the module that is imported, and by which files."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    ecosystem: Ecosystem
    name: str
    module: str
    paths: tuple[str, ...]


def wanted_packages(
    files: Sequence[SourceText],
    analyses: Sequence[FileAnalysis],
    *,
    planned: Collection[str] = (),
    own: Iterable[str] = (),
) -> tuple[WantedPackage, ...]:
    """What the imports that lead nowhere ask for, by ecosystem and name.

    Only packages that the plan names (`planned`) or that everybody knows by what they are imported
    as: under any other name somebody may be waiting. Never what the project itself may mean: the
    name of one of its files or folders, of those that are still to be written (paths in `own`), or
    one much like it; nor what only takes names that the project defines.
    """
    trees = trees_of(files)
    parts = _own_names([*(file.path for file in files), *own])
    defined = {symbol.name for one in analyses for symbol in one.symbols}
    found: dict[tuple[Ecosystem, str, str], list[str]] = {}
    for analysis in analyses:
        tree = trees.get(analysis.language or "")
        if tree is None or not _is_meant(analysis):
            continue
        for use in analysis.module_uses:
            module = None if use.optional else tree.foreign(analysis.path, use)
            if module is None or _may_be_own(module, use, parts, defined):
                continue
            ecosystem = Ecosystem.PYPI if analysis.language == "python" else Ecosystem.NPM
            name = _package(ecosystem, module, planned)
            if name is not None:
                found.setdefault((ecosystem, name, module), []).append(analysis.path)
    return tuple(
        WantedPackage(
            ecosystem=ecosystem, name=name, module=module, paths=tuple(sorted(set(paths)))
        )
        for (ecosystem, name, module), paths in sorted(found.items())
    )


def _is_meant(analysis: FileAnalysis) -> bool:
    """Whether what a file imports counts: it is well formed, and no text that tests read."""
    return not analysis.syntax.errors and not is_sample(analysis.path, analysis.language or "")


def _own_names(paths: Iterable[str]) -> frozenset[str]:
    places = [PurePosixPath(path) for path in paths]
    return frozenset(part.partition(".")[0].lower() for place in places for part in place.parts)


def _may_be_own(
    module: str, use: ModuleUse, own: Collection[str], defined: Collection[str]
) -> bool:
    plain = module.lower().rpartition("/")[2]
    if difflib.get_close_matches(plain, own, n=1, cutoff=_ALIKE):
        return True
    return bool(use.names) and all(name in defined for name in use.names)


def _package(ecosystem: Ecosystem, module: str, planned: Collection[str]) -> str | None:
    named = _planned(ecosystem, module, planned)
    if named:
        return named.pop() if len(named) == 1 else None
    if module in generic():
        return None
    known = famous(ecosystem)
    if ecosystem is Ecosystem.PYPI:
        return provider(module, known)
    return module if module in known else None


def _planned(ecosystem: Ecosystem, module: str, planned: Collection[str]) -> set[str]:
    if ecosystem is Ecosystem.NPM:
        return {module} & set(planned)
    names = (one.partition("[")[0] for one in planned)
    return {normalised(one) for one in names if module in provided([one])}
