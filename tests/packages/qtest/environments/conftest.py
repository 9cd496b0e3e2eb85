"""Package indexes on loopback: real servers with small real packages."""

import functools
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps what was asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - called by the library
        return


class Index:
    """A folder served over HTTP, and the list of paths that were requested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        handler = type("Handler", (QuietHandler,), {"asked": self.asked})
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def add_wheel(
        self,
        name: str,
        version: str = "1.0",
        files: dict[str, str] | None = None,
        requires: Sequence[str] = (),
    ) -> None:
        """Publish a wheel on the page of its package."""
        folder = self.folder / "simple" / name.replace("_", "-")
        folder.mkdir(parents=True, exist_ok=True)
        info = f"{name}-{version}.dist-info"
        entries = {
            f"{name}.py": f"VERSION = {version!r}\n",
            **(files or {}),
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            + "".join(f"Requires-Dist: {one}\n" for one in requires),
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        entries[f"{info}/RECORD"] = "".join(
            f"{entry},,\n" for entry in [*entries, f"{info}/RECORD"]
        )
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for entry, text in entries.items():
                archive.writestr(entry, text)
        self.add_file(name, f"{name}-{version}-py3-none-any.whl", content.getvalue())

    def add_file(self, name: str, file: str, content: bytes) -> None:
        """Publish any file on the page of a package."""
        folder = self.folder / "simple" / name.replace("_", "-")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        files = sorted(path.name for path in folder.iterdir() if path.name != "index.html")
        (folder / "index.html").write_text(
            "".join(f'<a href="{name}">{name}</a>' for name in files)
        )


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A Python index with a pytest and a coverage of our own, which uv is told to use."""
    folder = tmp_path / "index"
    folder.mkdir()
    found = Index(folder)
    found.add_wheel("pytest", "9.0")
    found.add_wheel("coverage", "7.9")
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"{found.url}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    for name in ("UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()
