"""What `go test -json` prints, by package and test. Evidence for people, not proof."""

import json
import re
from collections import defaultdict

from quantumlayer.qtest.payload.session import Session

MOST_LINES = 2_000
# What `go test` itself says of a package whose test program it has run.
RAN = re.compile(r"^(?:ok  |FAIL)\t")
NOT_BUILT = re.compile(r"^FAIL\t\S+ \[(?:build|setup) failed\]")


def display(package: str, test: str) -> str:
    """The name of a test, or of a package as a whole."""
    return f"{package}: {test}" if test else package


class Stream:
    """Takes the events line by line; `ran` are the packages whose test program has ended."""

    def __init__(self, project: Session) -> None:
        """Announce each test that starts, so that a hang has a name."""
        self.project = project
        self.said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.failed: dict[tuple[str, str], None] = {}
        self.broken: dict[str, None] = {}
        self.ran: dict[str, None] = {}

    def take(self, line: bytes) -> None:
        """Read an event; what is none is what a test printed past everything."""
        try:
            event = json.loads(line)
        except ValueError:
            return
        if not isinstance(event, dict):
            return
        package, test = str(event.get("Package", "")), str(event.get("Test", ""))
        built = str(event.get("ImportPath", "")).partition(" ")[0]
        match event.get("Action"):
            case "output" | "build-output":
                self.hear(package or built, test, str(event.get("Output", "")))
            case "run":
                self.project.emit("started", name=display(package, test))
            case "fail":
                self.failed[package, test] = None
            case "build-fail":
                self.broken[built] = None
        if event.get("FailedBuild"):
            self.broken[package] = None

    def hear(self, package: str, test: str, said: str) -> None:
        """Keep what was said, the beginning of it."""
        lines = self.said[package, test]
        if len(lines) < MOST_LINES:
            lines.append(said)
        if not test and RAN.match(said):
            (self.broken if NOT_BUILT.match(said) else self.ran)[package] = None

    def text(self, package: str, test: str) -> str:
        """All that a test said, or a package outside of its tests."""
        return "".join(self.said[package, test])
