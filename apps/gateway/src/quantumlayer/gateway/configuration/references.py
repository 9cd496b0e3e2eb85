"""What a configuration names elsewhere in itself must be there."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain

from quantumlayer.gateway.configuration.documents import Path
from quantumlayer.gateway.configuration.model import Configuration, Organisation

Dangling = tuple[Path, str]


def dangling(configuration: Configuration) -> Iterator[Dangling]:
    """Every name that leads nowhere, and every circle of fallbacks: where, and what to do."""
    yield from _providers(configuration)
    yield from _fallbacks(configuration)
    for name, organisation in configuration.organisations.items():
        yield from _of_organisation(("organisations", name), organisation, configuration)
    yield from _keys_twice(configuration)


def _providers(configuration: Configuration) -> Iterator[Dangling]:
    for name, group in configuration.models.items():
        for index, deployment in enumerate(group.deployments):
            provider, slash, model = deployment.model.partition("/")
            path: Path = ("models", name, "deployments", index, "model")
            if not slash or not model:
                yield path, f"{deployment.model!r} must be written as provider/model"
            elif provider not in configuration.providers:
                yield path, _unknown("provider", provider, configuration.providers)


def _fallbacks(configuration: Configuration) -> Iterator[Dangling]:
    groups = configuration.models
    for name, group in groups.items():
        for index, other in enumerate(group.fallbacks):
            path: Path = ("models", name, "fallbacks", index)
            if other not in groups:
                yield path, _unknown("model", other, groups)
            elif way := _way(configuration, other, name):
                circle = " → ".join((name, *way))
                yield path, f"fallbacks may not lead back: {circle}"


def _way(
    configuration: Configuration, start: str, end: str, seen: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The groups on the way from `start` to `end` over fallbacks; empty where there is none."""
    if start == end:
        return (*seen, end)
    if start in seen or start not in configuration.models:
        return ()
    further = configuration.models[start].fallbacks
    ways = (_way(configuration, each, end, (*seen, start)) for each in further)
    return next(filter(None, ways), ())


def _of_organisation(
    path: Path, organisation: Organisation, configuration: Configuration
) -> Iterator[Dangling]:
    yield from _modules(path, organisation.modules, configuration)
    for name, project in organisation.projects.items():
        yield from _modules((*path, "projects", name), project.modules or (), configuration)
    for name, key in organisation.keys.items():
        here: Path = (*path, "keys", name)
        yield from _modules(here, key.modules or (), configuration)
        if key.project is not None and key.project not in organisation.projects:
            yield (
                (*here, "project"),
                _unknown("project", key.project, organisation.projects),
            )


def _modules(
    path: Path, modules: Iterable[str], configuration: Configuration
) -> Iterator[Dangling]:
    for index, module in enumerate(modules):
        if module not in configuration.modules:
            yield (*path, "modules", index), _unknown("module", module, configuration.modules)


def _keys_twice(configuration: Configuration) -> Iterator[Dangling]:
    seen: dict[str, str] = {}
    keys = chain.from_iterable(
        ((organisation, name, key) for name, key in tenant.keys.items())
        for organisation, tenant in configuration.organisations.items()
    )
    for organisation, name, key in keys:
        path: Path = ("organisations", organisation, "keys", name, "hash")
        if key.hash in seen:
            yield path, f"the same key as {seen[key.hash]}: each key has one owner"
        seen.setdefault(key.hash, f"{organisation}/{name}")


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    instead = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known) or 'none'}"
    return f"there is no {kind} {name!r}; {instead}"
