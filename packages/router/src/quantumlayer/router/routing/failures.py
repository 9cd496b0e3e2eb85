"""Kinds of failure, and what follows from each: data that a deployment of ours may change."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter


class FailureKind(StrEnum):
    """Why a deployment gave no answer."""

    CONNECTION = "connection"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    QUOTA = "quota"
    AUTHENTICATION = "authentication"
    UNKNOWN_MODEL = "unknown_model"
    BAD_REQUEST = "bad_request"
    CONTEXT_TOO_LONG = "context_too_long"
    CONTENT_FILTERED = "content_filtered"
    CANCELLED = "cancelled"


class Then(StrEnum):
    """Who is asked after the failure."""

    NEXT = "next"
    NEXT_GROUP = "next_group"
    END = "end"


class Effect(StrEnum):
    """What the deployment's circuit breaker makes of the failure."""

    NONE = "none"
    COUNT = "count"
    PAUSE = "pause"
    OPEN = "open"


class Rule(BaseModel):
    """What follows from one kind of failure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    then: Then
    breaker: Effect


Rules = Mapping[FailureKind, Rule]

_TABLE: TypeAdapter[dict[FailureKind, Rule]] = TypeAdapter(dict[FailureKind, Rule])


def failover_rules(changes: Mapping[str, object] | None = None) -> Rules:
    """The usual rules (`failover.toml`), with `changes` by kind in place of them.

    Raises `pydantic.ValidationError` for a kind, a step or an effect that does not exist.
    """
    usual = tomllib.loads(Path(__file__).with_name("failover.toml").read_text(encoding="utf-8"))
    return MappingProxyType(_TABLE.validate_python({**usual, **(changes or {})}))
