"""What a gateway is told: providers, models, organisations and their keys, modules.

Names stand as keys of mappings, so that a document reads like what it sets up. Money is in dollars,
prices are dollars for a million tokens, times are seconds.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
ModelName = Annotated[str, StringConstraints(pattern=r"^[^\s]{1,200}$")]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
KeyHash = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Dollars = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=12)]
Window = Literal["day", "month", "lifetime"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Rates(_Section):
    """How much may be asked, by one key or of one provider; None: without limit."""

    requests_a_minute: int | None = Field(default=None, gt=0)
    tokens_a_minute: int | None = Field(default=None, gt=0)
    concurrent: int | None = Field(default=None, gt=0)


class Provider(_Section):
    """Where models are reached, and in which format: `other` is whatever litellm knows."""

    wire: Literal["openai", "anthropic", "other", "in_process"] = "openai"
    base_url: HttpUrl | None = None
    api_key: SecretStr | None = None
    rates: Rates = Rates()
    silence_seconds: float = Field(default=90, gt=0)
    first_token_seconds: float = Field(default=300, gt=0)
    total_seconds: float = Field(default=1_800, gt=0)


class Price(_Section):
    """Dollars for a million tokens; without one the catalogue's is taken."""

    input: Dollars
    output: Dollars
    cached: Dollars | None = None
    cache_written: Dollars | None = None


class Deployment(_Section):
    """One model of one provider, as `provider/model`."""

    model: ModelName
    weight: int = Field(default=1, ge=0, le=1_000)
    tags: tuple[Name, ...] = ()
    region: Name | None = None
    price: Price | None = None


class ModelGroup(_Section):
    """What clients ask for by one name; `fallbacks` are other groups, tried in their order."""

    deployments: tuple[Deployment, ...] = Field(min_length=1)
    strategy: Literal["weighted", "least_latency", "lowest_cost", "in_order"] = "weighted"
    fallbacks: tuple[Name, ...] = ()


class Budget(_Section):
    """What may be spent within a window; days and months are those of UTC."""

    usd: Dollars
    per: Window = "month"


class Key(_Section):
    """A client's key, known by its hash alone; `gateway key` makes one."""

    hash: KeyHash
    project: Name | None = None
    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    rates: Rates = Rates()
    modules: tuple[Name, ...] | None = None
    expires: datetime | None = None
    revoked: bool = False


class Project(_Section):
    """A part of an organisation with money and models of its own."""

    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    modules: tuple[Name, ...] | None = None


class Organisation(_Section):
    """A tenant: nothing of it, answers that are kept included, is seen by another.

    `models` are names or patterns such as `fast-*`; None: all. `modules` are the guardrails of its
    calls in their order; a project's or a key's own list takes its place.
    """

    models: tuple[ModelName, ...] | None = None
    budgets: tuple[Budget, ...] = ()
    modules: tuple[Name, ...] = ()
    projects: dict[Name, Project] = {}
    keys: dict[Name, Key] = {}


class Module(_Section):
    """A guardrail: which module it is, and how it is set."""

    module: Name
    settings: dict[str, JsonValue] = {}
    timeout_milliseconds: float | None = Field(default=None, gt=0)


class Cache(_Section):
    """How long whole answers are kept, and how much of them in this process."""

    seconds: int = Field(default=3_600, gt=0)
    memory_bytes: int = Field(default=64_000_000, ge=0)


class Configuration(_Section):
    """All of it; `state` is the folder of audit rows and of changes by administrators."""

    state: str = ".quantumlayer/gateway"
    redis: SecretStr | None = None
    database: SecretStr | None = None
    admin: tuple[KeyHash, ...] = ()
    providers: dict[Name, Provider] = Field(min_length=1)
    models: dict[Name, ModelGroup] = {}
    organisations: dict[Name, Organisation] = {}
    modules: dict[Name, Module] = {}
    cache: Cache | None = None
    body_bytes: int = Field(default=20_000_000, gt=0)
