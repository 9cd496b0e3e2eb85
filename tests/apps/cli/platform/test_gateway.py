"""The gateway beside the other parts: made once, held up by nobody, and holding up nobody."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from quantumlayer.cli.main import main
from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.gateway import variables_in
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.ports import PortBook
from quantumlayer.cli.platform.state import PartRecord, observe
from tests.support.platform import clean_environment, new_home, platform_of

PARTS = ("redis", "gateway")


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as home:
        yield home


def start(home: Home, *, late_seconds: float = 0.0, **settings: str) -> None:
    control.start(
        home,
        environment={**clean_environment(home), **settings},
        parts=PARTS,
        companion=os.getpid(),
        late_seconds=late_seconds,
    )


def gateway(home: Home) -> PartRecord:
    return next(part for part in observe(home).parts if part.name == "gateway")


def eventually(home: Home, holds: Callable[[PartRecord], bool], what: str) -> PartRecord:
    deadline = time.monotonic() + 60
    while not holds(found := gateway(home)):
        assert time.monotonic() < deadline, f"not within 60 s: {what}; {found}"
        time.sleep(0.05)
    return found


def serving(home: Home) -> str:
    """The gateway's address, once it serves."""
    url = eventually(home, lambda part: part.state == "running", "it serves").url
    assert url is not None
    return url


def models(url: str, key: str) -> httpx.Response:
    return httpx.get(
        f"{url}/v1/models", headers={"authorization": f"Bearer {key}"}, trust_env=False
    )


def doctor(home: Home, **settings: str) -> str:
    environment = {**clean_environment(home), "QL_MODEL": "builtin", **settings}
    output = CliRunner().invoke(main, ["doctor"], env=environment).output
    return next(line for line in output.splitlines() if " gateway " in line)


def test_the_first_start_makes_a_configuration_and_a_key_that_open_it(home: Home) -> None:
    start(home, GROQ_API_KEY="of-the-test", QL_MODELS="groq/llama-3.3-70b")
    url = serving(home)
    assert url == f"http://127.0.0.1:{platform_of(home).ports['gateway']}"
    answer = models(url, home.gateway_key.read_text())
    assert [one["id"] for one in answer.json()["data"]] == ["builtin", "llama-3.3-70b"]
    assert models(url, "ql_another").status_code == 401
    for file in (home.gateway_key, home.gateway_file):
        assert file.stat().st_mode & 0o077 == 0
    written = home.gateway_file.read_text()
    assert "of-the-test" not in written
    assert home.gateway_key.read_text() not in written
    assert variables_in(home.gateway_file) == {
        "QL_REDIS_URL",
        "QL_DATABASE_URL",
        "GROQ_API_KEY",
    }


def test_it_gets_the_variables_that_its_configuration_names_and_no_others(home: Home) -> None:
    start(home, GROQ_API_KEY="of-the-test", AWS_SECRET_ACCESS_KEY="nobody's")
    serving(home)
    process = gateway(home).process
    assert process is not None
    environment = Path(f"/proc/{process.pid}/environ").read_text()
    assert "GROQ_API_KEY=of-the-test" in environment
    assert "nobody's" not in environment
    assert (home.secrets / "owner-key").read_text() not in environment


def test_the_built_in_model_reads_the_last_message_as_a_description(home: Home) -> None:
    start(home)
    url, key = serving(home), home.gateway_key.read_text()
    asked = {"model": "builtin", "messages": [{"role": "user", "content": "Books have a title."}]}
    answer = httpx.post(
        f"{url}/v1/chat/completions",
        json=asked,
        headers={"authorization": f"Bearer {key}"},
        trust_env=False,
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    assert "Book" in answer.json()["choices"][0]["message"]["content"]


def test_a_configuration_that_is_there_is_never_written_again(home: Home) -> None:
    start(home)
    serving(home)
    edited = home.gateway_file.read_text().replace("  builtin:", "  small:")
    home.gateway_file.write_text(edited)
    control.stop(home)
    start(home, GROQ_API_KEY="new")
    assert [
        one["id"] for one in models(serving(home), home.gateway_key.read_text()).json()["data"]
    ] == ["small"]
    assert home.gateway_file.read_text() == edited


def test_a_configuration_that_is_wrong_stops_nobody_and_is_said(home: Home) -> None:
    home.create()
    home.gateway_file.write_text("providers: {one: {}}\nmodls: {}\n")
    start(home)
    assert observe(home).state == "running"
    failed = eventually(home, lambda part: part.state == "failed", "it is said")
    assert "modls" in (failed.detail or "")
    assert "did you mean 'models'" in (failed.detail or "")
    assert observe(home).state == "running"
    line = doctor(home)
    assert line.split()[0] == "absent"
    assert "gateway.yaml:2:" in line


def test_once_it_is_mended_the_gateway_serves(home: Home) -> None:
    home.create()
    home.gateway_file.write_text("providers: {}\n")
    start(home)
    eventually(home, lambda part: part.state == "failed", "it is said")
    home.gateway_file.write_text("providers: {here: {wire: in_process}}\n")
    serving(home)


def test_a_file_that_becomes_wrong_replaces_nothing(home: Home) -> None:
    start(home)
    url, key = serving(home), home.gateway_key.read_text()
    restarts = gateway(home).restarts
    home.gateway_file.write_text("providers: {}\n")
    deadline = time.monotonic() + 30
    while httpx.get(f"{url}/readyz", trust_env=False).status_code == 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    # Longer than the keeper takes to look at it again.
    time.sleep(4)
    assert models(url, key).status_code == 200
    assert (gateway(home).state, gateway(home).restarts) == ("running", restarts)


def test_who_starts_the_platform_for_a_run_waits_for_no_gateway(home: Home) -> None:
    start(home, late_seconds=600)
    assert observe(home).state == "running"
    assert gateway(home).state == "stopped"
    assert gateway(home).detail == "starts 600 s after the others"


def test_it_can_be_switched_off(home: Home) -> None:
    start(home, QL_GATEWAY="off")
    assert [part.name for part in observe(home).parts] == ["redis"]
    assert not home.gateway_file.exists()
    assert "switched off by QL_GATEWAY" in doctor(home, QL_GATEWAY="off")


def test_a_file_and_a_port_of_ones_own_are_used(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("providers: {here: {wire: in_process}}\n")
    home.create()
    port = str(PortBook(home).claim("free").port)
    start(home, QL_GATEWAY_CONFIG=str(file), QL_GATEWAY_PORT=port)
    assert serving(home) == f"http://127.0.0.1:{port}"
    assert not home.gateway_file.exists()
