"""Which other servers a project counts on is read from its compose file."""

import pytest

from quantumlayer.manifests import (
    FilesInMemory,
    MountedVolume,
    compose_companions,
    compose_workload,
)

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


RUN = b"""
services:
  notes:
    build: {context: .}
    entrypoint: ["/bin/notes"]
    command: --serve "a b"
    user: "1000"
    read_only: true
    tmpfs: [/scratch]
    environment:
      LEVEL: ${LEVEL:-info}
      COUNT: 3
      PRICE: $$5
      TOKEN: ${TOKEN:?say it}
      SHELL_SAYS:
    volumes: ["data:/data", "./src:/app", {type: volume, source: more, target: /more}]
  database: {image: postgres}
"""


def test_how_it_is_run_is_read_and_what_a_person_has_to_set_is_made_up() -> None:
    found = compose_workload(FilesInMemory({"compose.yaml": RUN}))
    assert found is not None
    environment = dict(found.environment)
    assert len(environment.pop("TOKEN")) >= 32
    assert len(environment.pop("SHELL_SAYS")) >= 32
    assert environment == {"LEVEL": "info", "COUNT": "3", "PRICE": "$5"}
    assert found.made_up == ("TOKEN", "SHELL_SAYS")
    assert (found.command, found.arguments) == (("/bin/notes",), ("--serve", "a b"))
    assert (found.user, found.read_only) == ("1000", True)
    assert found.volumes == (
        MountedVolume(path="/scratch", lasting=False),
        MountedVolume(path="/data", lasting=True),
        MountedVolume(path="/more", lasting=True),
    )


def test_a_list_says_the_same() -> None:
    one = b"services: {a: {build: ., environment: [A=1, B, 'C=x=y']}}"
    found = compose_workload(FilesInMemory({"compose.yaml": one}))
    assert found is not None
    assert (dict(found.environment)["A"], dict(found.environment)["C"]) == ("1", "x=y")
    assert found.made_up == ("B",)


@pytest.mark.parametrize(
    "content",
    [
        COMPOSE,
        b"services: {a: {build: ./part}}",
        b"services: {a: {build: {context: ., dockerfile: other/Dockerfile}}}",
        b"services: {a: {image: x}}",
        b"services: 3",
    ],
)
def test_what_is_not_built_from_here_or_not_alone_says_nothing(content: bytes) -> None:
    assert compose_workload(FilesInMemory({"compose.yaml": content})) is None
