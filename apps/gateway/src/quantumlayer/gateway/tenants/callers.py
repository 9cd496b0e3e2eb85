"""Who calls: a key with its organisation and project, and what the three may do together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from quantumlayer.core.identity import secret_hash
from quantumlayer.gateway.tenants.names import allows
from quantumlayer.router.configuration import (
    Budget,
    Configuration,
    Key,
    Organisation,
    Project,
    Rates,
    Routes,
)
from quantumlayer.router.configuration.routes import combined
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.money import Limit, Period, Scope, ScopeKind

_HASH = "sha256:"
_PER_RUN = "run"
_KINDS = (ScopeKind.ORGANISATION, ScopeKind.PROJECT, ScopeKind.KEY)


class Refusal(StrEnum):
    """Why a key opens nothing; the sentence says what to do, and not whether the key exists."""

    MISSING = "no key: send one as `Authorization: Bearer …` or in `x-api-key`"
    UNKNOWN = "this key is not known here; ask whoever runs the gateway for one"
    REVOKED = "this key was revoked; ask whoever runs the gateway for another"
    EXPIRED = "this key has expired; ask whoever runs the gateway for another"


@dataclass(frozen=True, slots=True)
class Purse:
    """A budget and whose it is, such as `acme/search`."""

    owner: str
    budget: Budget


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much may be asked at once and a minute, and by whom, in words."""

    owner: str
    limit: RateLimit


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that is valid, with what it may use.

    `models` holds one list for each of organisation, project and key: all must allow a model.
    `budgets` are those that all of its calls are held against, `run_budgets` those of each run;
    `ceilings` hold together, the key's own first.
    """

    organisation: str
    project: str | None
    key: str
    models: tuple[tuple[str, ...] | None, ...]
    budgets: tuple[Limit, ...]
    run_budgets: tuple[Purse, ...]
    ceilings: tuple[Ceiling, ...]
    routes: Routes
    modules: tuple[str, ...]
    expires: datetime | None
    revoked: bool

    @property
    def metered(self) -> bool:
        """Whether there is a budget that its calls are held against."""
        return bool(self.budgets or self.run_budgets)

    def may_ask(self, model: str) -> bool:
        """Whether the caller may use `model`, a name that clients ask for."""
        return all(allows(patterns, model) for patterns in self.models)


@dataclass(frozen=True, slots=True)
class Callers:
    """Every key of a configuration, found by its hash."""

    by_hash: Mapping[str, Caller]

    def recognised(self, secret: str | None, now: datetime) -> Caller | Refusal:
        """Who carries `secret`, or why it opens nothing."""
        if not secret:
            return Refusal.MISSING
        caller = self.by_hash.get(secret_hash(secret))
        if caller is None:
            return Refusal.UNKNOWN
        if caller.revoked:
            return Refusal.REVOKED
        if caller.expires is not None and now >= caller.expires:
            return Refusal.EXPIRED
        return caller


def callers(configuration: Configuration) -> Callers:
    """Everybody whom the configuration lets in."""
    found = {
        key.hash.removeprefix(_HASH): _caller(name, organisation, key_name, key)
        for name, organisation in configuration.organisations.items()
        for key_name, key in organisation.keys.items()
    }
    return Callers(found)


def _caller(name: str, organisation: Organisation, key_name: str, key: Key) -> Caller:
    project = organisation.projects[key.project] if key.project is not None else Project()
    owners = (
        (name, organisation.budgets),
        (f"{name}/{key.project}", project.budgets),
        (f"{name}/{key.project or ''}/{key_name}", key.budgets),
    )
    purses = [Purse(owner, budget) for owner, budgets in owners for budget in budgets]
    lists = (key.modules, project.modules, organisation.modules)
    return Caller(
        organisation=name,
        project=key.project,
        key=key_name,
        models=(organisation.models, project.models, key.models),
        budgets=tuple(Limit(scope, usd) for scope, usd in _scopes(name, purses).items()),
        run_budgets=tuple(purse for purse in purses if purse.budget.per == _PER_RUN),
        ceilings=tuple(
            Ceiling(owner, limit)
            for owner, scope, rates in (
                (f"the key {key_name!r}", f"key:{name}/{key_name}", key.rates),
                (f"the project {key.project!r}", f"project:{name}/{key.project}", project.rates),
                (f"the organisation {name!r}", f"organisation:{name}", organisation.rates),
            )
            if (limit := _limit(scope, rates)) is not None
        ),
        routes=combined((organisation.routes, project.routes, key.routes)),
        modules=next(modules for modules in lists if modules is not None),
        expires=_with_zone(key.expires),
        revoked=key.revoked,
    )


def _scopes(organisation: str, purses: Iterable[Purse]) -> dict[Scope, Decimal]:
    return {
        # An owner is an organisation, a project of it, or a key: as many names as its depth.
        Scope(
            organisation,
            _KINDS[purse.owner.count("/")],
            purse.owner,
            Period(purse.budget.per),
        ): purse.budget.usd
        for purse in purses
        if purse.budget.per != _PER_RUN
    }


def _limit(scope: str, rates: Rates) -> RateLimit | None:
    if rates == Rates():
        return None
    return RateLimit(scope, rates.requests_a_minute, rates.tokens_a_minute, rates.concurrent)


def _with_zone(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
