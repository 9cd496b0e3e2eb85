"""Openings: what the application is called, and what is kept, before that is told."""

from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.said import Title


def only_openings_lead(reads: list[Read]) -> None:
    """Leaves for a refusal what names the application anywhere but before all that is kept."""
    leading = True
    for read in reads:
        titled = any(isinstance(part, Title) for part in read.said)
        if titled and (not leading or read.statement.bullet):
            read.said = ()
        leading = leading and names_only([read])


def names_only(reads: list[Read]) -> bool:
    """Whether nothing but the application is named."""
    return all(read.said and isinstance(part, Title | str) for read in reads for part in read.said)


def announced(reads: list[Read]) -> None:
    """Takes for a name what leads and would join things that no other statement declares.

    "An API that stores data of weather stations" is one, where stations are declared.
    """
    for at, read in enumerate(reads):
        if read.missing and read.named and names_only(reads[:at]):
            read.said = read.named
