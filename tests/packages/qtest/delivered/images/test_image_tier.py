"""What buildah builds and runc starts is judged as what the sandbox plays, and held as well."""

import json
import os
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Climb, Delivery, Outcome, Rung, Tier, starter_for
from quantumlayer.qtest.delivered.images.tooling import TIER
from quantumlayer.qtest.delivered.model import BUILD_LIMITS
from quantumlayer.qtest.model import MIB
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL
from tests.packages.qtest.delivered.images.conftest import (
    climbed_as_image,
    image_starter,
    service_of,
)
from tests.packages.qtest.delivered.test_broken_twins import FOUND
from tests.packages.qtest.delivered.test_hostile import WITH_ATTEMPTS, log_at_the_end, write

HERE = Path(__file__).resolve()
SAMPLE = (services.LOST,)
OF_THE_KERNEL = """
    "make memory of no process": lambda: os.memfd_create("x") >= 0,
    "reach the hypervisor": lambda: socket.socket(40, socket.SOCK_STREAM),
    "leave for another root": lambda: os.chroot("/") is None,
    "make a device": lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(254, 0)) is None,
"""
HOARDS = "kept = bytearray(160 * 1024 * 1024)\nserver = Threading"


def wrong(climbed: Climb) -> tuple[Rung, Outcome, str]:
    """The rung that ended a climb, and why."""
    found = climbed.first_wrong
    assert found is not None
    return found.rung, found.outcome, found.reason


@pytest.mark.slow
async def test_a_sound_service_holds_on_every_rung_and_leaves_nothing(
    tmp_path: Path, with_images: Path, work_folders: Path
) -> None:
    # given
    folder = services.write_service(tmp_path, "python")
    # when
    climbed = await climbed_as_image(service_of(folder), with_images)
    # then
    assert climbed.tier == TIER
    assert {one.rung: one.outcome for one in climbed.rungs} == {
        **dict.fromkeys(Rung, Outcome.HELD),
        **dict.fromkeys((Rung.TYPES, Rung.ROUTES, Rung.PAGES, Rung.BROWSER_TESTS), Outcome.SKIPPED),
    }, climbed.rungs  # fmt: skip
    assert os.listdir(work_folders) == []  # noqa: PTH208 - names say what is left


@pytest.mark.slow
@pytest.mark.parametrize("kind", FOUND if ALL else SAMPLE)
async def test_a_broken_service_is_told_as_in_the_sandbox(
    kind: str, tmp_path: Path, with_images: Path
) -> None:
    # given
    folder = services.write_service(tmp_path, "python", kind)
    rung, words = FOUND[kind]
    # when
    found, outcome, reason = wrong(await climbed_as_image(service_of(folder), with_images))
    # then
    assert (found, outcome) == (rung, Outcome.BROKEN), reason
    assert words in reason


@pytest.mark.slow
async def test_more_memory_than_the_platform_gives_ends_it(
    tmp_path: Path, with_images: Path
) -> None:
    # given
    folder = services.write_service(tmp_path, "python")
    source = folder / "service.py"
    source.write_text(source.read_text().replace("server = Threading", HOARDS))
    delivery = service_of(folder, memory_bytes=96 * MIB, commands=(("sleep", "5"),))
    # when
    _, outcome, reason = wrong(await climbed_as_image(delivery, with_images))
    # then
    assert outcome is Outcome.BROKEN
    assert "more than the 96 MiB of memory that its platform gives it" in reason


@pytest.mark.slow
async def test_neither_a_step_nor_the_application_finds_anything_of_the_host(
    tmp_path: Path, with_images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setenv("REGISTRY_TOKEN", "secret of the deployment")
    monkeypatch.setenv("QL_SECRET", "secret of the deployment")
    attempts = WITH_ATTEMPTS["attempts.py"].replace('lambda: open("/app/left", "w")', "lambda: 0")
    attempts = attempts.replace("ATTEMPTS = {", f"ATTEMPTS = {{{OF_THE_KERNEL}")
    dockerfile = (
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY attempts.py ./\n"
        "RUN exec python attempts.py > found.json\nUSER 10001\n"
        'CMD ["sh", "-c", "cat found.json; exec python attempts.py"]\n'
    )
    write(tmp_path, {"Dockerfile": dockerfile, "attempts.py": attempts})
    delivery = Delivery(folder=tmp_path, read_only=True)
    starter = await image_starter(delivery, with_images)
    # when
    async with starter.build(delivery) as built, built.start() as running:
        log = await log_at_the_end(running)
    # then
    while_built, while_run = (json.loads(line) for line in log.splitlines())
    # Root of an image may write into it, and reads the files of the image's own users.
    assert set(while_built) <= {"write into the machine's libraries", "read the host's shadow"}
    assert while_run == []


ELSEWHERE, STRANGER = "a host that is no registry", "a user who is not there"
BREAKS = {
    "a step that fails": (
        "RUN python -c 'raise SystemExit(\"no such thing\")'",
        Outcome.BROKEN, "Dockerfile:2: this step ends with status 1: no such thing"),
    "a file that is not there": (
        "COPY absent.txt /", Outcome.BROKEN, "Dockerfile:2: COPY: "),
    "a program that the image has not": (
        "RUN curl --version", Outcome.BROKEN, "Dockerfile:2: this step ends with status 127"),
    ELSEWHERE: (
        "RUN : pip && python -c 'import urllib.request as r; r.urlopen(\"http://example.test/\")'",
        Outcome.UNKNOWN, "example.test:80, which is no package registry here"),
    "a file of somebody else's host": (
        "ADD https://example.test/tool /tool", Outcome.UNKNOWN, "Dockerfile:2: ADD: "),
    STRANGER: (
        "USER nobody-knows", Outcome.BROKEN, "`nobody-knows` is not in the image's /etc/passwd"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS if ALL else ("a step that fails", ELSEWHERE, STRANGER))
async def test_what_keeps_an_image_from_being_built_is_told_with_its_line(
    name: str, tmp_path: Path, with_images: Path
) -> None:
    # given
    step, expected, words = BREAKS[name]
    write(tmp_path, {"Dockerfile": f'FROM python:3.12-slim\n{step}\nCMD ["env"]\n'})
    # when
    rung, outcome, reason = wrong(await climbed_as_image(Delivery(folder=tmp_path), with_images))
    # then
    assert (rung, outcome) == (Rung.BUILD, expected), reason
    assert words in reason


async def test_without_its_base_image_it_is_played_in_the_sandbox_and_that_is_said(
    tmp_path: Path, with_images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    settings = tmp_path / "registries.conf"
    settings.write_text('[[registry]]\nprefix = "docker.io"\nblocked = true\n')
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(settings))
    write(tmp_path, {"Dockerfile": 'FROM python:3.9-slim\nCMD ["env"]\n'})
    # when
    starter, why = await starter_for(Tier.AUTO, Delivery(folder=tmp_path), with_images)
    # then
    assert starter.tier == "emulation in bubblewrap"
    assert "The base image `docker.io/library/python:3.9-slim` cannot be had here" in why


SEES_ITSELF = ("sh", "-c", "cat /proc/1/cmdline")
PROBES = {
    "one that looks at processes": (SEES_ITSELF, ""),
    "one that is not in the image": (("grpc_health_probe",), "grpc_health_probe"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBES if ALL else ("one that looks at processes",))
async def test_a_probe_runs_within_the_container(
    name: str, tmp_path: Path, with_images: Path
) -> None:
    # given
    command, words = PROBES[name]
    folder = services.write_service(tmp_path, "python")
    delivery = service_of(folder, commands=(command,), start_seconds=3.0)
    # when
    climbed = await climbed_as_image(delivery, with_images)
    # then
    probes = next(one for one in climbed.rungs if one.rung is Rung.PROBES)
    assert probes.outcome is (Outcome.BROKEN if words else Outcome.HELD)
    assert words in probes.reason


FILLS = "f = open('/m/f', 'wb'); [f.write(bytes(1 << 20)) for _ in range(700)]"
CONNECTS = "import socket, time; all = [socket.socketpair() for _ in range(400)]; time.sleep(5)"
SOCKETS = "in buffers of sockets"
HOARDING = {
    "in files that no process holds": (
        f"RUN --mount=type=tmpfs,target=/m,tmpfs-size=8g python -c \"{FILLS}\"",
        "No space left on device"),
    SOCKETS: (
        f"RUN python -c \"{CONNECTS}\"",
        "goes beyond its limit (memory_bytes)"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOARDING if ALL else (SOCKETS,))
async def test_memory_that_belongs_to_no_process_has_its_limit_too(
    name: str, tmp_path: Path, with_images: Path
) -> None:
    # given
    step, words = HOARDING[name]
    write(tmp_path, {"Dockerfile": f"FROM python:3.12-slim\n{step}\n"})
    limits = BUILD_LIMITS.model_copy(update={"memory_bytes": 160 * MIB})
    delivery = Delivery(folder=tmp_path, build_limits=limits)
    # when
    _, outcome, reason = wrong(await climbed_as_image(delivery, with_images))
    # then
    assert outcome is not Outcome.HELD
    assert words in reason
