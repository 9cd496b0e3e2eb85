"""The supervisor's promises, tried on real servers: kept, adopted, stopped, never confused."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.processes import ProcessId, is_alive
from quantumlayer.cli.platform.state import PartRecord, PlatformRecord, observe
from tests.support.platform import clean_environment, new_home, platform_of

SERVERS = ("postgres", "redis", "roles")
EVERYTHING = (*SERVERS, "temporal", "migrations", "api", "worker")


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as home:
        yield home


def start(home: Home, parts: tuple[str, ...] = SERVERS, **settings: str) -> PlatformRecord:
    environment = {**clean_environment(home), **settings}
    return control.start(home, environment=environment, parts=parts, companion=os.getpid())


def part(record: PlatformRecord, name: str) -> PartRecord:
    return next(part for part in record.parts if part.name == name)


def process(record: PlatformRecord, name: str) -> ProcessId:
    found = part(record, name).process
    assert found is not None
    return found


def eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, f"not within 60 s: {what}"
        time.sleep(0.05)


def kill(found: ProcessId) -> None:
    os.kill(found.pid, signal.SIGKILL)
    eventually(lambda: not is_alive(found), "the killed process is gone")


def test_a_second_start_finds_everything_running(home: Home) -> None:
    first = start(home)
    second = start(home)
    assert first.state == second.state == "running"
    assert [p.process for p in first.parts] == [p.process for p in second.parts]
    assert first.supervisor == second.supervisor


def test_starts_at_the_same_moment_make_one_platform(home: Home) -> None:
    with ThreadPoolExecutor(4) as pool:
        records = list(pool.map(lambda _: start(home), range(4)))
    assert len({record.supervisor for record in records}) == 1
    assert len({process(record, "redis") for record in records}) == 1


def test_a_stop_leaves_no_process(home: Home) -> None:
    record = start(home)
    assert control.stop(home)
    assert not any(is_alive(process(record, name)) for name in ("postgres", "redis"))
    assert observe(home).state == "stopped"
    assert not control.stop(home)


def test_stored_data_outlives_a_stop(home: Home) -> None:
    start(home)
    with Redis.from_url(platform_of(home).redis.client_url) as client:
        client.set("kept", "yes")
    control.stop(home)
    start(home)
    with Redis.from_url(platform_of(home).redis.client_url) as client:
        assert client.get("kept") == b"yes"


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_killed_part_is_started_again_on_its_port(home: Home, name: str) -> None:
    before = start(home)
    kill(process(before, name))
    eventually(
        lambda: (
            part(observe(home), name).restarts == 1 and part(observe(home), name).state == "running"
        ),
        f"{name} is restarted",
    )
    after = observe(home)
    assert process(after, name) != process(before, name)
    assert part(after, name).url == part(before, name).url
    assert part(after, name).last_exit == "signal 9 (SIGKILL)"
    eventually(lambda: observe(home).state == "running", "the platform counts as running")


@pytest.mark.slow
def test_a_frozen_part_counts_as_trouble(home: Home) -> None:
    record = start(home)
    os.kill(process(record, "redis").pid, signal.SIGSTOP)
    eventually(lambda: observe(home).state == "degraded", "the freeze is noticed")
    os.kill(process(record, "redis").pid, signal.SIGCONT)
    eventually(lambda: observe(home).state == "running", "the thaw is noticed")


def test_parts_go_on_without_their_supervisor_and_are_adopted(home: Home) -> None:
    before = start(home)
    assert before.supervisor is not None
    kill(before.supervisor)
    orphaned = observe(home)
    assert orphaned.state == "degraded"
    assert orphaned.error is not None
    assert "quantumlayer up" in orphaned.error
    after = start(home)
    assert after.state == "running"
    assert [p.process for p in after.parts] == [p.process for p in before.parts]
    # An adopted part is watched like one of the supervisor's own.
    kill(process(after, "redis"))
    eventually(lambda: part(observe(home), "redis").restarts == 1, "the adopted part is restarted")


def test_a_stop_finds_orphans(home: Home) -> None:
    record = start(home)
    assert record.supervisor is not None
    kill(record.supervisor)
    assert control.stop(home)
    assert not any(is_alive(process(record, name)) for name in ("postgres", "redis"))


def test_a_recycled_process_id_is_not_ours(home: Home) -> None:
    """The state of a machine that went down hard: the ids in it belong to strangers by now."""
    record = start(home)
    control.stop(home)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    try:
        old = ProcessId(stranger.pid, "another boot:1")
        parts = tuple(
            p.model_copy(update={"process": old, "state": "running"}) for p in record.parts
        )
        stale = record.model_copy(update={"parts": parts, "supervisor": old})
        home.state_file.write_text(stale.model_dump_json())
        lock = home.postgres / "data" / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{home.postgres / 'data'}\n")
        assert observe(home).state == "stopped"
        assert start(home).state == "running"
        control.stop(home)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_part_moves_when_its_port_is_taken_and_says_so(home: Home) -> None:
    start(home)
    control.stop(home)
    port = platform_of(home).ports["redis"]
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        record = start(home)
    assert record.state == "running"
    assert platform_of(home).ports["redis"] != port
    assert any(str(port) in note and "redis" in note for note in record.notes)


def test_two_homes_run_side_by_side(home: Home) -> None:
    with new_home() as other:
        one, two = start(home), start(other)
        assert {p.url for p in one.parts}.isdisjoint({p.url for p in two.parts})
        control.stop(other)
        assert observe(home).state == "running"


def test_the_platform_ends_with_the_process_it_was_started_for(home: Home) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as companion:
        environment = clean_environment(home)
        record = control.start(
            home, environment=environment, parts=["redis"], companion=companion.pid
        )
        companion.kill()
    eventually(lambda: observe(home).state == "stopped", "the platform has ended")
    assert not is_alive(process(record, "redis"))


def test_a_failed_start_says_why_and_leaves_nothing_running(home: Home) -> None:
    with pytest.raises(PlatformError, match=r"redis does not start: .*127\.0\.0\.1:1") as caught:
        start(home, QL_REDIS_URL="redis://:secret@127.0.0.1:1/0")
    assert "secret" not in caught.value.message
    assert "QL_REDIS_URL" in caught.value.message
    record = observe(home)
    assert record.state == "stopped"
    assert not any(p.process for p in record.parts)


def test_an_external_server_is_used_and_left_alone(home: Home, redis_url: str) -> None:
    record = start(home, ("redis",), QL_REDIS_URL=redis_url)
    redis = part(record, "redis")
    assert redis.state == "running"
    assert redis.process is None
    control.stop(home)
    with Redis.from_url(redis_url) as client:
        assert client.ping()


async def test_an_external_postgres_gets_database_and_roles(home: Home) -> None:
    with new_home() as elsewhere:
        start(elsewhere, ("postgres",))
        admin = platform_of(elsewhere).postgres.admin_url
        record = start(home, ("postgres", "roles"), QL_POSTGRES_URL=admin)
        assert part(record, "postgres").process is None
        url = platform_of(home, postgres_url=admin).roles.application_url
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        assert await connection.fetchval("SELECT current_user") == "quantumlayer_app"
        await connection.close()


def test_no_secret_stands_in_state_or_arguments(home: Home) -> None:
    record = start(home)
    secrets = [path.read_text().strip() for path in home.secrets.iterdir() if path.suffix != ".pem"]
    assert len(secrets) >= 5
    seen = home.state_file.read_text()
    for name in ("postgres", "redis"):
        ps = ["ps", "-o", "args=", "-p", str(process(record, name).pid)]
        seen += subprocess.run(ps, capture_output=True, text=True, check=True).stdout
    assert not any(secret in seen for secret in secrets)
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.secrets.iterdir())


def test_every_process_gets_what_it_needs_and_nothing_else(home: Home) -> None:
    strange = {
        "AWS_SECRET_ACCESS_KEY": "nobody's",
        "GITHUB_TOKEN": "nobody's",
        "QL_POSTGRES_PASSWORD": "nobody's",
        "OPENAI_API_KEY": "the worker's",
        "ANTHROPIC_API_KEY": "nobody's",
        "UV_INDEX_URL": "the worker's",
    }
    record = start(home, EVERYTHING, QL_MODELS="openai/gpt-5", **strange)
    secrets = {path.name: path.read_text().strip() for path in home.secrets.iterdir()}
    seen = {
        one.name: Path(f"/proc/{one.process.pid}/environ").read_text()
        for one in record.parts
        if one.process is not None
    }

    assert sorted(seen) == ["api", "postgres", "redis", "temporal", "worker"]
    holders = {
        name: {part for part, environment in seen.items() if secret in environment}
        for name, secret in secrets.items()
    }
    assert holders == {
        "owner-key": {"api"},
        "secret-key": {"api"},
        "gateway-key": set(),
        "signing-key.pem": set(),
        "postgres-password": set(),
        "owner-password": set(),
        "application-password": {"api", "worker"},
        "redis-password": {"api", "worker"},
    }
    assert {part for part, environment in seen.items() if "nobody's" in environment} == set()
    assert {part for part, environment in seen.items() if "the worker's" in environment} == {
        "worker"
    }
    assert {part for part, environment in seen.items() if "QL_SIGNING_KEY_FILE" in environment} == {
        "worker"
    }


def test_too_little_disk_is_said_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "NEEDED_BYTES", 10**18)
    with pytest.raises(PlatformError, match="make room or set QL_HOME"):
        start(home)
    assert observe(home).state == "stopped"


def test_a_part_that_cannot_be_restarted_yet_is_tried_again(home: Home) -> None:
    """As on a full disk: what the part needs cannot be written, until somebody makes room."""
    record = start(home, ("redis",))
    configuration = home.redis / "redis.conf"
    configuration.unlink()
    # A folder in the file's place: it can be neither written nor replaced.
    (configuration / "obstacle").mkdir(parents=True)
    kill(process(record, "redis"))
    eventually(lambda: "redis.conf" in (part(observe(home), "redis").detail or ""), "it is said")
    assert observe(home).state == "degraded"
    shutil.rmtree(configuration)
    eventually(lambda: observe(home).state == "running", "redis serves again")
