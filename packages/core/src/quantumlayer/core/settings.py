"""Settings: every name the environment may hold, typed, one class an app.

All names begin with `QL_` and are documented in `.env.example`. A file `.env` in the current
folder is read too; the environment wins over it. An empty value counts as not set.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from quantumlayer.core.caches import DEFAULT as DEFAULT_CACHE
from quantumlayer.core.models import offered

_OWNER_KEY = re.compile(r"ql_[A-Za-z0-9_-]{43}")


class SettingsError(ValueError):
    """The environment lacks a setting or holds one that cannot be used; says which and why."""


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would follow links


def asyncpg_url(url: str) -> str:
    """The URL as SQLAlchemy takes it for asyncpg; raises ValueError where it is none."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+asyncpg"}:
        raise ValueError("expected postgresql+asyncpg://user:password@host:port/database")
    return f"postgresql+asyncpg://{rest}"


def _owner_key(key: SecretStr) -> SecretStr:
    if not _OWNER_KEY.fullmatch(key.get_secret_value()):
        raise ValueError("expected ql_ and 43 letters, digits, - or _")
    return key


Port = Annotated[int, Field(ge=1, le=65535)]
Folder = Annotated[Path, AfterValidator(_absolute)]
PostgresUrl = Annotated[str, AfterValidator(asyncpg_url)]
RedisUrl = Annotated[str, StringConstraints(pattern=r"^(rediss?|unix)://")]
HostPort = Annotated[str, StringConstraints(pattern=r"^\S+:\d{1,5}$")]
OwnerKey = Annotated[SecretStr, AfterValidator(_owner_key)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="QL_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    # Where generated projects' environments and downloaded tools are kept between runs.
    cache_dir: Folder = DEFAULT_CACHE


class _Models(_Environment):
    # A model that an installed package offers, such as `builtin`, or any name that litellm knows,
    # such as `openai/gpt-5`. Default: the first that is installed.
    model: str | None = None
    # The other names that clients may choose, separated by commas.
    models: str = ""

    @property
    def offered_models(self) -> tuple[str, ...]:
        """The names that a run may have, the default first: nothing else is ever asked."""
        return offered(self.model, self.models)


class _Recording(NamedTuple):
    mode: Literal["record", "replay"]
    folder: Path


def _recording(text: object) -> object:
    if not isinstance(text, str):
        return text
    mode, separator, folder = text.partition(":")
    if mode not in {"record", "replay"} or not separator or not folder:
        raise ValueError("expected record:FOLDER or replay:FOLDER")
    return _Recording(mode, _absolute(Path(folder)))  # type: ignore[arg-type] # checked above


Recording = Annotated[_Recording, BeforeValidator(_recording)]


class ModelSettings(_Models):
    """Where language models are reached, how they are asked, and within which limits."""

    model_base_url: HttpUrl | None = None
    model_api_key: SecretStr | None = None
    # Of each single reply of a language model, its thoughts included.
    model_max_output_tokens: int = Field(default=8192, ge=256, le=1_000_000)
    # Between two pieces of a reply; before its first one (default: by model); for a whole answer,
    # with all waiting, asking again and continuing. Below the hour that an activity has.
    model_silence_seconds: float = Field(default=90, gt=0, le=3_000)
    model_first_token_seconds: float | None = Field(default=None, gt=0, le=3_000)
    model_total_seconds: float = Field(default=1_200, gt=0, le=3_000)
    # How often an answer may be asked for, and one that was cut off continued.
    model_attempts: int = Field(default=3, ge=1, le=20)
    model_continuations: int = Field(default=4, ge=0, le=50)
    # Of one answer, all its replies together.
    model_max_cost_usd: Decimal = Field(default=Decimal(1), ge=0)
    # Sent to models that take them; by default each does what it does by itself.
    model_effort: Literal["none", "minimal", "low", "medium", "high"] | None = None
    model_temperature: float | None = Field(default=None, ge=0, le=2)
    model_structured_output: Literal["auto", "native", "prompt"] = "auto"
    # Where the price map does not know a model, or knows it wrongly.
    model_input_usd_per_million: Decimal | None = Field(default=None, ge=0)
    model_output_usd_per_million: Decimal | None = Field(default=None, ge=0)
    # TOML or JSON: facts of models, by name or pattern, that win over the table of families.
    model_profiles: Folder | None = None
    # What one provider is asked at most, by all workers together; a refusal pauses all of them.
    model_requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    model_tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000)
    model_concurrent: int | None = Field(default=None, ge=1, le=10_000)
    # `record:FOLDER` writes replies down, `replay:FOLDER` answers with them and asks nobody.
    model_recording: Recording | None = None
    # A gateway's configuration: its model groups are models, and what it says of `agents` holds.
    model_configuration: Folder | None = None
    # An HTTP proxy on the way to models; their own variables of the environment are not taken.
    model_proxy: HttpUrl | None = Field(default=None, repr=False)


class _Stores(_Models):
    # The application role's URL: it owns nothing and bypasses no row-level security.
    database_url: PostgresUrl = Field(repr=False)
    redis_url: RedisUrl = Field(repr=False)
    temporal_address: HostPort
    temporal_namespace: str = "default"
    # Content-addressed bytes: a folder.
    object_store: Folder


class ApiSettings(_Stores):
    """What `quantumlayer.api` needs."""

    # At least 32 characters: signs one-time links and sessions.
    secret_key: SecretStr = Field(min_length=32)
    # The API key of the default organisation's owner; absent in production.
    owner_key: OwnerKey | None = None
    api_host: str = "127.0.0.1"
    api_port: Port = 8400
    # How others reach the API; links in answers begin with it. Default: host and port.
    api_url: HttpUrl | None = None
    temporal_ui_url: HttpUrl | None = None


class WorkerSettings(_Stores, ModelSettings):
    """What `quantumlayer.worker` needs."""

    # Ed25519, PEM (PKCS#8): signs the provenance of capsules.
    signing_key_file: Folder
    worker_health_port: Port = 8401
    # How long a run waits for somebody to say what becomes of a wish that no stack serves; then it
    # is built with what is nearest, and says what is missing.
    wish_wait_seconds: int = Field(default=60, ge=0, le=3_600)
    # Whether package registries are asked about what a language model wants to install.
    check_registries: bool = True
    # How software is started as it is delivered: in the `sandbox`, as an `image` by buildah and
    # runc, or `auto`, as an image where one can be made here. Steps of an image may do more than
    # the sandbox lets them: docs/sandbox.md says what.
    delivery_tier: Literal["image", "sandbox", "auto"] = "sandbox"
    # How many small changes of generated code are tried on its tests, and how many tests each; no
    # change at all measures nothing. Counts, not seconds: the same project has the same report.
    mutation_mutants: int = Field(default=32, ge=0, le=10_000)
    mutation_tests: int = Field(default=32, ge=1, le=10_000)
    # Whether plans and interfaces of an organisation's runs that passed are shown to later ones.
    # Off, because what one person asked for is then read by another's model, and its worth is yours
    # to measure: `make evaluate MEMORY=both`.
    memory: bool = False
    # A server of Qdrant; without one its local mode is used, of which one worker at a time has the
    # folder, `memory` beside the object store.
    memory_url: HttpUrl | None = None
    # What is near in meaning counts beside what shares words, where a server of embeddings in
    # OpenAI's format is named (its base URL, such as the gateway's) with one of its models, and the
    # least cosine that is near.
    memory_embedding_url: HttpUrl | None = None
    memory_embedding_model: str = ""
    memory_embedding_api_key: SecretStr | None = None
    memory_likeness: float = Field(default=0.5, gt=0, le=1)
    # For how many hours a folder that was sent to be changed is kept after it was sent, and after
    # the last run that changes it ended; then what no version holds of it is deleted.
    folder_hours: int = Field(default=24, ge=1, le=10_000)
    # How many previews a worker holds at once, each with up to a gigabyte of memory. They are
    # reached on the loopback of its machine: 0 where nobody's browser is there.
    previews: int = Field(default=6, ge=0, le=100)


class PlatformSettings(ModelSettings):
    """What `quantumlayer up` needs: nothing. A server named here is used instead of an own one."""

    home: Folder = Path(".quantumlayer")
    # A superuser's URL of a PostgreSQL server; roles and database are made in it.
    postgres_url: PostgresUrl | None = Field(default=None, repr=False)
    redis_url: RedisUrl | None = Field(default=None, repr=False)
    temporal_address: HostPort | None = None
    temporal_namespace: str = "default"
    temporal_ui_url: HttpUrl | None = None
    temporal_binary: Folder | None = None
    object_store: Folder | None = None
    signing_key_file: Folder | None = None
    api_host: str = "127.0.0.1"
    api_port: Port | None = None
    api_url: HttpUrl | None = None
    worker_health_port: Port | None = None
    # The gateway that runs beside the other parts on loopback; its configuration is made in `home`
    # at the first start unless another file is named.
    gateway: bool = True
    gateway_config: Folder | None = None
    gateway_port: Port | None = None


class ClientSettings(_Models):
    """What the commands that talk to a running API need; absent values come from `home`."""

    home: Folder = Path(".quantumlayer")
    api_url: HttpUrl | None = None
    owner_key: OwnerKey | None = None


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load_settings(cls: type[SettingsT]) -> SettingsT:
    """Read `cls` from the environment.

    Raises `SettingsError` with one line a wrong setting (its name, what is expected, never its
    value).
    """
    try:
        return cls()
    except ValidationError as error:
        lines = [
            f"QL_{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("; ".join(lines)) from None
