"""What a configuration says of runs: as whom their agents ask, and what holds for them then."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from quantumlayer.core.settings import ModelSettings, SettingsError
from quantumlayer.router.errors import BadRequest
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.money import Limit, Period, Scope, ScopeKind
from quantumlayer.router.routing import Strategy, Wishes

if TYPE_CHECKING:
    from quantumlayer.router.configuration import Budget, Configuration, Routes
    from quantumlayer.router.guardrails import Pipeline

    Purse = tuple[ScopeKind, str, Budget]

_SETTING = "QL_MODEL_CONFIGURATION"
_PER_RUN = "run"


@dataclass(frozen=True)
class AgentRules:
    """What holds for every call of an agent; nothing, where settings name no configuration.

    The groups of `configuration` are models. `pipeline` is None where no module looks at calls.
    `purses` are budgets with their owners, `rates` what agents together may ask. `models` are lists
    of names and patterns, all of which must allow a model; None allows any. `wishes` say which
    deployments of a group may answer.
    """

    configuration: "Configuration | None" = None
    organisation: str = ""
    pipeline: "Pipeline | None" = None
    purses: "tuple[Purse, ...]" = ()
    rates: tuple[RateLimit, ...] = ()
    models: tuple[tuple[str, ...] | None, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)

    def limits(self, run: str | None) -> tuple[Limit, ...]:
        """The budgets that hold for a call in the name of `run`."""
        # The same scopes as the gateway's: what is spent through either door is spent once.
        return tuple(
            Limit(scope, budget.usd)
            for kind, owner, budget in self.purses
            if (scope := _scope(self.organisation, kind, owner, budget.per, run)) is not None
        )

    def counted(self) -> Iterator[tuple[str, str, str, int]]:
        """How often each module ended in which way so far: module, side, outcome, number."""
        if self.pipeline is not None:
            for (module, side, outcome), number in self.pipeline.counts.values.items():
                yield module, side.value, outcome.value, number

    def check(self, model: str) -> None:
        """Raises `BadRequest` for a model that the organisation or the project may not ask."""
        for allowed in self.models:
            if allowed is not None and not any(fnmatchcase(model, one) for one in allowed):
                raise BadRequest(
                    f"agents of {self.organisation} may not ask {model!r}, only"
                    f" {', '.join(allowed) or 'no model at all'}: choose one of these, or change"
                    f" the file that {_SETTING} names"
                )


def agent_rules(settings: ModelSettings, environment: Mapping[str, str] = os.environ) -> AgentRules:
    """What the configuration that settings name says of agents.

    Raises `SettingsError` with every line of it that is wrong.
    """
    if settings.model_configuration is None:
        return AgentRules()
    from quantumlayer.router.configuration import (  # noqa: PLC0415 - most platforms have none, and load neither YAML nor guardrails
        ConfigurationError,
        read_file,
    )

    try:
        return _rules(read_file(settings.model_configuration, environment))
    except ConfigurationError as error:
        raise SettingsError(f"{_SETTING}: {error}") from None


def _rules(configuration: "Configuration") -> AgentRules:
    from quantumlayer.router.configuration import Project, Rates  # noqa: PLC0415 - see agent_rules
    from quantumlayer.router.configuration.modules import module_of  # noqa: PLC0415 - see agent_rules
    from quantumlayer.router.configuration.routes import combined  # noqa: PLC0415 - see agent_rules
    from quantumlayer.router.guardrails import Pipeline  # noqa: PLC0415 - see agent_rules

    agents = configuration.agents
    if agents is None:
        return AgentRules(configuration)
    owner, organisation = agents.organisation, configuration.organisations[agents.organisation]
    project = organisation.projects[agents.project] if agents.project else Project()
    names = organisation.modules if project.modules is None else project.modules
    part = f"{owner}/{agents.project}"
    return AgentRules(
        configuration,
        owner,
        Pipeline(module_of(configuration, name) for name in names) if names else None,
        purses=(
            *((ScopeKind.ORGANISATION, owner, budget) for budget in organisation.budgets),
            *((ScopeKind.PROJECT, part, budget) for budget in project.budgets),
        ),
        rates=tuple(
            RateLimit(scope, rates.requests_a_minute, rates.tokens_a_minute, rates.concurrent)
            for scope, rates in (
                (f"project:{part}", project.rates),
                (f"organisation:{owner}", organisation.rates),
            )
            if rates != Rates()
        ),
        models=(organisation.models, project.models),
        wishes=_wishes(combined((organisation.routes, project.routes))),
    )


def _wishes(routes: "Routes") -> Wishes:
    return Wishes(
        tags=frozenset(routes.tags),
        regions=routes.regions,
        region_required=routes.only,
        strategy=Strategy(routes.strategy) if routes.strategy else None,
    )


def _scope(
    organisation: str, kind: ScopeKind, owner: str, per: str, run: str | None
) -> Scope | None:
    if per != _PER_RUN:
        return Scope(organisation, kind, owner, Period(per))
    if run is None:
        return None
    return Scope(organisation, ScopeKind.RUN, f"{owner}:{run}", Period.LIFETIME)
