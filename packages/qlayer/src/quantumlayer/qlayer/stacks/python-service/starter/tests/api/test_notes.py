import pytest
from fastapi.testclient import TestClient


def test_a_note_is_kept(client: TestClient) -> None:
    added = client.post("/notes", json={"text": " milk "})

    assert added.status_code == 201
    assert client.get(f"/notes/{added.json()['id']}").json() == added.json()
    assert added.json()["text"] == "milk"


def test_a_note_that_nobody_wrote_is_not_found(client: TestClient) -> None:
    assert client.get("/notes/7").status_code == 404


@pytest.mark.parametrize("body", [{}, {"text": "  "}, {"text": "x" * 1001}, {"text": "a", "id": 1}])
def test_a_malformed_note_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/notes", json=body).status_code == 422
