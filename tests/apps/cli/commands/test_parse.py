"""`quantumlayer parse` and `quantumlayer parser`: the parser without a platform."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def offline(tmp_path: Path) -> CommandLine:
    """The command in a folder with a small project."""
    source = tmp_path / "src"
    (source / "node_modules").mkdir(parents=True)
    (source / "node_modules" / "skipped.js").write_text("(")
    (source / "app.py").write_text('def f(x):\n    """Says x."""\n    return x or None\n')
    (source / "notes").write_bytes(b"\0\1")
    (source / "run").write_text("#!/usr/bin/env bash\necho hello\n")
    (tmp_path / "broken.json").write_text('{"a": ')
    return CommandLine(tmp_path, {"QL_HOME": "home"})


async def test_a_folder_is_summed_up(offline: CommandLine) -> None:
    ended = await offline.run("parse", "src")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "src/app.py: python, 3 lines, 1 symbols, complexity 2 / 1, nesting 0, quality 100",
        "src/run: bash, 1 lines, 0 symbols, complexity 1 / 0, nesting 0, quality 100",
        "2 files, 4 lines of code, 0 syntax problems.",
    ]


async def test_a_problem_is_shown_and_ends_with_one(offline: CommandLine) -> None:
    ended = await offline.run("parse", "broken.json")
    assert ended.status == 1
    assert "broken.json:1:7: " in ended.out
    assert "    1 | " in ended.out


async def test_programs_get_a_line_of_json_for_each_file(offline: CommandLine) -> None:
    ended = await offline.run("parse", "--json", "src", "broken.json")
    assert ended.status == 1
    files = [json.loads(line) for line in ended.out.splitlines()]
    assert [file["path"] for file in files] == ["src/app.py", "src/run", "broken.json"]
    assert files[0]["symbols"][0]["documentation"] == "Says x."


async def test_code_hosts_get_sarif(offline: CommandLine) -> None:
    (offline.folder / "weak.py").write_text(
        "import hashlib\nprint(hashlib.md5(b'x').hexdigest())\n"
    )
    ended = await offline.run("parse", "--sarif", "broken.json", "weak.py")
    assert ended.status == 1
    log = ended.json
    assert log["version"] == "2.1.0"
    rules = {one["ruleId"] for run in log["runs"] for one in run["results"]}
    assert "syntax" in rules
    assert len(rules) == 2


async def test_what_is_found_is_what_a_check_finds(offline: CommandLine) -> None:
    folder = offline.folder / "project"
    (folder / "tests" / "fixtures").mkdir(parents=True)
    (folder / "app.py").write_text(
        "def find(db, name):\n    db.execute(f\"SELECT * FROM t WHERE a = '{name}'\")\n"
    )
    (folder / "deploy.env").write_text(f"TOKEN={'ghp_' + 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}\n")
    (folder / "schema.sql").write_text(
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;\n"
    )
    (folder / "Brot.java").write_bytes("class Brot { void brötchen() {} }\n".encode("latin-1"))
    (folder / "tests" / "fixtures" / "broken.py").write_text("def f(:\n")
    ended = await offline.run("parse", "--json", "project")
    assert ended.status == 0
    files = {one["path"]: one for one in map(json.loads, ended.out.splitlines())}
    told = {
        (path.removeprefix("project/"), one["rule"], one["line"], one["severity"])
        for path, file in files.items()
        for one in file["findings"]
    }
    tiers = {one["language"]: one["syntax"]["tier"] for one in files.values() if one["language"]}
    checked = await offline.run("check", "--json", "project")
    report = checked.json
    weak = {
        (one["path"], one["rule"], one["line"], one["severity"])
        for one in report["findings"]
        if one["rule"] in {rule for _, rule, _, _ in told}
    }
    assert told == weak
    assert {rule for _, rule, _, _ in told} == {"sql-built-from-values", "secret-in-source"}
    assert tiers["sql"] == "sqlite"
    assert report["tiers"].items() >= {"sql": "sqlite", "python": "python"}.items()
    (doubt,) = files["project/tests/fixtures/broken.py"]["syntax"]["doubts"]
    assert doubt["line"] == 1
    assert "brötchen" in {one["name"] for one in files["project/Brot.java"]["symbols"]}


@pytest.mark.skipif(shutil.which("go") is None, reason="gofmt decides here")
async def test_what_a_grammar_doubts_the_languages_own_checker_decides(
    offline: CommandLine,
) -> None:
    # New in Go 1.26: the grammar is behind.
    (offline.folder / "newer.go").write_text('package a\n\nvar p = new("text")\n')
    (offline.folder / "broken.go").write_text("package a\n\nfunc f( {\n")
    ended = await offline.run("parse", "--json", "newer.go", "broken.go")
    newer, broken = (json.loads(line)["syntax"] for line in ended.out.splitlines())
    assert (newer["errors"], newer["doubts"]) == ([], [])
    assert (newer["tier"], broken["tier"]) == ("gofmt", "gofmt")
    assert broken["errors"][0]["line"] == 3
    assert ended.status == 1


async def test_one_format_at_a_time(offline: CommandLine) -> None:
    ended = await offline.run("parse", "--sarif", "--json", "src")
    assert ended.status == 2
    assert "exclude each other" in ended.err


async def test_the_service_runs_alone(offline: CommandLine) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with (
        offline.started("parser", "--port", str(port), "--workers", "1") as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        for _ in range(300):
            try:
                ready = await client.get("/readyz")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        assert ready.json() == {"status": "ready"}
        body = {"files": [{"path": "a.go", "content": "package a\n"}]}
        answer = await client.post("/v1/analyze", json=body)
        assert answer.json()["files"][0]["language"] == "go"
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 20)
