"""An index of Python packages on the loopback interface: a real server with small real wheels."""

import functools
import http.server
import io
import re
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps what was asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - called by the library
        return


class WheelIndex:
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

    def add_installed(self, name: str) -> None:
        """Publish what is installed here under this name, as it was published."""
        found = metadata.distribution(name)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for file in found.files or ():
                # Programs and caches were made by whoever installed it.
                if ".." not in file.parts and file.suffix != ".pyc":
                    archive.write(str(found.locate_file(file)), str(file))
        tag = re.findall(r"(?m)^Tag: (.+)$", found.read_text("WHEEL") or "")[0]
        self.add_file(name, f"{name}-{found.version}-{tag}.whl", content.getvalue())

    def add_file(self, name: str, file: str, content: bytes) -> None:
        """Publish any file on the page of a package."""
        folder = self.folder / "simple" / name.replace("_", "-")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        files = sorted(path.name for path in folder.iterdir() if path.name != "index.html")
        (folder / "index.html").write_text(
            "".join(f'<a href="{name}">{name}</a>' for name in files)
        )


@contextmanager
def wheel_index(folder: Path) -> Iterator[WheelIndex]:
    """Serves the wheels that are put into `folder`, under `/simple`."""
    folder.mkdir(parents=True)
    index = WheelIndex(folder)
    thread = threading.Thread(target=index.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield index
    finally:
        index.server.shutdown()
        index.server.server_close()
        thread.join()
