"""One line for each part as it becomes ready."""

from __future__ import annotations

from collections.abc import Callable

from quantumlayer.cli.platform.health import without_password
from quantumlayer.cli.platform.state import PlatformRecord


class PartProgress:
    """Shows a start: feed it every record, it says what is new."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown: dict[str, str] = {}

    def watch(self, record: PlatformRecord) -> None:
        """Say which parts and steps have become ready, or got into trouble, since the last call."""
        if record.state != "starting" and not self._shown:
            return
        for part in record.parts:
            # A part may be seen running a moment before how long it took is known.
            ready = part.state == "running" and part.ready_seconds is not None
            news = f"{part.state}{part.detail or ''}{ready}"
            if self._shown.get(part.name) == news:
                continue
            self._shown[part.name] = news
            if part.state == "running" and part.ready_seconds is not None:
                self._say(
                    f"  {part.name:<10} {part.version or '':<9} {part.ready_seconds:5.2f} s"
                    f"  {without_password(part.url or '')}"
                )
        for step in record.steps_done:
            if self._shown.get(step) is None:
                self._shown[step] = "done"
                self._say(f"  {step:<10} done")
