"""A base image of this machine's own Python and a few programs, under the name of an official one.

Tests of images need one and reach no registry, so it is put into a store of images as an operator
would, by buildah itself.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

NAME = "docker.io/library/python:3.12-slim"
PROGRAMS = ("sh", "cat", "chown", "env", "id", "ln", "ls", "mkdir", "sleep", "touch")
LEFT_OUT = ("site-packages", "test", "tests", "idlelib", "ensurepip", "tkinter", "lib2to3",
            "config-*", "__pycache__", "pydoc_data", "turtledemo", "distutils")  # fmt: skip
STORAGE = """
[storage]
driver = "overlay"
graphroot = "{folder}/storage"
runroot = "{folder}/run"
"""


def operators_store(folder: Path) -> Path:
    """Settings of a store that holds the image: the value of CONTAINERS_STORAGE_CONF."""
    settings = folder / "storage.conf"
    settings.write_text(STORAGE.format(folder=folder))
    lay_root(folder / "root")
    (folder / "Dockerfile").write_text(
        "FROM scratch\nCOPY root /\nENV LANG=C.UTF-8 "
        "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin\n"
    )
    subprocess.run(
        ["buildah", "build", "--quiet", "--tag", NAME, str(folder)], check=True,
        env={**os.environ, "CONTAINERS_STORAGE_CONF": str(settings)}, capture_output=True,
    )  # fmt: skip
    return settings


def lay_root(root: Path) -> None:
    """What a slim image of Python has, as far as tests need it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = Path(os.__file__).parent
    target = root / "usr/local/lib" / version
    shutil.copytree(library, target, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    interpreter = root / "usr/local/bin/python"
    interpreter.parent.mkdir(parents=True)
    shutil.copy(Path(sys.executable).resolve(), interpreter)
    (root / "bin").mkdir()
    for name in PROGRAMS:
        shutil.copy(Path(shutil.which(name) or name).resolve(), root / "bin" / name)
    modules = target / "lib-dynload"
    for path in needed([interpreter, *(root / "bin").iterdir(), *modules.glob("*.so")]):
        place = root / str(path)[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path.resolve(), place)
    (root / "tmp").mkdir(mode=0o1777)
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")


def needed(programs: Iterable[Path]) -> list[Path]:
    """The shared libraries of programs, at the places where the loader looks for them."""
    found: set[Path] = set()
    for program in programs:
        listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
        words = listed.stdout.split()
        found |= {Path(word) for word in words if word.startswith("/") and Path(word).exists()}
    return sorted(found)
