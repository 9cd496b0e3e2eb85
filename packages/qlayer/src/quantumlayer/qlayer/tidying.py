"""What may be tidied of a tree before it is judged, by what, and which fixes go too far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from quantumlayer.manifests import FilesInMemory
from quantumlayer.parser import FileAnalysis, is_sample
from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.source_tree import DELIVERING, SourceTree
from quantumlayer.qlayer.stacks import Stack, fitting, named, stack, stacks
from quantumlayer.qlayer.stacks.kinds import BUILDS
from quantumlayer.qlayer.stacks.model import Command

# The beginnings of paths and of the usual aliases of them.
OF_THE_PROJECT = (".", "/", "@/", "~", "#", "$")


@dataclass(frozen=True)
class Tools:
    """What the stack of a tree tidies with. `fixed` are patterns of what nobody may change."""

    language: str
    fixes: tuple[Command, ...]
    formats: tuple[Command, ...]
    fixed: tuple[str, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """Fixes first: a formatter has the last word on how they look."""
        return (*self.fixes, *self.formats)


def tools_for(contents: Mapping[str, bytes], blueprint: Blueprint) -> Tools | None:
    """The tools of the stack that is planned, or else that files (path → content) fit best.

    What fits none yet has those of its plan: a library may do without a manifest. None without one.
    """
    if blueprint.stack:
        own = named(stack(blueprint.stack), blueprint.name)
        return tools_of(blueprint.language.value, own)
    language, builds = blueprint.language.value, BUILDS[blueprint.kind]
    fit = [one for one in fitting(FilesInMemory(contents)) if language in one.languages]
    planned = sorted(
        (one for one in stacks() if language in one.languages),
        key=lambda one: (one.builds is not builds, one.wishes.rank, one.name),
    )
    nearest = next(iter((*fit, *planned)), None)
    return None if nearest is None else tools_of(language, nearest)


def tools_of(language: str, one: Stack) -> Tools:
    """What a stack tidies with."""
    return Tools(language, one.commands.fix, one.commands.format, one.fixed)


def may_be_tidied(
    tree: SourceTree, tools: Tools, analyses: Iterable[FileAnalysis]
) -> tuple[str, ...]:
    """The files of a model that are well formed and not the stack's own.

    What tests read as data is theirs to the byte, however untidy it is.
    """
    sound = {
        one.path
        for one in analyses
        if one.language and not one.syntax.problems and not is_sample(one.path, one.language)
    }
    return tuple(
        file.path
        for file in tree.files
        if file.origin not in DELIVERING
        and file.path in sound
        and not any(fnmatchcase(file.path, pattern) for pattern in tools.fixed)
    )


def goes_too_far(before: FileAnalysis, after: FileAnalysis, tree: Sequence[FileAnalysis]) -> bool:
    """Whether a change broke the file, or took an import from it that others may live on.

    A module of the project may be imported for what it does (registering tables, routes), a fixture
    for its name alone, and a name to be imported from here: no fixer of one file can know.
    """
    if after.syntax.problems:
        return True
    lost = imported(before) - imported(after)
    if not lost:
        return False
    own = own_names(tree)
    if any(of_the_project(module, own) for module, _ in lost):
        return True
    wanted = {
        name or last(module)
        for one in tree
        if one.path != before.path
        for module, name in imported(one)
        if of_the_project(module, own)
    }
    # Whoever imports this file as a whole, or with a star, may take anything from it.
    names = {name or last(module) for module, name in lost} | {module_name(before.path)}
    return bool(names & wanted)


def imported(analysis: FileAnalysis) -> set[tuple[str, str]]:
    """Every (module, name) that a file imports, "" for a module as a whole."""
    return {(use.module, name) for use in analysis.module_uses for name in use.names or ("",)}


def module_name(path: str) -> str:
    """The name that a file is imported by."""
    place = PurePosixPath(path)
    stem = place.name.partition(".")[0]
    return place.parent.name if stem in ("__init__", "index") else stem


def own_names(tree: Iterable[FileAnalysis]) -> frozenset[str]:
    """The names that folders and modules of a project have."""
    paths = [PurePosixPath(one.path) for one in tree]
    return frozenset(part.partition(".")[0] for path in paths for part in path.parts)


def of_the_project(module: str, own: frozenset[str]) -> bool:
    """Whether a module is meant that the project has, as far as its name tells."""
    return module.startswith(OF_THE_PROJECT) or module.partition(".")[0].partition("/")[0] in own


def last(module: str) -> str:
    """The name that a module is known by where it is imported as a whole."""
    return module.rpartition(".")[2].rpartition("/")[2]
