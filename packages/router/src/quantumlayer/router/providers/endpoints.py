"""Where a model is reached: the address, the wire and the key that go with its name."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from quantumlayer.router.pricing import Price
from quantumlayer.router.profiles.families import Facts
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires import WIRES, Wire

StructuredOutput = Literal["auto", "native", "prompt"]
WireName = Literal["openai", "anthropic"]
_OWN = "openai"
_KEY_VARIABLE = "QL_MODEL_API_KEY"
_URL_VARIABLE = "QL_MODEL_BASE_URL"


class ModelEndpoint(BaseModel):
    """What settings say about models outside this process.

    `base_url` is a server of one's own, which serves the models named `openai/…`; without it
    models are reached where the prefix of their names says. `api_key` is for that server, or else
    for the provider of the model `main`; other providers have their keys in their usual
    environment variables. `price` holds for every model, `prices` and `profiles` for a name or a
    pattern: facts of `Profile` that win over what the family's table says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = None
    api_key: SecretStr | None = None
    main: str | None = None
    proxy: str | None = None
    structured_output: StructuredOutput = Field(
        default="auto",
        description="native: the provider constrains decoding to the schema; prompt: the schema "
        "stands in the prompt; auto: native where the model's profile says that it can",
    )
    price: Price | None = None
    prices: Mapping[str, Price] = {}
    profiles: Mapping[str, Facts] = {}

    @field_validator("profiles")
    @classmethod
    def _known_facts(cls, profiles: Mapping[str, Facts]) -> Mapping[str, Facts]:
        for facts in profiles.values():
            Profile.model_validate(facts)
        return profiles

    @property
    def overrides(self) -> Mapping[str, Facts]:
        """Facts that win over those of a model's family, by name or pattern."""
        if self.structured_output == "auto":
            return self.profiles
        native = self.structured_output == "native"
        return {"*": {"structured_output": "json_schema" if native else "none"}, **self.profiles}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one model is reached; `target.url` is the base URL, to which a wire adds its path.

    `lists_all` says that what is not in the server's list of models is not there. `own` is a
    server of one's own, which may know what a request is for and route by it.
    """

    prefix: str
    target: Target
    wire: Wire
    key_needed: bool
    lists_all: bool
    own: bool = False


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    wire: WireName = "openai"
    keys: tuple[str, ...]
    names: tuple[str, ...] = ()
    key_needed: bool = True
    lists_all: bool = False


def endpoint_of(
    model: str, settings: ModelEndpoint, environment: Mapping[str, str] | None = None
) -> Endpoint | None:
    """Where `model` is reached; None for a provider that is not spoken to on a wire of ours."""
    prefix, name = _split(model, own_server=settings.base_url is not None)
    row = _rows().get(prefix)
    if row is None:
        return None
    own = settings.base_url if prefix == _OWN else None
    mine = own is not None or (
        settings.base_url is None and prefix == _split(settings.main or model)[0]
    )
    given = settings.api_key.get_secret_value().strip() if mine and settings.api_key else None
    found = [] if own else [found for key in row.keys if (found := _environment(environment, key))]
    return Endpoint(
        prefix=prefix,
        target=Target(
            provider=prefix if own is None else "the model server",
            url=(own or row.base_url).rstrip("/"),
            model=name,
            key=given or next(iter(found), None),
            proxy=settings.proxy,
            key_variable=_KEY_VARIABLE if mine else row.keys[0],
            url_variable=_URL_VARIABLE if own or not row.key_needed else None,
        ),
        wire=WIRES[row.wire],
        key_needed=row.key_needed and own is None,
        lists_all=row.lists_all,
        own=own is not None,
    )


def provider_of(model: str, *, own_server: bool = False) -> str | None:
    """The prefix of the provider that `model` is asked of, where it speaks a wire of ours."""
    prefix = _split(model, own_server=own_server)[0]
    return prefix if prefix in _rows() else None


def key_variables() -> Mapping[str, tuple[str, ...]]:
    """Prefix → the environment variables in which the provider's key may stand, the usual first."""
    return {prefix: row.keys for prefix, row in _rows().items()}


def prefixes() -> tuple[str, ...]:
    """The prefixes of names whose providers are spoken to on a wire of ours."""
    return tuple(_rows())


def _split(model: str, *, own_server: bool = False) -> tuple[str, str]:
    """The provider's prefix and the name by which it knows the model."""
    prefix, slash, name = model.partition("/")
    if slash:
        return prefix, name
    for provider, row in _rows().items():
        if any(fnmatchcase(model, pattern) for pattern in row.names):
            return provider, model
    return (_OWN if own_server else ""), model


def _environment(environment: Mapping[str, str] | None, name: str) -> str | None:
    return (os.environ if environment is None else environment).get(name, "").strip() or None


@cache
def _rows() -> Mapping[str, _Row]:
    text = (files(__package__) / "endpoints.toml").read_text(encoding="utf-8")
    return {name: _Row.model_validate(row) for name, row in tomllib.loads(text).items()}
