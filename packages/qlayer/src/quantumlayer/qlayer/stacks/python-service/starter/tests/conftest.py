from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from starter_name.application import create_app
from starter_name.settings import Settings


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "starter-name.db"


@pytest.fixture
def client(database_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_path=database_path))) as client:
        yield client
