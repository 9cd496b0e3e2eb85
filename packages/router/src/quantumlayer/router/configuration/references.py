"""What a configuration names elsewhere in itself must be there."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain

from quantumlayer.router.configuration.documents import Path
from quantumlayer.router.configuration.model import (
    Configuration,
    Deployment,
    Organisation,
    Routes,
)

Dangling = tuple[Path, str]


def dangling(configuration: Configuration) -> Iterator[Dangling]:
    """Every name that leads nowhere, and every circle of fallbacks: where, and what to do."""
    yield from _providers(configuration)
    yield from _fallbacks(configuration)
    yield from _embeddings(configuration)
    yield from _deployments_twice(configuration)
    for name, organisation in configuration.organisations.items():
        yield from _of_organisation(("organisations", name), organisation, configuration)
    yield from _keys_twice(configuration)
    yield from _agents(configuration)


def _agents(configuration: Configuration) -> Iterator[Dangling]:
    agents = configuration.agents
    if agents is None:
        return
    organisation = configuration.organisations.get(agents.organisation)
    if organisation is None:
        said = _unknown("organisation", agents.organisation, configuration.organisations)
        yield ("agents", "organisation"), said
    elif agents.project is not None and agents.project not in organisation.projects:
        yield ("agents", "project"), _unknown("project", agents.project, organisation.projects)


def _providers(configuration: Configuration) -> Iterator[Dangling]:
    for name, group in configuration.models.items():
        for index, deployment in enumerate(group.deployments):
            provider, slash, model = deployment.model.partition("/")
            path: Path = ("models", name, "deployments", index, "model")
            if not slash or not model:
                yield path, f"{deployment.model!r} must be written as provider/model"
            elif provider not in configuration.providers:
                yield path, _unknown("provider", provider, configuration.providers)


def _deployments_twice(configuration: Configuration) -> Iterator[Dangling]:
    """Health and prices are kept by name: one name is one deployment."""
    seen: dict[str, tuple[str, Deployment]] = {}
    for name, group in configuration.models.items():
        for index, deployment in enumerate(group.deployments):
            path: Path = ("models", name, "deployments", index)
            first, same = seen.setdefault(deployment.known_as, (name, deployment))
            if same is deployment:
                continue
            if first == name:
                said = f"{deployment.known_as!r} stands here twice"
                yield path, f"{said}: leave one out, or give it a `name` of its own"
            elif (same.model, same.region, same.price) != (
                deployment.model,
                deployment.region,
                deployment.price,
            ):
                said = f"{deployment.known_as!r} is another one in the model {first!r}"
                yield path, f"{said} (model, region or price): give one of them a `name` of its own"


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


def _embeddings(configuration: Configuration) -> Iterator[Dangling]:
    semantic = configuration.cache.semantic if configuration.cache else None
    if semantic is None:
        return
    path: Path = ("cache", "semantic", "embeddings")
    group = configuration.models.get(semantic.embeddings)
    if group is None:
        yield path, _unknown("model", semantic.embeddings, configuration.models)
    elif len({one.model.partition("/")[2] for one in group.deployments}) > 1:
        yield path, "its deployments must be one model: vectors of two cannot be compared"


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
    yield from _routes(path, organisation.routes, configuration)
    for name, project in organisation.projects.items():
        yield from _modules((*path, "projects", name), project.modules or (), configuration)
        yield from _routes((*path, "projects", name), project.routes, configuration)
    for name, key in organisation.keys.items():
        here: Path = (*path, "keys", name)
        yield from _modules(here, key.modules or (), configuration)
        yield from _routes(here, key.routes, configuration)
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


def _routes(path: Path, routes: Routes, configuration: Configuration) -> Iterator[Dangling]:
    deployments = [one for group in configuration.models.values() for one in group.deployments]
    regions = {one.region: one for one in deployments if one.region is not None}
    tags = {tag: one for one in deployments for tag in one.tags}
    for index, region in enumerate(routes.regions):
        if region not in regions:
            yield (*path, "routes", "regions", index), _unknown("region", region, regions)
    for index, tag in enumerate(routes.tags):
        if tag not in tags:
            yield (*path, "routes", "tags", index), _unknown("tag", tag, tags)


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
