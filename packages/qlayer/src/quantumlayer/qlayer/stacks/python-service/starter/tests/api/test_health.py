from pathlib import Path

from fastapi.testclient import TestClient


def test_a_running_service_is_live_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_without_its_database_it_lives_but_is_not_ready(
    client: TestClient, database_path: Path
) -> None:
    database_path.write_bytes(b"not a database" * 100)

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
