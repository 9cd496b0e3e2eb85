"""Why a path cannot be checked."""


class Refused(Exception):  # noqa: N818 - a verdict on what was given, not a mistake of ours
    """The archive or folder is not taken; the text says why, for people.

    `limit` names the bound that was exceeded, empty when the content itself is at fault.
    """

    def __init__(self, message: str, *, limit: str = "") -> None:
        super().__init__(message)
        self.limit = limit
