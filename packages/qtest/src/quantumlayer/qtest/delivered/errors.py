"""What keeps a delivery from being started."""

import re

from quantumlayer.qtest.errors import QtestError


class BuildBroken(QtestError):  # noqa: N818 - it says what the delivery is
    """The image cannot be built as its Dockerfile says; the text names the line."""

    def __init__(self, message: str, *, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class CannotTell(QtestError):  # noqa: N818 - as above
    """This machine cannot find out whether it works; the text says why. Nobody's fault."""

    def __init__(self, message: str, *, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class BeyondLimits(QtestError):  # noqa: N818 - as above
    """A started application used more than it may, and was ended; the text says of what."""


class NothingToAsk(Exception):  # noqa: N818 - of one rung
    """A rung asks nothing of this delivery; says why."""


# bubblewrap's own complaint, or runc's; that there is no such command is the delivery's.
SET_UP = re.compile(
    r"^(?:bwrap: (?!execvp)"
    r"|time=\S+ level=error msg=\"runc run failed: (?!.*(?: exec: |chdir to cwd))).*",
    re.MULTILINE,
)


def check_set_up(said: str) -> None:
    """Raise CannotTell where a container could not be made at all."""
    complaint = SET_UP.match(said)
    if complaint is not None:
        raise CannotTell(f"A container cannot be made within a sandbox here: {complaint[0]}")
