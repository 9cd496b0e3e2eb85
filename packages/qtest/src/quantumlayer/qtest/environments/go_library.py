"""Go's standard library, compiled once together with a `testing` package that reports to us.

It holds what we compiled from the toolchain's own sources, and nothing of any project.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.toolchains import ask, shown
from quantumlayer.qtest.environments.unobtainable import LONGEST_REASON
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing

RECIPE = "4"
GOROOT = PurePosixPath("/opt/go")
LIBRARY = PurePosixPath("/opt/go-library")
SOURCES = Path(__file__).parent.parent / "payload" / "go"
LONG_AGO = 1_000_000_000

# (file of the standard library, what it says, what it says in our copy): each exactly once.
PATCHES = (
    ("os/proc.go", "func Exit(code int) {", "func plainExit(code int) {"),
    ("testing/testing.go", "func MainStart(", "func plainMainStart("),
    ("testing/testing.go", "func (m *M) Run() (code int) {", "func (m *M) plainRun() (code int) {"),
    ("testing/testing.go", "func (t *T) report() {", "func (t *T) plainReport() {"),
    ("testing/fuzz.go", "func (f *F) report() {", "func (f *F) plainReport() {"),
    (
        "testing/example.go",
        "func (eg *InternalExample) processRunResult(",
        "func (eg *InternalExample) plainProcessRunResult(",
    ),
)
ADDITIONS = {
    "os/quantumlayer.go": "leaving.go.txt",
    "testing/quantumlayer.go": "reporting.go.txt",
    "testing/quantumlayer.s": "empty.s.txt",
    "syscall/quantumlayer.go": "channel.go.txt",
}
SETTINGS = (
    ("GOENV", "off"),
    ("GOTOOLCHAIN", "local"),
    ("GOPROXY", "off"),
    ("GOSUMDB", "off"),
    ("GOFLAGS", "-buildvcs=false"),
    ("GOTELEMETRY", "off"),
    ("GOCACHE", "/tmp/go-cache"),  # noqa: S108 - inside the sandbox
    ("GOPATH", "/tmp/go-path"),  # noqa: S108 - as above
)


def library_key(version: str, root: Path) -> str:
    sources = [path.read_text() for path in sorted(SOURCES.iterdir()) if path.suffix == ".txt"]
    parts = ["go", RECIPE, version, str(root), ask("go", "env", "GOARCH"), *sources]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def compile_library(folder: Path, root: Path, goroot: PurePosixPath) -> None:
    """The whole standard library, compiled and vetted once, with our additions."""
    patched = folder / "patched"
    replaced = patch_library(root, patched)
    write_overlay(folder / "overlay.json", replaced, PurePosixPath(goroot), LIBRARY / "patched")
    ours = folder / "overlay-of-build.json"
    write_overlay(ours, replaced, PurePosixPath(goroot), PurePosixPath(patched))
    sample = folder / "sample"
    sample.mkdir()
    environment = {
        **dict(SETTINGS),
        "GOROOT": str(goroot),
        "GOCACHE": str(folder / "cache"),
        "CGO_ENABLED": "0",
    }
    tool, mounts = str(goroot / "bin" / "go"), shown(root, GOROOT)[1]
    _, listed = await run_installer(
        [tool, "list", "std"], folder=folder, within=sample, environment=environment, reads=mounts
    )
    names = [name for name in listed.split() if importable(name)]
    imports = "".join(f'\t_ "{name}"\n' for name in names)
    (sample / "go.mod").write_text("module sample\n\ngo 1.21\n")
    (sample / "sample.go").write_text(f"package sample\n\nimport (\n{imports})\n")
    (sample / "sample_test.go").write_text(
        'package sample\n\nimport "testing"\n\nfunc TestSample(t *testing.T) {}\n'
    )
    # A package without tests: for its coverage Go compiles a tool, which takes longest of all.
    (sample / "untested").mkdir()
    (sample / "untested" / "untested.go").write_text("package untested\n\nfunc F() {}\n")
    command = [
        tool,
        "test",
        f"-overlay={ours}",
        "-coverpkg=./...",
        "-coverprofile=profile",
        "./...",
    ]
    status, said = await run_installer(
        command, folder=folder, within=sample, environment=environment, reads=mounts
    )
    if status != 0:
        raise DependencyError(
            f"Go's standard library cannot be compiled: {said[-LONGEST_REASON:]}",
            fault=Fault.INFRASTRUCTURE,
            output=said,
        )
    shutil.rmtree(sample)


def write_overlay(
    path: Path, replaced: Mapping[str, str], root: PurePosixPath, patched: PurePosixPath
) -> None:
    """The table by which the compiler finds our copies instead of the library's files."""
    table = {f"{root}/src/{name}": str(patched / file) for name, file in replaced.items()}
    path.write_text(json.dumps({"Replace": table}))


def importable(name: str) -> bool:
    words = name.split("/")
    return not {"internal", "vendor", "cmd", "plugin"} & set(words) and name not in (
        "runtime/race", "runtime/msan", "runtime/asan", "runtime/cgo",
    )  # fmt: skip


def patch_library(root: Path, folder: Path) -> dict[str, str]:
    """Our copies of files of the standard library; library path → file name in `folder`."""
    folder.mkdir()
    texts: dict[str, str] = {}
    for path, before, after in PATCHES:
        content = texts.get(path) or (root / "src" / path).read_text()
        if content.count(before) != 1:
            raise ToolMissing(
                f"This version of Go ({ask('go', 'env', 'GOVERSION')}) has a `{path}` "
                f"that is not understood (`{before}`): Go tests cannot run. Install Go 1.21 to "
                "1.26, or update QuantumLayer."
            )
        texts[path] = content.replace(before, after)
    texts |= {path: (SOURCES / name).read_text() for path, name in ADDITIONS.items()}
    names = {path: path.replace("/", "-") for path in texts}
    for path, content in texts.items():
        (folder / names[path]).write_text(content)
        # Go keeps no index of folders with files that have just been written.
        os.utime(folder / names[path], (LONG_AGO, LONG_AGO))
    return names
