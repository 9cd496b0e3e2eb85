"""What every compiled language's session does: open, watch the sources, report, close.

usage: python -I -S -c "…; from quantumlayer.qtest.payload.X_session import session; run(session)"
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.tampering import changed_files, judging_files

MESSAGE_CHARACTERS = 2_000
DETAIL_CHARACTERS = 12_000
MOST_COMPLAINTS = 50


class Complaint(NamedTuple):
    """What a compiler says about a place."""

    path: str
    line: int | None
    column: int | None
    message: str


class Session:
    """What a language's session gets: where the project is, the plan, and how to report."""

    def __init__(self, workspace: str, emit: Emit, plan: dict[str, Any]) -> None:
        """`plan` is what the host side decided; its meaning is the language's own."""
        self.workspace = workspace
        self.emit = emit
        self.plan = plan
        self.known = judging_files(workspace)

    def case(
        self,
        name: str,
        outcome: str,
        *,
        path: str = "",
        line: int | None = None,
        message: str = "",
        details: str = "",
        duration: float = 0.0,
    ) -> None:
        """One test has ended: passed, failed, error or skipped."""
        self.emit(
            "case",
            name=name,
            outcome=outcome,
            path=self.relative(path),
            line=line,
            message=message.strip()[:MESSAGE_CHARACTERS],
            details=details[-DETAIL_CHARACTERS:],
            duration=round(duration, 6),
        )

    def refuse(self, complaints: Iterable[Complaint], said: str) -> None:
        """The project does not compile: the compiler's words, with their places."""
        found = list(complaints)[:MOST_COMPLAINTS]
        self.emit("build_failed", said=said[-DETAIL_CHARACTERS:])
        for complaint in found:
            self.emit("complaint", **{**complaint._asdict(), "path": self.relative(complaint.path)})

    def relative(self, path: str) -> str:
        """A path as the project knows it."""
        if path.startswith(f"{self.workspace}/"):
            return path.removeprefix(f"{self.workspace}/")
        return path.removeprefix("./")

    def replace(self, files: Mapping[str, str]) -> None:
        """Give files of this copy another text, before anything runs."""
        for path, text in files.items():
            place = Path(self.workspace, path)
            # A link could lead to any other file.
            place.unlink()
            place.write_text(text)
        if files:
            self.known = judging_files(self.workspace)

    def check_sources(self) -> None:
        """Report it when the run changed what it is judged by."""
        changed = changed_files(self.known, self.workspace)
        if changed:
            self.emit("tampered", paths=changed[:20])


def run(session: Callable[[Session], None]) -> None:
    """Run a language's session between its first and its last record."""
    emit, plan = open_channel()
    emit("opened")
    opened = Session(os.getcwd(), emit, plan)  # noqa: PTH109 - a plain word is wanted
    session(opened)
    opened.check_sources()
    emit("closed")


def complaints_in(output: str, pattern: "re.Pattern[str]") -> list[Complaint]:
    """The places that a compiler names in its output, once each."""
    found: dict[Complaint, None] = {}
    for match in pattern.finditer(output):
        parts = match.groupdict()
        found[
            Complaint(
                path=parts["path"],
                line=int(parts["line"]),
                column=int(parts["column"]) if parts.get("column") else None,
                message=parts["message"].strip(),
            )
        ] = None
    return list(found)
