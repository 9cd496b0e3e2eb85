"""Model groups: a name that clients ask for, and the deployments that can answer to it."""

from collections import deque
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from quantumlayer.router.pricing import Price


class Strategy(StrEnum):
    """Which of several healthy deployments goes first."""

    WEIGHTED = "weighted"
    LEAST_LATENCY = "least_latency"
    LOWEST_COST = "lowest_cost"


class Unhealthy(StrEnum):
    """What becomes of deployments whose breaker is open: the last resort, or not asked at all."""

    LAST = "last"
    LEFT_OUT = "left_out"


class Deployment(BaseModel):
    """One place where a model answers: provider, model, key, region.

    The name is the identity of its health: the same name in two groups is one deployment, judged
    once. The price is None where nobody knows it. A lower tier goes first, whatever the strategy
    says; a weight of zero goes after all that have one in its tier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    model: str = Field(min_length=1)
    weight: float = Field(default=1, ge=0, allow_inf_nan=False)
    tags: frozenset[str] = frozenset()
    region: str | None = None
    price: Price | None = None
    tier: int = Field(default=0, ge=0)


class Group(BaseModel):
    """A name that clients ask for; `exploration` is the share of calls that try another first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    deployments: tuple[Deployment, ...] = Field(min_length=1)
    strategy: Strategy = Strategy.WEIGHTED
    fallbacks: tuple[str, ...] = ()
    unhealthy: Unhealthy = Unhealthy.LAST
    exploration: float = Field(default=0.05, ge=0, le=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        if twice := _twice([deployment.name for deployment in self.deployments]):
            raise ValueError(f"the group {self.name!r} names the deployment {twice!r} twice")
        return self


class RoutingTable(BaseModel):
    """All groups and the chains between them; what cannot work is refused when it is made.

    Raises `pydantic.ValidationError`, one sentence each: a name given twice, a fallback to a group
    that does not exist, fallbacks that go round in a circle (the circle is named), one deployment's
    name for two models or regions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: tuple[Group, ...]
    _chains: dict[str, tuple[Group, ...]] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _can_work(self) -> Self:
        if twice := _twice([group.name for group in self.groups]):
            raise ValueError(f"two groups have the name {twice!r}")
        self._fallbacks_exist()
        if circle := _circle({group.name: group.fallbacks for group in self.groups}):
            raise ValueError(f"fallbacks go round in a circle: {' → '.join(circle)}")
        self._deployments_agree()
        return self

    def _fallbacks_exist(self) -> None:
        known = {group.name for group in self.groups}
        for group in self.groups:
            for name in group.fallbacks:
                if name not in known:
                    raise ValueError(
                        f"the group {group.name!r} falls back to {name!r}, which does not exist; "
                        f"there are: {', '.join(sorted(known))}"
                    )

    def _deployments_agree(self) -> None:
        seen: dict[str, Deployment] = {}
        for deployment in self.deployments():
            first = seen.setdefault(deployment.name, deployment)
            if (first.model, first.region) != (deployment.model, deployment.region):
                raise ValueError(
                    f"the deployment {deployment.name!r} is {first.model!r} in {first.region!r} "
                    f"and {deployment.model!r} in {deployment.region!r}: give each its own name"
                )

    def deployments(self) -> Iterator[Deployment]:
        """Every deployment of every group; one that several groups share comes several times."""
        for group in self.groups:
            yield from group.deployments

    def chain(self, name: str) -> tuple[Group, ...]:
        """The group, its fallbacks in their order, then theirs; each once. Raises `KeyError`."""
        found = self._chains.get(name)
        if found is None:
            found = self._chains[name] = self._chain(name)
        return found

    def _chain(self, name: str) -> tuple[Group, ...]:
        groups = {group.name: group for group in self.groups}
        found = {name: groups[name]}
        waiting = deque(found[name].fallbacks)
        while waiting:
            following = groups[waiting.popleft()]
            if following.name not in found:
                found[following.name] = following
                waiting.extend(following.fallbacks)
        return tuple(found.values())


def _twice(names: list[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


def _circle(fallbacks: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A way through fallbacks that comes back to where it began, or nothing."""
    clear: set[str] = set()
    for start in fallbacks:
        path = [start]
        branches = [iter(fallbacks[start])]
        while branches:
            name = next(branches[-1], None)
            if name is None:
                branches.pop()
                clear.add(path.pop())
            elif name in path:
                return (*path[path.index(name) :], name)
            elif name not in clear:
                path.append(name)
                branches.append(iter(fallbacks[name]))
    return ()
