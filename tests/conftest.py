"""Real servers, started once a session when a test first asks for them."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.support.platform import PostgresUrls, running

# A job in the background of a shell ignores Ctrl-C, and so would every program that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests begin: none of them is left to one process when all others are done."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def postgres_urls() -> Iterator[PostgresUrls]:
    """A real PostgreSQL with the two roles and an empty database; no migration has run."""
    with running(["postgres", "roles"]) as platform:
        yield PostgresUrls(
            application=platform.roles.application_url,
            owner=platform.roles.owner_url,
            admin=platform.postgres.admin_url,
        )


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis, with its password in the URL."""
    with running(["redis"]) as platform:
        yield platform.redis.client_url


@pytest.fixture(scope="session")
def temporal_address() -> Iterator[str]:
    """A real Temporal server with our search attributes: `host:port`."""
    with running(["temporal"]) as platform:
        yield platform.temporal.address
