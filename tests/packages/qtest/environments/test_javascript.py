"""JavaScript environments, installed by the real npm from a registry on loopback."""

import base64
import hashlib
import http.server
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest import (
    DependencyError,
    Fault,
    Sandbox,
    Verdict,
    prepare_environment,
    run_tests,
)

NAME, VERSION = "small-thing", "1.2.3"


def tarball() -> bytes:
    """A package whose install script would leave a trace."""
    manifest = {
        "name": NAME,
        "version": VERSION,
        "main": "index.js",
        "scripts": {"postinstall": "touch ran-a-script"},
    }
    files = {"package.json": json.dumps(manifest), "index.js": "module.exports = () => 42;\n"}
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


TARBALL = tarball()
INTEGRITY = "sha512-" + base64.b64encode(hashlib.sha512(TARBALL).digest()).decode()


class Registry(http.server.BaseHTTPRequestHandler):
    """Knows one package."""

    def do_GET(self) -> None:
        if self.path == f"/{NAME}":
            address = f"http://{self.headers['host']}/{NAME}.tgz"
            version = {"name": NAME, "version": VERSION, "hasInstallScript": True}
            version["dist"] = {"tarball": address, "integrity": INTEGRITY}
            page = {"name": NAME, "dist-tags": {"latest": VERSION}, "versions": {VERSION: version}}
            self.answer(200, json.dumps(page).encode())
        elif self.path.endswith(f"/{NAME}.tgz") or self.path.endswith(f"/{NAME}-{VERSION}.tgz"):
            self.answer(200, TARBALL)
        else:
            self.answer(404, b"{}")

    def answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - called by the library
        return


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def project(tmp_path: Path, dependencies: dict[str, str], **files: str) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"dependencies": dependencies}))
    (folder / "thing.test.js").write_text(
        "const { test } = require('node:test');\nconst assert = require('node:assert');\n"
        f"test('uses it', () => assert.equal(require('{NAME}')(), 42));\n"
    )
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


async def test_packages_are_installed_for_the_tests(
    registry: None, tmp_path: Path, sandbox: Sandbox
) -> None:
    folder = project(tmp_path, {NAME: "^1.0.0"})
    report = await run_tests(folder, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.PASSED, report.reason
    assert not (folder / "node_modules").exists()


AS_VITE_DOES = """\
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import test from 'node:test';
test('a configuration is written among the packages and read there', async () => {
  const found = createRequire(import.meta.url).resolve('%s');
  const folder = path.join(found, '../../.vite-temp');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'config.mjs'), 'export default 42;');
  const { default: made } = await import(path.join(folder, 'config.mjs'));
  if (made !== 42) throw new Error('not what was written');
});
"""


async def test_what_vite_writes_among_the_packages_has_room(
    registry: None, tmp_path: Path, sandbox: Sandbox
) -> None:
    folder = project(tmp_path, {NAME: VERSION})
    (folder / "vite.test.mjs").write_text(AS_VITE_DOES % NAME)
    report = await run_tests(folder, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.PASSED, report.reason


async def test_install_scripts_do_not_run(registry: None, tmp_path: Path) -> None:
    folder = project(tmp_path, {NAME: VERSION})
    environment = await prepare_environment(folder, "javascript", tmp_path / "cache")
    assert environment.folder is not None
    assert (environment.folder / "node_modules" / NAME / "index.js").is_file()
    assert not list(environment.folder.rglob("ran-a-script"))


async def test_a_lock_is_followed_but_not_to_other_servers(
    registry: None, tmp_path: Path, sandbox: Sandbox
) -> None:
    folder = project(tmp_path, {NAME: "^1.0.0"})
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {NAME: "^1.0.0"}},
            f"node_modules/{NAME}": {
                "version": VERSION,
                "resolved": f"http://127.0.0.1:9/elsewhere/{NAME}.tgz",
                "integrity": INTEGRITY,
            },
        },
    }
    (folder / "package-lock.json").write_text(json.dumps(lock))
    report = await run_tests(folder, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.PASSED, report.reason


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"no-such-thing": "1.0.0"}, "`no-such-thing` (1.0.0)"),
        ({NAME: "99.0.0"}, f"`{NAME}` (99.0.0)"),
        ({NAME: "^99"}, f"`{NAME}` (^99)"),
    ],
    ids=["name", "version", "range"],
)
async def test_what_the_registry_does_not_have_is_nobodys_fault_and_told_with_its_line(
    registry: None, tmp_path: Path, wanted: dict[str, str], named: str
) -> None:
    folder = project(tmp_path, wanted)
    with pytest.raises(DependencyError, match=r"^package.json:1: nothing was tested") as caught:
        await prepare_environment(folder, "javascript", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert named in str(caught.value)
    assert [(one.path, one.line) for one in caught.value.undetermined] == [("package.json", 1)]


async def test_a_name_that_npm_refuses_is_the_projects_fault(
    registry: None, tmp_path: Path
) -> None:
    folder = project(tmp_path, {"Not A Name": "1.0.0"})
    with pytest.raises(DependencyError, match="Not A Name") as caught:
        await prepare_environment(folder, "javascript", tmp_path / "cache")
    assert caught.value.fault is Fault.PROJECT


async def test_a_registry_that_cannot_be_reached_is_nobodys_code(
    registry: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    folder = project(tmp_path, {NAME: VERSION})
    with pytest.raises(DependencyError, match=r"^Nothing was tested") as caught:
        await prepare_environment(folder, "javascript", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE


@pytest.mark.parametrize(
    "wanted",
    [
        "file:../outside", "link:../outside", "git+https://elsewhere.example/x.git", "user/repo",
        "https://elsewhere.example/x.tgz", "github:user/repo", "../x", "workspace:*", "file:x.tgz",
        "catalog:", "/absolute", "~/home", "jsr:@a/b", "patch:left-pad@npm%3A1.3.0#x.patch",
    ],
)  # fmt: skip
async def test_whatever_cannot_be_had_is_named_with_its_line(tmp_path: Path, wanted: str) -> None:
    folder = project(tmp_path, {"thing": wanted})
    with pytest.raises(NotUnderstood) as caught:
        await prepare_environment(folder, "javascript", tmp_path / "cache")
    assert (caught.value.path, caught.value.line) == ("package.json", 1)
    assert "thing" in caught.value.reason


@pytest.mark.parametrize("content", ["{", "[]", "{}}", '{"dependencies": [1]}'])
async def test_a_broken_manifest_is_the_projects_fault(tmp_path: Path, content: str) -> None:
    (tmp_path / "package.json").write_text(content)
    with pytest.raises(DependencyError) as caught:
        await prepare_environment(tmp_path, "javascript", tmp_path / "cache")
    assert caught.value.fault is Fault.PROJECT


async def test_without_packages_nothing_is_installed(tmp_path: Path) -> None:
    environment = await prepare_environment(tmp_path, "javascript", tmp_path / "cache")
    assert environment.folder is None
    assert not (tmp_path / "cache").exists()
