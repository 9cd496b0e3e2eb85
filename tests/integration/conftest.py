"""What all runs through the whole pipeline share."""

import pytest

from quantumlayer.core.database import migrate
from tests.support.platform import PostgresUrls


@pytest.fixture(scope="session")
def migrated_urls(postgres_urls: PostgresUrls) -> PostgresUrls:
    """The database with its schema."""
    migrate(postgres_urls.owner)
    return postgres_urls
