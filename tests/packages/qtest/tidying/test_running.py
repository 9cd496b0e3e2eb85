"""Fixers and formatters change the files that they may, and reach nothing else."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from quantumlayer.parser import linter_program
from quantumlayer.qtest import Limits
from quantumlayer.qtest.tidying import Tidied, Tidying, tidy
from tests.packages.qtest.conftest import MakeProject
from tests.support.npm_registry import npm_registry

RUFF = ((".venv/bin/ruff", "check", "--fix", "--no-unsafe-fixes"), (".venv/bin/ruff", "format"))
UNTIDY, TIDY = "import os\nx   = 1\n", "x = 1\n"
BROKEN = "import os\ndef f(:\n"


def task(*paths: str) -> Tidying:
    """Nothing is installed: ruff is this machine's."""
    program = linter_program()
    assert program is not None
    return Tidying(language="python", commands=RUFF, paths=paths, installing=False,
                   programs={"ruff": program})  # fmt: skip


def contents(done: Tidied) -> dict[str, str]:
    return {one.path: one.content.decode() for one in done.files}


async def test_what_may_be_changed_is_and_all_else_stays(
    make_project: MakeProject, cache: Path
) -> None:
    # given
    project = make_project({"a.py": UNTIDY, "fixed.py": UNTIDY, "bad.py": BROKEN, "b.py": TIDY})
    # when
    done = await tidy(project, task("a.py", "b.py", "bad.py", "gone.py"), cache)
    # then
    assert contents(done) == {"a.py": TIDY}
    assert done.files[0].tools == ("ruff check --fix --no-unsafe-fixes", "ruff format")
    assert any("bad.py" in note for note in done.notes)
    assert (project / "a.py").read_text() == UNTIDY


async def test_what_is_tidy_is_not_changed_again(make_project: MakeProject, cache: Path) -> None:
    project = make_project({"a.py": UNTIDY})
    first = await tidy(project, task("a.py"), cache)
    (project / "a.py").write_text(contents(first)["a.py"])
    assert await tidy(project, task("a.py"), cache) == Tidied()


@pytest.mark.parametrize(("settings", "expected"), [
    ('exclude = ["*"]\n', {}),
    ('extend = "/etc/passwd"\n', {}),
    ('no such setting = "at all"\n', {}),
    ('unsafe-fixes = true\nlint.select = ["F841"]\n', {"a.py": "def f():\n    x = 1\n"}),
], ids=["excludes all", "reads elsewhere", "malformed", "unsafe"])  # fmt: skip
async def test_a_configuration_does_no_harm(
    settings: str, expected: dict[str, str], make_project: MakeProject, cache: Path
) -> None:
    # given: F841 has an unsafe fix alone
    project = make_project({"a.py": "def f( ):\n    x = 1\n", "ruff.toml": settings})
    # when
    done = await tidy(project, task("a.py", "ruff.toml"), cache)
    # then
    assert contents(done) == expected


async def test_a_tool_that_is_not_brought_is_noted(make_project: MakeProject, cache: Path) -> None:
    project = make_project({"package.json": '{"name": "sums"}', "a.js": "let  x=1\n"})
    asked = Tidying(language="javascript", commands=(("npx", "biome", "format", "--write"),),
                    paths=("a.js",))  # fmt: skip
    assert await tidy(project, asked, cache) == Tidied(
        notes=("biome is not among the packages that this project asks for.",)
    )


PLUGIN = """
const fs = require("node:fs"), net = require("node:net");
module.exports = async () => {
  process.stdout.write('0000 {"event": "changed", "path": "kept.js", "content": ""}\\n');
  fs.writeFileSync("added.js", "1\\n");
  fs.writeFileSync("fixed.js", "2\\n");
  try { fs.writeFileSync("@HERE@/kept.js", "evil\\n"); } catch {}
  fs.unlinkSync("deleted.js");
  fs.unlinkSync("linked.js");
  fs.symlinkSync("/etc/passwd", "linked.js");
  await new Promise((done) => {
    const socket = net.connect(@PORT@, "127.0.0.1");
    socket.on("connect", () => socket.end("GET /got-out HTTP/1.0\\r\\n\\r\\n"));
    socket.on("error", done).on("close", done);
  });
};
"""
# As prettier and eslint do, it loads what the project's settings name.
FORMATTER = """#!/usr/bin/env node
require(process.cwd() + "/plugin.cjs")().then(() => {
  require("node:fs").writeFileSync("a.js", "let x = 1;\\n");
});
"""
NAMES = ("a.js", "kept.js", "deleted.js", "linked.js")


@pytest.fixture
def asked() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine's loopback interface: its port, and what it was asked."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as callers know it
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_port, paths
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def own_formatter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A formatter that a registry has, and that loads a plugin of the project."""
    manifest = {"bin": {"formatter": "index.js"}}
    with npm_registry({"formatter": manifest}, {"formatter": FORMATTER}) as address:
        monkeypatch.setenv("npm_config_registry", f"{address}/")
        yield


def formatted(make_project: MakeProject, plugin: str) -> Path:
    manifest = '{"name": "sums", "version": "1.0.0", "devDependencies": {"formatter": "1.0.0"}}'
    files = {"package.json": manifest, "fixed.js": "let  x=1\n", "plugin.cjs": plugin}
    return make_project(files | dict.fromkeys(NAMES, "let  x=1\n"))


BY_FORMATTER = Tidying(language="javascript", commands=(("npx", "formatter"),), paths=NAMES)


@pytest.mark.usefixtures("own_formatter")
async def test_a_plugin_of_a_project_stays_in_the_sandbox(
    asked: tuple[int, list[str]], make_project: MakeProject, tmp_path: Path
) -> None:
    # given
    port, paths = asked
    here = str(tmp_path / "project")
    project = formatted(make_project, PLUGIN.replace("@PORT@", str(port)).replace("@HERE@", here))
    before = {path.name: path.read_text() for path in project.iterdir()}
    # when
    done = await tidy(project, BY_FORMATTER, tmp_path / "cache")
    # then
    assert contents(done) == {"a.js": "let x = 1;\n"}, done.notes
    assert {path.name: path.read_text() for path in project.iterdir()} == before
    assert paths == []


@pytest.mark.usefixtures("own_formatter")
@pytest.mark.parametrize(("ending", "told"), [
    ("process.kill(process.pid, 'SIGKILL')", "`formatter` ended with signal 9"),
    ("process.stdout.write('x'.repeat(20 * 1024 * 1024))", "because it wrote too much"),
    ("setTimeout(() => {}, 60_000)", "The tools need more than they may have (wall_seconds)."),
], ids=["killed", "flooding", "endless"])  # fmt: skip
async def test_nothing_is_kept_of_a_tool_that_did_not_come_to_its_end(
    ending: str, told: str, make_project: MakeProject, tmp_path: Path
) -> None:
    # given
    half = 'require("node:fs").writeFileSync("kept.js", "half\\n")'
    project = formatted(
        make_project, f"module.exports = () => new Promise(() => {{ {half}; {ending}; }});\n"
    )
    # when
    limits = Limits(wall_seconds=4.0, open_files=4096)
    done = await tidy(project, BY_FORMATTER, tmp_path / "cache", limits=limits)
    # then
    assert done.files == ()
    assert told in done.notes[-1]
