"""What is told without a container: names of images, where a build ended, who may be reached."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import CannotTell, Delivery
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.images.base_images import whole_name
from quantumlayer.qtest.delivered.images.building import last_step
from quantumlayer.qtest.delivered.images.configuration import Account, container
from quantumlayer.qtest.delivered.images.distribution import is_official
from quantumlayer.qtest.delivered.images.settings import endpoints_here
from quantumlayer.qtest.delivered.images.starter import image_names
from quantumlayer.qtest.delivered.images.system_calls import personalities, system_call_filter
from quantumlayer.qtest.delivered.user_range import first_of
from quantumlayer.qtest.registries.endpoints import Endpoint
from quantumlayer.qtest.sandbox.seccomp import PERSONALITIES

DIGEST = "sha256:" + "0" * 64
TWO_STAGES = """\
ARG VERSION=3.12
FROM node:20 AS page
WORKDIR /page
COPY . .
RUN npm run build

FROM python:${VERSION}-slim
COPY --from=page /page/dist /dist
COPY --from=ghcr.io/example/tool:1.2 /tool /tool
RUN --mount=type=bind,from=busybox,target=/b echo one \\
    two
"""


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("python:3.12-slim", "docker.io/library/python:3.12-slim"),
        ("alpine", "docker.io/library/alpine:latest"),
        ("grafana/loki:3", "docker.io/grafana/loki:3"),
        ("docker.io/node:20", "docker.io/library/node:20"),
        ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
        (f"gcr.io/distroless/static:nonroot@{DIGEST}", f"gcr.io/distroless/static@{DIGEST}"),
    ],
)
def test_a_name_is_completed_as_docker_does(written: str, whole: str) -> None:
    assert whole_name(written) == whole


@pytest.mark.parametrize("written", ["--help", "a b", "$(id)", "Upper/case", "oci:/etc", ""])
def test_what_is_no_name_of_an_image_is_never_asked_for(written: str) -> None:
    with pytest.raises(CannotTell, match="is no name of an image"):
        whole_name(written)


def test_all_images_are_known_before_anything_is_built(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(TWO_STAGES)

    assert image_names(Delivery(folder=tmp_path)) == [
        "docker.io/library/node:20", "docker.io/library/python:3.12-slim",
        "ghcr.io/example/tool:1.2", "docker.io/library/busybox:latest",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("output", "place", "said"),
    [
        ("[1/2] STEP 4/4: RUN npm run build\nno such script\n", "Dockerfile:5", "no such script\n"),
        ("[2/2] STEP 1/4: FROM python\nabsent\n", "Dockerfile:7", "absent\n"),
        ("[1/2] STEP 3/4: COPY . .\n[2/2] STEP 4/4: RUN --mount=x\nno\n", "Dockerfile:10", "no\n"),
        ("[2/2] STEP 99/99: RUN of a step that makes itself up\n", "Dockerfile:7", ""),
        ("nothing was begun\n", "Dockerfile", "nothing was begun\n"),
    ],
)
def test_where_a_build_ended_is_told_by_line(output: str, place: str, said: str) -> None:
    last = last_step(read_dockerfile(TWO_STAGES), output)

    assert (last.place, last.said) == (place, said)


@pytest.mark.parametrize(
    ("image", "official"),
    [
        ("docker.io/library/debian:12", True),
        ("docker.io/somebody/debian:12", False),
        ("evil.example/library/debian:12", False),
    ],
)
def test_only_official_images_say_where_packages_come_from(image: str, *, official: bool) -> None:
    assert is_official(image) is official


def test_the_operator_names_the_registries_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "registries.conf"
    settings.write_text(
        '[[registry]]\nprefix = "docker.io/library"\nlocation = "127.0.0.1:5000/library"\n'
        '[[registry.mirror]]\nlocation = "mirror.example"\n'
    )
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(settings))

    assert endpoints_here() == {Endpoint("127.0.0.1", 5000), Endpoint("mirror.example", 443)}


def test_settings_that_cannot_be_read_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "registries.conf"
    settings.write_text("[[registry\n")
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(settings))

    with pytest.raises(CannotTell, match="cannot be read"):
        endpoints_here()


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (["somebody:100000:65536", "me:231072:65536"], 231_072),
        (["1000:300000:65535"], 300_000),
        (["me:100000:1000"], None),
        (["me:x:65536", "not a row"], None),
    ],
)
def test_a_user_gets_the_range_that_is_granted_and_large_enough(
    rows: list[str], first: int | None
) -> None:
    assert first_of(("me", "1000"), [row.split(":") for row in rows]) == first


def test_the_filter_lets_through_the_personalities_of_the_sandbox_and_no_other() -> None:
    rules = [rule["args"][0] for rule in personalities()]

    def refused(number: int) -> bool:
        return any(number & rule["value"] == rule["valueTwo"] for rule in rules)

    assert not any(refused(number) for number in PERSONALITIES)
    assert all(map(refused, (1, 4, 0x40000, 0x20000 | 8, 0x80000000, 0xFFFFFFFE, 0x80040008)))


def test_a_machine_without_a_table_has_no_filter() -> None:
    assert system_call_filter("riscv64") is None


@pytest.mark.parametrize(("user", "holds"), [(0, True), (10_001, False)])
def test_only_root_of_an_image_may_do_what_docker_lets_it(user: int, *, holds: bool) -> None:
    made = container(
        command=["true"], directory="/", environment={}, account=Account(user, user, "/"),
        bound=[], read_only=True, filtering={"defaultAction": "SCMP_ACT_ALLOW"},
    )  # fmt: skip

    process = made["process"]
    assert bool(process["capabilities"]["effective"]) is holds
    assert "CAP_SYS_ADMIN" not in process["capabilities"]["bounding"]
    assert process["noNewPrivileges"]
    assert {"pid", "mount", "ipc"} <= {one["type"] for one in made["linux"]["namespaces"]}
