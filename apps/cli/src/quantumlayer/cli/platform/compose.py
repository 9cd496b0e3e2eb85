"""Which parts the platform has, and what each is told of the others."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dotenv import dotenv_values

from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.parts import Part, Step
from quantumlayer.cli.platform.ports import FixedPort, PortBook
from quantumlayer.cli.platform.postgres import ExternalPostgres, OwnPostgres
from quantumlayer.cli.platform.redis import ExternalRedis, OwnRedis
from quantumlayer.cli.platform.roles import Roles
from quantumlayer.cli.platform.secrets import Secrets
from quantumlayer.cli.platform.temporal import ExternalTemporal, OwnTemporal
from quantumlayer.core.settings import PlatformSettings


@dataclass(frozen=True)
class Platform:
    """Everything that one home runs."""

    ports: PortBook
    postgres: OwnPostgres | ExternalPostgres
    redis: OwnRedis | ExternalRedis
    temporal: OwnTemporal | ExternalTemporal
    roles: Roles

    def parts(self) -> list[Part]:
        """In the order of their start."""
        return [self.postgres, self.redis, self.temporal]

    def steps(self) -> list[Step]:
        return [self.roles]


def inherited_environment() -> dict[str, str]:
    """What the parts inherit: the file `.env` of this folder, and over it our environment."""
    from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**from_file, **os.environ}


def settings_fingerprint(environment: Mapping[str, str]) -> str:
    """Differs when a QL_ setting differs."""
    chosen = {name: value for name, value in environment.items() if name.startswith("QL_")}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def compose(settings: PlatformSettings, home: Home, secrets: Secrets) -> Platform:
    """The platform that the settings describe."""
    fixed = {}
    if settings.api_port is not None:
        fixed["api"] = FixedPort("QL_API_PORT", settings.api_port, settings.api_host)
    if settings.worker_health_port is not None:
        fixed["worker"] = FixedPort("QL_WORKER_HEALTH_PORT", settings.worker_health_port)
    ports = PortBook(home, fixed)
    postgres = (
        ExternalPostgres(settings.postgres_url)
        if settings.postgres_url
        else OwnPostgres(home, ports, secrets)
    )
    redis = (
        ExternalRedis(settings.redis_url) if settings.redis_url else OwnRedis(home, ports, secrets)
    )
    temporal = (
        ExternalTemporal(settings.temporal_address, settings.temporal_ui_url)
        if settings.temporal_address
        else OwnTemporal(
            home,
            ports,
            cache=settings.cache_dir,
            binary=settings.temporal_binary,
            namespace=settings.temporal_namespace,
        )
    )
    return Platform(ports, postgres, redis, temporal, Roles(postgres, secrets))


def chosen(platform: Platform, names: Sequence[str] | None) -> tuple[list[Part], list[Step]]:
    """The named parts and steps, or all of them."""
    parts, steps = platform.parts(), platform.steps()
    if names is None:
        return parts, steps
    return (
        [part for part in parts if part.name in names],
        [step for step in steps if step.name in names],
    )
