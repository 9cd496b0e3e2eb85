"""What a deployment is told: providers, models, organisations and their keys, modules.

Names stand as keys of mappings, so that a document reads like what it sets up. Money is in dollars,
prices are dollars for a million tokens, times are seconds.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, SecretStr, model_validator

from quantumlayer.core.settings import asyncpg_url
from quantumlayer.router.configuration.prices import Price
from quantumlayer.router.configuration.section import (
    Dollars,
    HttpUrl,
    KeyHash,
    ModelName,
    Name,
    Section,
)

Window = Literal["day", "month", "lifetime", "run"]
Strategy = Literal["weighted", "least_latency", "lowest_cost"]


def _postgres(url: SecretStr) -> SecretStr:
    return SecretStr(asyncpg_url(url.get_secret_value()))


DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgres)]


class Rates(Section):
    """How much may be asked of a provider, or by a key and those above it; None: without limit."""

    requests_a_minute: int | None = Field(default=None, gt=0)
    tokens_a_minute: int | None = Field(default=None, gt=0)
    concurrent: int | None = Field(default=None, gt=0)


class Provider(Section):
    """Where models are reached, and in which format: `other` is whatever litellm knows.

    `kind` says which known provider it is where its own name does not, as with two accounts.
    `proxy` is an HTTP proxy on the way there, for formats that are our own.
    """

    kind: Name | None = None
    wire: Literal["openai", "openai_responses", "anthropic", "other", "in_process"] = "openai"
    base_url: HttpUrl | None = None
    proxy: HttpUrl | None = Field(default=None, repr=False)
    api_key: SecretStr | None = None
    rates: Rates = Rates()
    silence_seconds: float = Field(default=90, gt=0)
    first_token_seconds: float = Field(default=300, gt=0)
    total_seconds: float = Field(default=1_800, gt=0)


class Deployment(Section):
    """One model of one provider, as `provider/model`.

    Its `name` is what its health is known by, in every group where it stands.
    `profile` is what is known better here of what the model can and wants than by its name.
    """

    model: ModelName
    name: ModelName | None = None
    weight: int = Field(default=1, ge=0, le=1_000)
    tags: tuple[Name, ...] = ()
    region: Name | None = None
    price: Price | None = None
    profile: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def known_as(self) -> str:
        """Its name; without one its model, and its region if it has one."""
        return self.name or (f"{self.model}@{self.region}" if self.region else self.model)


class ModelGroup(Section):
    """What clients ask for by one name; `fallbacks` are other groups, tried in their order."""

    deployments: tuple[Deployment, ...] = Field(min_length=1)
    strategy: Strategy | Literal["in_order"] = "weighted"
    fallbacks: tuple[Name, ...] = ()


class Budget(Section):
    """What may be spent within a window; days and months are those of UTC.

    Per run, each run that is named in `X-QL-Run` has so much of its own.
    """

    usd: Dollars
    per: Window = "month"


class Routes(Section):
    """Which deployments may answer: those with all `tags`, in `regions` before others or `only`."""

    tags: tuple[Name, ...] = ()
    regions: tuple[Name, ...] = ()
    only: bool = False
    strategy: Strategy | None = None

    @model_validator(mode="after")
    def _only_somewhere(self) -> Self:
        if self.only and not self.regions:
            raise ValueError("`only` needs the regions that it is about")
        return self


class Key(Section):
    """A client's key, known by its hash alone; `gateway key` makes one."""

    hash: KeyHash
    project: Name | None = None
    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    rates: Rates = Rates()
    routes: Routes = Routes()
    modules: tuple[Name, ...] | None = None
    expires: datetime | None = None
    revoked: bool = False


class Project(Section):
    """A part of an organisation with money and models of its own."""

    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    rates: Rates = Rates()
    routes: Routes = Routes()
    modules: tuple[Name, ...] | None = None


class Organisation(Section):
    """A tenant: nothing of it, answers that are kept included, is seen by another.

    `models` are names or patterns such as `fast-*`; None: all. `modules` are the guardrails of its
    calls in their order; a project's or a key's own list takes its place.
    """

    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    rates: Rates = Rates()
    routes: Routes = Routes()
    modules: tuple[Name, ...] = ()
    projects: dict[Name, Project] = Field(default_factory=dict)
    keys: dict[Name, Key] = Field(default_factory=dict)


class Agents(Section):
    """As whom runs ask where they go by this configuration: what holds there holds for them.

    The organisation's modules (or the project's own), and the models, routes, rates and budgets of
    both.
    """

    organisation: Name
    project: Name | None = None


class Module(Section):
    """A guardrail: which module it is, and how it is set."""

    module: Name
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    timeout_milliseconds: float | None = Field(default=None, gt=0)


class Semantic(Section):
    """Answers for questions that say nearly the same.

    `embeddings` is a model of this configuration; `likeness` the least cosine of two questions that
    share an answer. Without the URL of a Qdrant, vectors stand in a folder of one process alone.
    """

    embeddings: Name
    likeness: float = Field(default=0.97, gt=0, le=1)
    qdrant: HttpUrl | None = None


class Cache(Section):
    """How long whole answers are kept, and how much of them in this process."""

    seconds: int = Field(default=3_600, gt=0)
    memory_bytes: int = Field(default=64_000_000, ge=0)
    semantic: Semantic | None = None


class Audit(Section):
    """For how many days rows stay on the disk that PostgreSQL has; without one all of them stay."""

    keep_days: float = Field(default=7, ge=0, le=36_500)


class Tracing(Section):
    """The base URL of a collector that takes OTLP over HTTP; else the environment names one."""

    endpoint: HttpUrl | None = None


class Configuration(Section):
    """All of it; `state` is the folder of audit rows and of changes by administrators."""

    state: str = ".quantumlayer/gateway"
    redis: SecretStr | None = None
    database: DatabaseUrl | None = None
    audit: Audit = Audit()
    tracing: Tracing = Tracing()
    admin: tuple[KeyHash, ...] = ()
    providers: dict[Name, Provider] = Field(min_length=1)
    models: dict[Name, ModelGroup] = Field(default_factory=dict)
    organisations: dict[Name, Organisation] = Field(default_factory=dict)
    modules: dict[Name, Module] = Field(default_factory=dict)
    agents: Agents | None = None
    cache: Cache | None = None
    body_bytes: int = Field(default=20_000_000, gt=0)
