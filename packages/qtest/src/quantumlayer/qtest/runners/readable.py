"""Evidence for people and models: paths of the project, none of the machine that ran it."""

import re
import sys

from quantumlayer.qtest.environments.python import TARGET
from quantumlayer.qtest.sandbox import WORKSPACE

TAIL_CHARACTERS = 8_000

INSIDE = re.escape(str(WORKSPACE))
PROJECT_PATH = re.compile(rf"(?:file://)?{INSIDE}/")
PROJECT_ITSELF = re.compile(rf"(?:file://)?{INSIDE}\b")
# pytest writes paths outside the project relative to it: ../../opt/…
ABOVE = r"(?:(?:\.\./)+|/)"
PACKAGES = re.compile(rf"{ABOVE}{re.escape(str(TARGET))[1:]}/lib/python[\d.]+/site-packages/")
PREFIXES = "|".join(
    re.escape(prefix[1:]) for prefix in sorted({sys.base_prefix, sys.base_exec_prefix})
)
STANDARD_LIBRARY = re.compile(rf"{ABOVE}(?:{PREFIXES})/lib/python[\d.]+/")
NODE_INTERNALS = re.compile(r"^ +at .*\(?node:.*\n?", re.MULTILINE)
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
# What a terminal would act on: all that is left of control characters but tabs and new lines.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def readable(content: str) -> str:
    """The text with paths relative to the project, and with nothing that a terminal acts on."""
    cleaned = printable(content)
    cleaned = PACKAGES.sub("<packages>/", cleaned)
    cleaned = STANDARD_LIBRARY.sub("<python>/", cleaned)
    cleaned = NODE_INTERNALS.sub("", cleaned)
    return PROJECT_ITSELF.sub(".", PROJECT_PATH.sub("", cleaned))


def printable(content: str) -> str:
    """The text without anything that a terminal acts on but tabs and new lines."""
    return CONTROLS.sub("", ESCAPES.sub("", content))


def relative_path(path: str) -> str:
    """A path inside the sandbox as a path inside the project."""
    return path.removeprefix("file://").removeprefix(f"{WORKSPACE}/")


def in_project(path: str) -> bool:
    """Whether a reported path names a file of the project."""
    relative = relative_path(path)
    return bool(relative) and not relative.startswith(("/", "../", "node:"))


def tail(content: str) -> str:
    """The readable end of a long output."""
    cleaned = readable(content).strip()
    return cleaned if len(cleaned) <= TAIL_CHARACTERS else "…" + cleaned[-TAIL_CHARACTERS:]
