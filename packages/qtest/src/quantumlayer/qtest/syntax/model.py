"""What a checker of a language says."""

from quantumlayer.qtest.model import Diagnostic, Noun


class FileSyntax(Noun):
    """What a language's own checker, the `tier`, says of a file: well formed without problems."""

    path: str
    tier: str
    problems: tuple[Diagnostic, ...] = ()
