"""The machine that attempts are made on: registries, a catcher, a secret, traces."""

import io
import json
import os
import secrets
import socket
import sys
import sysconfig
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.packages.qtest.environments.attempts.attempt import Attempt
from tests.packages.qtest.environments.conftest import Index
from tests.support.npm_registry import npm_registry

TRACES = "traces"


@dataclass
class Catcher:
    """A server that answers everything with 200, and what it was asked."""

    url: str
    asked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class World:
    """Where things are. `variables` are the settings of the deployment, a secret among them."""

    folder: Path
    marker: str
    catcher: Catcher
    places: Mapping[str, str]
    variables: Mapping[str, str]
    facts: Mapping[str, Any]

    def placed(self, text: str, attempt: Attempt, project: Path) -> str:
        """A text with places put in."""
        places = {**self.places, "HERE": str(project), "TRACE": str(self.trace(attempt))}
        for name, place in places.items():
            text = text.replace(f"@{name}@", place)
        return text

    def trace(self, attempt: Attempt) -> Path:
        return self.folder / TRACES / attempt.id

    def project(self, attempt: Attempt, folder: Path) -> Path:
        """The attempt's files, in a new folder."""
        folder.mkdir()
        for name, text in attempt.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.placed(text, attempt, folder))
            path.chmod(0o755 if name in attempt.executable else 0o644)
        for name, target in attempt.linked.items():
            (folder / name).symlink_to(self.placed(target, attempt, folder))
        return folder

    def got_out(self, attempt: Attempt, said: str) -> list[str]:
        """What shows that the attempt has got out; nothing is left of it for the next one."""
        found = [f"asked for {path}" for path in self.catcher.asked]
        if self.trace(attempt).exists():
            found.append("left a trace")
            self.trace(attempt).unlink()
        if self.marker in said:
            found.append("told the secret")
        self.catcher.asked.clear()
        return found


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Set everything up, and take it away again."""
    marker = f"secret-{secrets.token_hex(12)}"
    for name in (TRACES, "neighbour", "downloads", "index"):
        (folder / name).mkdir()
    secret = folder / "secret.txt"
    secret.write_text(f"{marker} = never\n")
    with ExitStack() as stack:
        asked: list[str] = []
        catcher = Catcher(stack.enter_context(catching(asked)), asked)
        index = stack.enter_context(
            python_index(folder / "index", str(folder / TRACES), catcher.url)
        )
        npm = stack.enter_context(npm_registry(npm_packages(catcher.url, folder / TRACES)))
        nothing = stack.enter_context(npm_registry({}))
        abstract = f"quantumlayer-{marker[-8:]}"
        server = stack.enter_context(socket.socket(socket.AF_UNIX))
        server.bind(f"\0{abstract}")
        server.listen()
        cargo = folder / "cargo"
        cargo.mkdir()
        (cargo / "config.toml").write_text(
            '[source.crates-io]\nreplace-with = "ours"\n'
            f'[source.ours]\nregistry = "sparse+{nothing}/index/"\n'
        )
        variables = {
            "MY_TOKEN": marker,
            "UV_DEFAULT_INDEX": f"{index}/simple",
            "npm_config_registry": f"{npm}/",
            "GOPROXY": nothing,
            "GOSUMDB": "off",
            "CARGO_HOME": str(cargo),
        }
        places = {"CATCHER": catcher.url, "SECRET": str(secret), "INDEX": f"{index}/simple",
                  "NPM": npm, "CRATES": nothing}  # fmt: skip
        port = int(catcher.url.rpartition(":")[2])
        facts = {
            "marker": marker, "secret": str(secret), "abstract": abstract, "service": port,
            "address": f"127.0.0.1:{port}", "neighbour": str(folder / "neighbour"),
            "downloads": str(folder / "downloads"), "beside": str(folder / "beside"),
            "home": str(folder), "home_names": [path.name for path in folder.iterdir()],
        }  # fmt: skip
        yield World(folder, marker, catcher, places, variables, facts)


@contextmanager
def catching(asked: list[str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def everything(self) -> None:
            asked.append(f"{self.command} {self.path}")
            body = b"{}"
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the method is called
            if name.startswith("do_"):
                return self.everything
            raise AttributeError(name)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that callers know
            """Says nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        yield url


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def python_index(folder: Path, traces: str, catcher: str) -> Iterator[str]:
    """An index whose packages would leave traces, named after the attempts they belong to."""
    index = Index(folder)
    index.add_wheel("pytest", "9.0")
    index.add_wheel("coverage", "7.9")
    index.add_wheel("plain_thing")
    writes = "import pathlib; pathlib.Path({!r}).write_text('run')\n"
    index.add_wheel("pth_thing", files={"evil.pth": writes.format(f"{traces}/wheel-pth")})
    index.add_wheel(
        "site_thing",
        files={"sitecustomize.py": writes.format(f"{traces}/wheel-sitecustomize")},
    )
    place = f"data/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    index.add_wheel("data_thing", files={
        f"data_thing-1.0.data/{place}/evil.pth": writes.format(f"{traces}/wheel-data"),
    })  # fmt: skip
    index.add_wheel("conf_thing", files={
        "conf_thing-1.0.data/data/pip.conf": f"[global]\nindex-url = {catcher}/simple\n",
    })  # fmt: skip
    index.add_file("built_thing", "built_thing-1.0.tar.gz", sdist(f"{traces}/sdist-backend"))
    with serving(index.server) as url:
        yield url


def sdist(trace: str) -> bytes:
    """A source distribution whose backend is in itself."""
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: built_thing\nVersion: 1.0\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
                          'backend-path = ["."]\n',
        "backend.py": f"import pathlib\npathlib.Path({trace!r}).write_text('built')\n"
                      "def build_wheel(*_): raise SystemExit(1)\n",
    }  # fmt: skip
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"built_thing-1.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


def npm_packages(catcher: str, traces: Path) -> dict[str, dict[str, Any]]:
    touch = f"touch {traces}/npm-dependency-script"
    return {
        "plain-thing": {},
        "needs-thing": {"dependencies": {"plain-thing": "1.0.0"}},
        "script-thing": {"hasInstallScript": True, "scripts": {"postinstall": touch}},
        "url-thing": {"dependencies": {"x": f"{catcher}/x.tgz"}},
    }


def control_environment(made: World, attempt: Attempt, project: Path) -> dict[str, str]:
    """What a person at this machine has around them, with the deployment's registries left out."""
    kept = {
        name: value for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("UV_", "PIP_", "npm_"))
    }  # fmt: skip
    scripts = sysconfig.get_path("scripts")
    return {
        **kept,
        "PATH": f"{scripts}:{kept['PATH']}",
        "CARGO_HOME": made.variables["CARGO_HOME"],
        "MY_TOKEN": made.marker,
        "GOFLAGS": "-modcacherw",
        "GOMODCACHE": str(project / "modules"),
        "GOSUMDB": "off",
        "FACTS": json.dumps(made.facts),
        **{
            name: made.placed(value, attempt, project)
            for name, value in attempt.environment.items()
        },
    }
