"""What a project begins with: the starter of its stack, with the packages that its plan adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quantumlayer.agents import LockFailed, Resolve, extended_locks
from quantumlayer.manifests import Addition, Ecosystem, FilesInMemory, with_additions
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.blueprint import Dependency
from quantumlayer.qlayer.stacks import Stack, ground, named, stack

LOCKS = ("requirements.txt", "requirements-dev.txt")
MANIFEST = "pyproject.toml"
_REASON_CHARACTERS = 300


@dataclass(frozen=True)
class Ground:
    """The files of a project before anybody has written any (path → text), and its stack.

    `blueprint` names the packages that could be had; `notes` say which could not, and why.
    """

    stack: Stack
    files: Mapping[str, str]
    blueprint: Blueprint
    notes: tuple[str, ...] = ()


async def ground_of(blueprint: Blueprint, resolve: Resolve) -> Ground:
    """What a blueprint with a stack begins with."""
    own = named(stack(blueprint.stack), blueprint.name)
    files = {file.path: file.text for file in ground(own)}
    had, changed, notes = await _supplied(files, blueprint.dependencies, resolve)
    return Ground(
        stack=own,
        files={**files, **changed},
        blueprint=blueprint.model_copy(update={"dependencies": had}),
        notes=notes,
    )


async def locked_with(
    files: Mapping[str, str], dependencies: Iterable[Dependency], resolve: Resolve
) -> dict[str, str]:
    """The manifest and the locks of a starter with more packages. Raises LockFailed."""
    added = tuple(dependencies)
    if not added:
        return {}
    locks = {path: files[path] for path in LOCKS if path in files}
    changed = await extended_locks(locks, added, resolve)
    manifest = {MANIFEST: files[MANIFEST].encode()} if MANIFEST in files else {}
    additions = [Addition(name=one.name, version=one.specifier, development=one.development)
                 for one in added]  # fmt: skip
    return {**changed, **with_additions(FilesInMemory(manifest), Ecosystem.PYPI, additions)}


async def _supplied(
    files: Mapping[str, str], wanted: tuple[Dependency, ...], resolve: Resolve
) -> tuple[tuple[Dependency, ...], dict[str, str], tuple[str, ...]]:
    """The packages that can be had, the files that name them, and why the others cannot."""
    try:
        return wanted, await locked_with(files, wanted, resolve), ()
    except LockFailed:
        pass
    had: tuple[Dependency, ...] = ()
    changed: dict[str, str] = {}
    notes = []
    for one in wanted:
        try:
            changed = await locked_with(files, (*had, one), resolve)
        except LockFailed as error:
            reason = " ".join(str(error).split())[:_REASON_CHARACTERS]
            notes.append(f"{one.name} cannot be had: {reason}")
        else:
            had = (*had, one)
    return had, changed, tuple(notes)
