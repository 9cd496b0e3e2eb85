"""Which parts the platform has, and what each is told of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.cli.platform import allowance
from quantumlayer.cli.platform.applications import Application
from quantumlayer.cli.platform.gateway import (
    Gateway,
    gateway_configuration,
    is_gateway_wanted,
    variables_in,
)
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.migrations import Migrations
from quantumlayer.cli.platform.parts import Part, Step
from quantumlayer.cli.platform.ports import LOOPBACK, FixedPort, PortBook
from quantumlayer.cli.platform.postgres import ExternalPostgres, OwnPostgres
from quantumlayer.cli.platform.redis import ExternalRedis, OwnRedis
from quantumlayer.cli.platform.roles import Roles
from quantumlayer.cli.platform.secrets import Secrets
from quantumlayer.cli.platform.temporal import ExternalTemporal, OwnTemporal
from quantumlayer.core.settings import PlatformSettings

API_GRACE_SECONDS = 10.0
WORKER_GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Platform:
    """Everything that one home runs; parts and steps are in the order of their start."""

    ports: PortBook
    postgres: OwnPostgres | ExternalPostgres
    redis: OwnRedis | ExternalRedis
    temporal: OwnTemporal | ExternalTemporal
    roles: Roles
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]


def compose(
    settings: PlatformSettings,
    home: Home,
    secrets: Secrets,
    *,
    inherited: Mapping[str, str],
    only: Sequence[str] | None = None,
    late_seconds: float = 0.0,
) -> Platform:
    """The platform that the settings describe; with `only`, no other part or step of it.

    What nobody waits for starts `late_seconds` after the rest.
    """
    ports = _ports(settings, home)
    postgres = (
        ExternalPostgres(settings.postgres_url)
        if settings.postgres_url
        else OwnPostgres(home, ports, secrets)
    )
    redis = (
        ExternalRedis(settings.redis_url) if settings.redis_url else OwnRedis(home, ports, secrets)
    )
    temporal = _temporal(settings, home, ports)
    roles = Roles(postgres, secrets)

    def shared() -> dict[str, str]:
        """What API and worker are both told; asked when the servers' ports are known."""
        return {
            "QL_CACHE_DIR": str(settings.cache_dir),
            "QL_DATABASE_URL": roles.application_url,
            "QL_REDIS_URL": redis.client_url,
            "QL_TEMPORAL_ADDRESS": temporal.address,
            "QL_TEMPORAL_NAMESPACE": settings.temporal_namespace,
            "QL_OBJECT_STORE": str(settings.object_store or home.objects),
        }

    def for_api() -> dict[str, str]:
        return {
            "QL_SECRET_KEY": secrets.secret_key,
            "QL_OWNER_KEY": secrets.owner_key,
            **allowance.for_api(inherited),
            **shared(),
            "QL_TEMPORAL_UI_URL": temporal.ui_url or "",
            "QL_API_HOST": settings.api_host,
            "QL_API_PORT": str(ports["api"]),
            "QL_API_URL": settings.api_url or api.url(),
        }

    def for_worker() -> dict[str, str]:
        by = settings.model_configuration
        return {
            **allowance.for_worker(inherited, variables_in(by) if by else ()),
            **shared(),
            "QL_SIGNING_KEY_FILE": str(settings.signing_key_file or secrets.signing_key_file),
            "QL_WORKER_HEALTH_PORT": str(ports["worker"]),
            # As this folder means them: the worker runs in another one.
            "QL_MODEL_PROFILES": str(settings.model_profiles or ""),
            "QL_MODEL_CONFIGURATION": str(settings.model_configuration or ""),
            "QL_MODEL_RECORDING": ":".join(map(str, settings.model_recording or ())),
        }

    def is_wanted(name: str) -> bool:
        return only is None or name in only

    def for_gateway() -> dict[str, str]:
        named = variables_in(gateway_configuration(settings))
        return {
            **allowance.for_gateway(inherited, named),
            "QL_CACHE_DIR": str(settings.cache_dir),
            "QL_REDIS_URL": redis.client_url,
            # For the rows of its audit.
            **({"QL_DATABASE_URL": roles.application_url} if is_wanted("postgres") else {}),
        }

    api = Application("api", ports, for_api, host=settings.api_host, grace=API_GRACE_SECONDS)
    worker = Application("worker", ports, for_worker, grace=WORKER_GRACE_SECONDS)
    gateway = Gateway(settings, ports, for_gateway, inherited, late_seconds=late_seconds)
    parts: tuple[Part, ...] = (postgres, redis, temporal, api, worker)
    if is_gateway_wanted(settings):
        parts = (*parts, gateway)
    steps: tuple[Step, ...] = (roles, Migrations(roles, allowance.for_migrations(inherited)))
    return Platform(
        ports,
        postgres,
        redis,
        temporal,
        roles,
        tuple(part for part in parts if is_wanted(part.name)),
        tuple(step for step in steps if is_wanted(step.name)),
    )


def _temporal(
    settings: PlatformSettings, home: Home, ports: PortBook
) -> OwnTemporal | ExternalTemporal:
    if settings.temporal_address:
        return ExternalTemporal(settings.temporal_address, settings.temporal_ui_url)
    return OwnTemporal(
        home,
        ports,
        cache=settings.cache_dir,
        binary=settings.temporal_binary,
        namespace=settings.temporal_namespace,
    )


def _ports(settings: PlatformSettings, home: Home) -> PortBook:
    fixed = {}
    if settings.api_port is not None:
        fixed["api"] = FixedPort("QL_API_PORT", settings.api_port, settings.api_host)
    if settings.worker_health_port is not None:
        fixed["worker"] = FixedPort("QL_WORKER_HEALTH_PORT", settings.worker_health_port, LOOPBACK)
    if settings.gateway_port is not None:
        fixed["gateway"] = FixedPort("QL_GATEWAY_PORT", settings.gateway_port, LOOPBACK)
    return PortBook(home, fixed)
