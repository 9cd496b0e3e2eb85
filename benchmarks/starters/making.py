"""Making a starter as its own people say, boxed: it is a stranger's program."""

import json
import os
import shutil
import sys
from pathlib import Path

from benchmarks.real_projects.boxed import run_boxed
from benchmarks.starters.catalogue import Starter

PROJECT = "project"
# What a generator installs at once is installed anew by who checks, from the lock.
LEFT_BEHIND = ("node_modules", ".git")
# uv stands beside our own interpreter.
TOOLS = {"PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"}


class NotMade(Exception):  # noqa: N818 - it says what happened
    """A starter could not be had; the message is what its generator said."""


def made(starter: Starter, folder: Path) -> Path:
    """The starter in a new folder below an empty one. Raises NotMade."""
    if starter.module:
        copy_module(starter.module, folder)
    for command in starter.make:
        ended = run_boxed(command, folder, TOOLS)
        if ended.status != 0:
            raise NotMade(ended.output.strip()[-500:])
    project = folder / PROJECT
    if not project.is_dir():
        raise NotMade("nothing was made")
    for name in LEFT_BEHIND:
        shutil.rmtree(project / name, ignore_errors=True)
    return project


def copy_module(module: str, folder: Path) -> None:
    """A module of Go's as its proxy gives it."""
    (folder / "go.mod").write_text("module making\n")
    ended = run_boxed(
        ("go", "mod", "download", "-json", module), folder,
        {"GOMODCACHE": str(folder / "cache"), "GOFLAGS": "-modcacherw"},
    )  # fmt: skip
    if ended.status != 0:
        raise NotMade(ended.output.strip()[-500:])
    found = json.loads(ended.output[ended.output.index("{") :])
    shutil.copytree(found["Dir"], folder / PROJECT, symlinks=True)
