"""Which other servers a project counts on is read from its compose file."""

import pytest

from quantumlayer.manifests import FilesInMemory, compose_companions

COMPOSE = b"""
services:
  notes: {build: ., depends_on: [database]}
  worker: {build: ., image: "notes:1"}
  database: {image: "postgres:17"}
  cache: {image: "redis:7"}
"""


@pytest.mark.parametrize("name", ["compose.yaml", "docker-compose.yml"])
def test_what_is_taken_as_it_is_runs_beside_what_is_built(name: str) -> None:
    assert compose_companions(FilesInMemory({name: COMPOSE})) == ("database", "cache")


@pytest.mark.parametrize(
    "content", [b"", b"services: [a]", b"a: [", b"services: {a: 3}", b"version: 3\n"]
)
def test_what_names_none_has_none(content: bytes) -> None:
    assert compose_companions(FilesInMemory({"compose.yaml": content})) == ()
