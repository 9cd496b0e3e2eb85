"""What has to change in a project so that it declares what it imports, or why it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.agents import LockFailed, Resolve
from quantumlayer.manifests import (
    Addition,
    Ecosystem,
    FilesInMemory,
    NotUnderstood,
    normalised,
    with_additions,
)
from quantumlayer.parser import (
    FileAnalysis,
    Registries,
    SourceText,
    WantedPackage,
    newest_version,
    objections,
    wanted_packages,
)
from quantumlayer.qlayer import ADDED, Blueprint, Dependency, FileRole, SourceTree
from quantumlayer.qlayer.requirements import Language, Requirements
from quantumlayer.worker.architect.ground import locked_with
from quantumlayer.worker.packager.delivery import PACKAGER, delivered_with, locks_of

AT_ONCE = 8
TOO_MANY = f"No more than {AT_ONCE} packages are added at once."
UNDECLARED = "No manifest of the project would declare it."
LOCKS = ("package-lock.json", "go.sum", "Cargo.lock")
_ADDABLE = {Ecosystem.PYPI: ("python",), Ecosystem.NPM: ("javascript", "typescript")}


@dataclass(frozen=True)
class Project:
    """A tree with what stands in its files, and what it was made from."""

    tree: SourceTree
    texts: Mapping[str, str]
    analyses: Sequence[FileAnalysis]
    requirements: Requirements
    blueprint: Blueprint


@dataclass(frozen=True)
class Supply:
    """The plan with what was added to it, the files that change, and why the rest was left."""

    blueprint: Blueprint
    added: tuple[WantedPackage, ...] = ()
    files: Mapping[str, str] | None = None
    left: tuple[tuple[WantedPackage, str], ...] = ()


async def supply(project: Project, registries: Registries, resolve: Resolve) -> Supply:
    """Declares what the files of `project` import, where a registry has nothing against it.

    All that may be added is added together; where the locks or the manifests do not take it,
    nothing is.
    """
    blueprint = project.blueprint
    wanted = [one for one in _wanted(project, project.texts) if _fits(one, blueprint)]
    refused = await _refused(wanted[:AT_ONCE], registries)
    left = [(one, refused[one.name]) for one in wanted[:AT_ONCE] if one.name in refused]
    left += [(one, TOO_MANY) for one in wanted[AT_ONCE:]]
    taken = [one for one in wanted[:AT_ONCE] if one.name not in refused]
    if not taken:
        return Supply(blueprint, left=tuple(left))
    additions = [await _addition(one, project, registries) for one in taken]
    planned = with_dependencies(blueprint, taken, additions)
    try:
        files = await _changed(project, planned, taken[0].ecosystem, additions, resolve)
    except (LockFailed, NotUnderstood) as error:
        return Supply(blueprint, left=(*((one, str(error)) for one in taken), *left))
    undeclared = {one.name for one in _wanted(project, {**project.texts, **files})}
    if undeclared & {one.name for one in taken}:
        return Supply(blueprint, left=(*((one, UNDECLARED) for one in taken), *left))
    return Supply(planned, tuple(taken), files, tuple(left))


def with_dependencies(
    blueprint: Blueprint, wanted: Sequence[WantedPackage], additions: Sequence[Addition]
) -> Blueprint:
    """The plan with these packages, and for each of them who imports it; what it names stays."""
    named = {_key(one.name) for one in blueprint.dependencies}
    added = [
        Dependency(
            name=one.name,
            specifier=one.version,
            purpose=f"{ADDED}{package.paths[0]} imports it."[:300],
            development=one.development,
        )
        for package, one in zip(wanted, additions, strict=True)
        if _key(one.name) not in named
    ]
    return blueprint.model_copy(update={"dependencies": (*blueprint.dependencies, *added)})


def _wanted(project: Project, texts: Mapping[str, str]) -> tuple[WantedPackage, ...]:
    return wanted_packages(
        [SourceText(path=path, content=content) for path, content in texts.items()],
        project.analyses,
        planned=[one.name for one in project.blueprint.dependencies],
        own=[project.blueprint.name, *(file.path for file in project.blueprint.files)],
    )


def _fits(one: WantedPackage, blueprint: Blueprint) -> bool:
    return blueprint.language.value in _ADDABLE[one.ecosystem]


async def _refused(wanted: Sequence[WantedPackage], registries: Registries) -> dict[str, str]:
    if not wanted:
        return {}
    return await objections(wanted[0].ecosystem, [one.name for one in wanted], registries)


async def _addition(one: WantedPackage, project: Project, registries: Registries) -> Addition:
    planned = {_key(each.name): each for each in project.blueprint.dependencies}
    known = planned.get(_key(one.name))
    if known is not None:
        return Addition(name=known.name, version=known.specifier, development=known.development)
    version = ""
    if one.ecosystem is Ecosystem.NPM:
        newest = await newest_version(one.name, registries)
        version = f"^{newest}" if newest else ""
    tests = {file.path for file in project.tree.files if file.role is FileRole.TEST}
    return Addition(name=one.name, version=version, development=tests.issuperset(one.paths))


def _key(name: str) -> str:
    return name if name.startswith("@") else normalised(name.partition("[")[0])


async def _changed(
    project: Project,
    blueprint: Blueprint,
    ecosystem: Ecosystem,
    additions: Sequence[Addition],
    resolve: Resolve,
) -> dict[str, str]:
    """Path → new text: the manifests that the project wrote, and what is made from its plan."""
    if blueprint.stack:
        return await _locked(project, additions, resolve)
    made = {file.path for file in project.tree.files if file.origin == PACKAGER}
    own = {path: text.encode() for path, text in project.texts.items() if path not in made}
    changed = with_additions(FilesInMemory(own), ecosystem, additions)
    locks = await locks_of(blueprint, resolve)
    for file in delivered_with(project.requirements, blueprint, locks):
        if file.path in made and file.content != project.texts[file.path]:
            changed[file.path] = file.content
    return changed


async def _locked(
    project: Project, additions: Sequence[Addition], resolve: Resolve
) -> dict[str, str]:
    """The manifest and the locks of a stack that can be added to."""
    if project.blueprint.language is not Language.PYTHON:
        lock = next((one for one in LOCKS if project.tree.find(one)), "the lock")
        raise NotUnderstood(f"the stack `{project.blueprint.stack}` has it", path=lock)
    added = (
        Dependency(name=one.name, specifier=one.version, development=one.development)
        for one in additions
    )
    return await locked_with(project.texts, added, resolve)
